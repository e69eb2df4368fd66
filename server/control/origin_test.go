package control_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// TestNewerVersionsTakeNothingAwayHoweverManyThereAre makes more deployments than the loop looks back at.
func TestNewerVersionsTakeNothingAwayHoweverManyThereAre(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		_, err := b.releases.Put(b.Context(), b.flag, release.Spec{
			Variation: "on",
			Trigger:   release.Trigger{Deployment: &release.DeploymentTrigger{Service: "checkout", Version: "2.3.x"}},
			Steps:     []release.Step{{Weight: 100_000}},
		}, store.AnyVersion, b.by(""))
		require.NoError(b, err)
		b.deploy("2.3.0", release.StatusSucceeded)
		for minor := range 101 {
			pass(time.Second)
			b.deploy(fmt.Sprintf("3.%d.0", minor), release.StatusSucceeded)
		}
		pass(time.Minute)
		require.Equal(b, release.PhaseCompleted, b.state().Phase, b.state().Reason)

		b.deploy("2.2.9", release.StatusSucceeded)
		pass(soon)
		require.Equal(b, release.PhaseReverted, b.state().Phase)
	})
}

// TestClockThatIsAheadHidesNoRollback reports a deployment with a time far in the future.
func TestClockThatIsAheadHidesNoRollback(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.put(seconds()...)
		ahead := time.Now().Add(24 * time.Hour)
		stored, _, err := b.releases.Deploy(b.Context(), store.Deployment{EnvironmentRef: production, Deployment: release.Deployment{
			Service: "checkout", Version: "2.3.0", Status: release.StatusSucceeded, StartedAt: ahead, UpdatedAt: ahead, FinishedAt: &ahead,
		}}, b.by(""))
		require.NoError(b, err)
		for _, at := range []time.Time{stored.StartedAt, stored.UpdatedAt, *stored.FinishedAt} {
			require.False(b, at.After(time.Now()), at)
		}
		pass(soon)
		require.Equal(b, release.PhaseProgressing, b.state().Phase)
		b.deploy("2.2.9", release.StatusSucceeded)
		pass(soon)
		require.Equal(b, release.PhaseReverted, b.state().Phase)
	})
}
