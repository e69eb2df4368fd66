package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// instance reports one instance of checkout as seen now.
func (b *bench) instance(id, version string, shadow bool) {
	require.NoError(b, b.store.PutInstances(b.Context(), []store.Instance{{
		EnvironmentRef: production, Service: "checkout", InstanceID: id, Version: version,
		StartedAt: time.Now(), SeenAt: time.Now(), Shadow: shadow,
	}}))
}

// waitForFleet has the flag wait for the whole fleet.
func (b *bench) waitForFleet(onOldInstance evaluator.OnOldInstance) {
	config := b.config().Config
	config.Availability = &evaluator.Availability{
		Service: "checkout", Version: ">=2.3.0", Scope: evaluator.ScopeFleet, OnOldInstance: onOldInstance,
	}
	_, err := b.store.UpdateFlagConfig(b.Context(), b.flag, config, store.AnyVersion, b.by(""))
	require.NoError(b, err)
}

const polled = 2 * time.Second

func TestOldInstanceDoesWhatTheFlagAsksFor(t *testing.T) {
	t.Parallel()
	for policy, open := range map[evaluator.OnOldInstance]bool{"": false, evaluator.OnOldInstanceClose: false, evaluator.OnOldInstanceHold: true} {
		t.Run("policy "+string(policy), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				defer b.lead()()
				b.waitForFleet(policy)
				b.instance("a", "2.3.0", false)
				b.deploy("2.3.0", release.StatusSucceeded)
				pass(polled)
				require.True(b, b.config().FleetOpen)
				require.Empty(b, b.config().FleetWarning)

				b.instance("old", "2.2.0", false)
				pass(polled)
				require.Equal(b, open, b.config().FleetOpen)
				require.Contains(b, b.config().FleetWarning, "instances of checkout are alive that lack the code (>=2.3.0): 2.2.0.")
				changes, err := b.store.ListChanges(b.Context(), production, store.ChangeFilter{Limit: 1})
				require.NoError(b, err)
				require.Equal(b, b.config().FleetWarning, changes[0].Reason)

				for range 4 { // the old one expires
					pass(10 * time.Second)
					b.instance("a", "2.3.0", false)
				}
				pass(polled)
				require.True(b, b.config().FleetOpen)
				require.Empty(b, b.config().FleetWarning)
			})
		})
	}
}

// Shadow instances neither open a flag nor close it, whether they or their deployment say that they are shadows.
func TestShadowsAreNoPartOfTheFleet(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.waitForFleet("")
		b.instance("a", "2.3.0", false)
		b.deploy("2.3.0", release.StatusSucceeded)
		b.instance("told", "2.2.0", true)
		_, _, err := b.releases.Deploy(b.Context(), store.Deployment{EnvironmentRef: production, Deployment: release.Deployment{
			Service: "checkout", Version: "2.1.0", Status: release.StatusSucceeded, Strategy: release.StrategyShadow,
		}}, b.by(""))
		require.NoError(b, err)
		b.instance("deployed", "2.1.0", false)
		pass(polled)
		require.True(b, b.config().FleetOpen)
		require.Empty(b, b.config().FleetWarning)
	})
}

// If an old instance closes the flag of a release, the release goes back at once.
func TestReleaseGoesBackWhenTheFleetIsLost(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.waitForFleet("")
		before := b.config().Config
		b.instance("a", "2.3.0", false)
		b.put(release.Step{Weight: 1_000, Hold: release.Duration(time.Hour)}, release.Step{Weight: 100_000})
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(polled)
		require.Equal(b, release.PhaseProgressing, b.state().Phase)
		b.instance("old", "2.2.0", false)
		pass(polled)
		require.Equal(b, release.PhaseReverted, b.state().Phase)
		require.Equal(b, "Reverted: 1 of 2 live instances of checkout have >=2.3.0, so the flag is closed.", b.state().Reason)
		require.Equal(b, before, b.config().Config)
	})
}
