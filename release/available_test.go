package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// newLatchedWorld is a world in which a deployment has started the release, and the flag needs the code.
func newLatchedWorld(t *testing.T, scope evaluator.Scope, onRollback release.OnRollback, fleet release.Fleet) *world {
	t.Helper()
	spec := waitsFor()
	spec.OnRollback = onRollback
	w := newWorld(spec)
	w.flag.Config.Availability = &evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: scope}
	w.fleet = fleet
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	return w
}

// latch brings the availability of scope fleet up to date, as the loop does.
func (w *world) latch() {
	w.flag.FleetOpen = release.NextLatch(*w.flag.Config.Availability, release.Latch{Open: w.flag.FleetOpen}, w.deployments, w.fleet).Open
	w.settle()
}

func TestStepWaitsUntilTheFleetIsOpenAndThenGetsItsWholeHold(t *testing.T) {
	t.Parallel()
	w := newLatchedWorld(t, evaluator.ScopeFleet, "", fleetOf("2.3.0", "2.2.0"))
	w.latch()
	w.wait(time.Hour)
	require.Equal(t, 1_000, w.release.State.Weight, "nobody has seen the step yet")
	require.Contains(t, w.release.State.Reason, "waits until the whole fleet of checkout has >=2.3.0")

	w.fleet = fleetOf("2.3.0", "2.3.0")
	w.latch()
	require.Equal(t, 1_000, w.release.State.Weight)
	require.Equal(t, w.now.Add(10*time.Minute), *w.release.State.NextStepAt)
	w.wait(10 * time.Minute)
	require.Equal(t, 25_000, w.release.State.Weight)
}

func TestLostAvailability(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		scope      evaluator.Scope
		onRollback release.OnRollback
		left       release.Fleet
		phase      release.Phase
		reason     string
	}{
		"an old instance": {scope: evaluator.ScopeFleet, left: fleetOf("2.3.0", "2.2.0"), phase: release.PhaseReverted,
			reason: "Reverted: 1 of 2 live instances of checkout have >=2.3.0, so the flag is closed."},
		"an old instance, asked to pause": {scope: evaluator.ScopeFleet, onRollback: release.OnRollbackPause,
			left: fleetOf("2.3.0", "2.2.0"), phase: release.PhasePaused,
			reason: "Paused: 1 of 2 live instances of checkout have >=2.3.0, so the flag is closed."},
		"an old instance, to be ignored": {scope: evaluator.ScopeFleet, onRollback: release.OnRollbackIgnore,
			left: fleetOf("2.3.0", "2.2.0"), phase: release.PhaseProgressing,
			reason: "Step 1 of 3, 1%, waits until the whole fleet of checkout has >=2.3.0: until then the flag is closed."},
		"nobody knows": {scope: evaluator.ScopeFleet, phase: release.PhasePaused,
			reason: "Paused: no instance of checkout is known to be alive, so the flag is closed."},
		"nobody with the code": {scope: evaluator.ScopeInstance, left: fleetOf("2.2.0"), phase: release.PhaseReverted,
			reason: "Reverted: no live instance of checkout has >=2.3.0 any longer."},
		"one with the code": {scope: evaluator.ScopeInstance, left: fleetOf("2.2.0", "2.3.0"), phase: release.PhaseProgressing},
		"nobody reports":    {scope: evaluator.ScopeInstance, left: fleetOf(), phase: release.PhaseProgressing},
		"nobody can tell":   {scope: evaluator.ScopeInstance, phase: release.PhaseProgressing},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newLatchedWorld(t, test.scope, test.onRollback, fleetOf("2.3.0"))
			w.latch()
			require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
			before := w.flag.Config

			w.fleet = test.left
			w.latch()
			require.Equal(t, test.phase, w.release.State.Phase, w.release.State.Reason)
			if test.reason != "" {
				require.Equal(t, test.reason, w.release.State.Reason)
			}
			require.Equal(t, test.phase == release.PhaseReverted, before.Enabled != w.flag.Config.Enabled)
			require.Zero(t, w.settle(), "it comes to rest")
		})
	}
}

func TestReleaseThatLostTheFleetGoesOnWhenItIsResumed(t *testing.T) {
	t.Parallel()
	w := newLatchedWorld(t, evaluator.ScopeFleet, "", fleetOf("2.3.0"))
	w.latch()
	w.fleet = release.Fleet{}
	w.latch()
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	mustDo(w, release.Resume)
	w.wait(time.Hour)
	require.Equal(t, 1_000, w.release.State.Weight, "the flag is still closed")
	w.fleet = fleetOf("2.4.0")
	w.latch()
	w.wait(10 * time.Minute)
	require.Equal(t, 25_000, w.release.State.Weight)
}

// A completed release has nothing to take back step by step. The latch itself closes the flag and opens it again.
func TestCompletedReleaseLeavesItToTheLatch(t *testing.T) {
	t.Parallel()
	w := newLatchedWorld(t, evaluator.ScopeFleet, "", fleetOf("2.3.0"))
	w.latch()
	w.wait(10 * time.Minute)
	w.wait(30 * time.Minute)
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
	w.fleet = fleetOf("2.3.0", "2.2.0")
	w.latch()
	require.False(t, w.flag.FleetOpen)
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
}
