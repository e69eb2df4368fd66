package hooks_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// The recorded event of a tagged deployment starts the release that waits for it. The event of a failure reverts it.
func TestRecordedEventStartsARelease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, hooks.GitHub{Secret: secret, Services: map[string]string{"Hello-World": "checkout"}})
		ref := prepareRelease(b)
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			control.NewLoop(b.store, nil, time.Now, slog.New(slog.DiscardHandler)).Run(ctx)
		}()
		phaseAfter := func(state, version string, id int) release.Phase {
			b.now = time.Now()
			b.take(changed(t, func(status, deployment, _ map[string]any) {
				status["state"] = state
				deployment["id"], deployment["ref"] = id, version
			}))
			time.Sleep(2 * time.Second)
			found, err := b.store.Release(t.Context(), ref)
			require.NoError(t, err)
			return found.State.Phase
		}
		require.Equal(t, release.PhasePending, phaseAfter("success", "v2.2.0", 1))
		require.Equal(t, release.PhasePending, phaseAfter("in_progress", "v2.3.0", 2))
		require.Equal(t, release.PhaseProgressing, phaseAfter("success", "v2.3.0", 2))
		require.Equal(t, release.PhaseProgressing, phaseAfter("inactive", "v2.2.0", 1))
		require.Equal(t, release.PhaseReverted, phaseAfter("failure", "v2.3.1", 3))
		stop()
		<-stopped
	})
}

// prepareRelease makes a flag and a release of it that waits for checkout >=2.3.0.
func prepareRelease(b *bench) store.FlagRef {
	by := store.Attribution{At: time.Now()}
	off := "off"
	_, err := b.store.CreateFlag(b.Context(), store.Flag{
		Project: "default", Key: "new-checkout", Name: "New checkout", Type: evaluator.TypeBoolean, Purpose: store.PurposeRelease,
		Variations: []evaluator.Variation{{Key: "on", Value: json.RawMessage("true")}, {Key: "off", Value: json.RawMessage("false")}},
	}, evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "off"}}, by)
	require.NoError(b, err)
	ref := store.FlagRef{EnvironmentRef: production, Flag: "new-checkout"}
	_, err = control.NewReleases(b.store, control.Judge{}, func() {}).Put(b.Context(), ref, release.Spec{
		Variation: "on",
		Trigger:   release.Trigger{Deployment: &release.DeploymentTrigger{Service: "checkout", Version: ">=2.3.0"}},
		Steps:     []release.Step{{Weight: 1_000, Hold: release.Duration(time.Hour)}, {Weight: 100_000}},
	}, store.AnyVersion, by)
	require.NoError(b, err)
	return ref
}
