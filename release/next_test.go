package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

func TestReleaseWalksItsSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	require.Zero(t, w.settle())

	w.deploy("2.3.0", release.StatusStarted)
	require.Zero(t, w.settle())
	require.Equal(t, release.PhasePending, w.release.State.Phase)

	w.turn(release.StatusSucceeded)
	w.settle()
	started := w.now
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	require.Equal(t, 0, w.release.State.Step)
	require.Equal(t, 1_000, w.release.State.Weight)
	require.Equal(t, "d001", w.release.State.Deployment)
	require.Equal(t, started, *w.release.State.StartedAt)
	require.Equal(t, started.Add(10*time.Minute), *w.release.State.NextStepAt)
	require.Equal(t, "Step 1 of 3, 1%: checkout 2.3.0 was deployed.", w.release.State.Reason)
	require.True(t, w.flag.Config.Enabled)
	require.Equal(t, evaluator.Serve{Rollout: &evaluator.Rollout{Weights: []evaluator.WeightedServing{
		{Variation: "on", Weight: 1_000}, {Variation: "off", Weight: 99_000},
	}}}, w.flag.Config.Fallthrough)

	w.wait(10*time.Minute - 1)
	require.Equal(t, 0, w.release.State.Step)
	w.wait(1)
	require.Equal(t, 1, w.release.State.Step)
	require.Equal(t, 25_000, w.release.State.Weight)

	w.wait(30 * time.Minute)
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
	require.Equal(t, 100_000, w.release.State.Weight)
	require.Nil(t, w.release.State.NextStepAt)
	require.Equal(t, w.now, *w.release.State.FinishedAt)
	require.Equal(t, evaluator.Serve{Variation: "on"}, w.flag.Config.Fallthrough)

	w.wait(1000 * time.Hour)
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	at := noon.Add(time.Hour)
	tests := map[string]struct {
		trigger release.Trigger
		happens func(w *world)
		starts  bool
	}{
		"in the range": {happens: func(w *world) { w.deploy("2.3.1", release.StatusSucceeded) }, starts: true},
		"with a v":     {happens: func(w *world) { w.deploy("v2.3.1", release.StatusSucceeded) }, starts: true},
		"below":        {happens: func(w *world) { w.deploy("2.2.9", release.StatusSucceeded) }},
		"no semver":    {happens: func(w *world) { w.deploy("c0ffee", release.StatusSucceeded) }},
		"failed":       {happens: func(w *world) { w.deploy("2.3.0", release.StatusFailed) }},
		"of another service": {happens: func(w *world) {
			w.deploy("2.3.0", release.StatusSucceeded)
			w.deployments[0].Service = "storefront"
		}},
		"gone again": {happens: func(w *world) {
			w.deploy("2.3.0", release.StatusSucceeded)
			w.deploy("2.2.0", release.StatusSucceeded)
		}},
		"rolled back": {happens: func(w *world) {
			w.deploy("2.3.0", release.StatusSucceeded)
			w.turn(release.StatusRolledBack)
		}},
		"tried again": {happens: func(w *world) {
			w.deploy("2.3.0", release.StatusFailed)
			w.deploy("2.3.0", release.StatusSucceeded)
		}, starts: true},
		"the old version is reported late": {happens: func(w *world) {
			w.deploy("2.2.0", release.StatusStarted)
			w.deploy("2.3.0", release.StatusSucceeded)
			old := w.deployments[1]
			old.Status, old.FinishedAt = release.StatusSucceeded, &old.StartedAt
			w.deployments[1], _ = release.Merge(w.deployments[1], old)
		}, starts: true},
		"by hand":         {trigger: release.Trigger{Manual: true}, happens: func(w *world) { w.wait(time.Hour) }},
		"before its time": {trigger: release.Trigger{At: &at}, happens: func(w *world) { w.now = at.Add(-1) }},
		"at its time":     {trigger: release.Trigger{At: &at}, happens: func(w *world) { w.now = at }, starts: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := waitsFor()
			if test.trigger != (release.Trigger{}) {
				spec.Trigger = test.trigger
			}
			w := newWorld(spec)
			test.happens(w)
			w.settle()
			require.Equal(t, test.starts, w.release.State.Phase == release.PhaseProgressing, w.release.State.Reason)
		})
	}
}

func TestLossOfTheCode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		completed bool
		happens   func(w *world)
		lost      string
	}{
		"the same deployment again": {happens: func(w *world) { w.turn(release.StatusSucceeded) }},
		"a newer version":           {happens: func(w *world) { w.deploy("2.4.0", release.StatusSucceeded) }},
		"another in the range":      {happens: func(w *world) { w.deploy("2.3.0", release.StatusSucceeded) }},
		"an older version begins":   {happens: func(w *world) { w.deploy("2.2.0", release.StatusStarted) }},
		"an older version": {happens: func(w *world) { w.deploy("2.2.0", release.StatusSucceeded) },
			lost: "checkout went back to 2.2.0"},
		"the deployment fails after all": {happens: func(w *world) { w.turn(release.StatusFailed) },
			lost: "the deployment of checkout 2.3.1 failed"},
		"the deployment is rolled back": {happens: func(w *world) { w.turn(release.StatusRolledBack) },
			lost: "checkout 2.3.1 was rolled back"},
		"a later deployment fails": {happens: func(w *world) { w.deploy("2.4.0", release.StatusFailed) },
			lost: "the deployment of checkout 2.4.0 failed"},
		"the way back fails": {happens: func(w *world) { w.deploy("2.2.0", release.StatusFailed) },
			lost: "the deployment of checkout 2.2.0 failed"},
		"a failure is made good": {happens: func(w *world) {
			w.deploy("2.4.0", release.StatusFailed)
			w.deploy("2.4.1", release.StatusSucceeded)
		}},
		"a new revision without semver": {happens: func(w *world) { w.deploy("c0ffee", release.StatusSucceeded) }},
		"the revision that ran before": {happens: func(w *world) { w.deploy("0ldsha", release.StatusSucceeded) },
			lost: "checkout went back to 0ldsha"},
		"completed, a later deployment fails": {completed: true,
			happens: func(w *world) { w.deploy("2.9.0", release.StatusFailed) }},
		"completed, a later deployment is rolled back": {completed: true, happens: func(w *world) {
			w.deploy("2.9.0", release.StatusSucceeded)
			w.turn(release.StatusRolledBack)
		}},
		"completed, an older version": {completed: true,
			happens: func(w *world) { w.deploy("2.2.0", release.StatusSucceeded) }, lost: "checkout went back to 2.2.0"},
		"completed, rolled back": {completed: true,
			happens: func(w *world) { w.turn(release.StatusRolledBack) }, lost: "checkout 2.3.1 was rolled back"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(waitsFor())
			before := w.flag.Config
			w.deploy("0ldsha", release.StatusSucceeded)
			w.deploy("2.3.1", release.StatusSucceeded)
			w.settle()
			if test.completed {
				w.wait(time.Hour)
				w.wait(time.Hour)
				require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
			}
			test.happens(w)
			w.settle()
			if test.lost == "" {
				require.NotEqual(t, release.PhaseReverted, w.release.State.Phase, w.release.State.Reason)
				return
			}
			require.Equal(t, release.PhaseReverted, w.release.State.Phase)
			require.Equal(t, "Reverted: "+test.lost+".", w.release.State.Reason)
			require.Equal(t, before, w.flag.Config)
			require.Zero(t, w.release.State.Weight)
		})
	}
}

func TestOnRollback(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.release.Spec.OnRollback = release.OnRollbackIgnore
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.deploy("2.2.0", release.StatusSucceeded)
	w.wait(10 * time.Minute)
	require.Equal(t, 1, w.release.State.Step, "ignored")

	w = newWorld(waitsFor())
	w.release.Spec.OnRollback = release.OnRollbackPause
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.deploy("2.2.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	require.Equal(t, "Paused: checkout went back to 2.2.0.", w.release.State.Reason)
	require.Equal(t, 1_000, w.release.State.Weight, "what is served stays")

	require.NoError(t, w.do(release.Resume), "somebody goes on in spite of it")
	require.Zero(t, w.settle())
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	w.deploy("2.1.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, release.PhasePaused, w.release.State.Phase, "what happens later counts again")
}

func TestEditPausesAndResumeTakesOver(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	before := w.flag.Config
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.wait(4 * time.Minute)
	kill := func(c *evaluator.FlagConfig) {
		c.Enabled = false
		c.Targets = []evaluator.Target{{Variation: "other", Values: []string{"ann"}}}
	}
	w.edit(kill)
	edited := w.flag.Config
	w.settle()
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	require.Contains(t, w.release.State.Reason, "the flag was edited")
	require.Equal(t, release.Duration(6*time.Minute), w.release.State.Remaining)
	require.Equal(t, edited, w.flag.Config, "nothing is overwritten")

	require.ErrorIs(t, w.do(release.Promote), release.ErrRefused)
	w.deploy("2.2.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	require.Equal(t, "Paused: checkout went back to 2.2.0; not reverted, since the flag was edited.", w.release.State.Reason)
	require.Equal(t, edited, w.flag.Config)

	w.now = w.now.Add(time.Hour)
	require.NoError(t, w.do(release.Resume))
	require.True(t, w.flag.Config.Enabled)
	require.Equal(t, edited.Targets, w.flag.Config.Targets)
	require.Equal(t, w.now.Add(6*time.Minute), *w.release.State.NextStepAt)
	require.Zero(t, w.settle())

	require.NoError(t, w.do(release.Revert))
	require.Equal(t, before.Enabled, w.flag.Config.Enabled)
	require.Equal(t, before.Fallthrough, w.flag.Config.Fallthrough)
	require.Equal(t, edited.Targets, w.flag.Config.Targets)
}

// An edit elsewhere in the flag does not keep a release from being taken back, since reverting does not overwrite it.
func TestLossRevertsAFlagThatWasEditedElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.edit(func(c *evaluator.FlagConfig) {
		c.Targets = []evaluator.Target{{Variation: "on", Values: []string{"ann"}}}
	})
	w.settle()
	w.deploy("2.2.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, release.PhaseReverted, w.release.State.Phase)
	require.False(t, w.flag.Config.Enabled)
	require.Len(t, w.flag.Config.Targets, 1)
}

func TestReleaseOfAFlagThatServesTheCodeDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.flag.Config.OffVariation = nil
	w.deploy("2.3.0", release.StatusSucceeded)
	require.Equal(t, 1, w.settle(), "says why, once")
	require.Equal(t, release.PhasePending, w.release.State.Phase)
	require.Contains(t, w.release.State.Reason, "set offVariation")
	require.ErrorContains(t, w.do(release.Start), "set offVariation")

	off := "off"
	w.edit(func(c *evaluator.FlagConfig) { c.OffVariation = &off })
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)

	w.edit(func(c *evaluator.FlagConfig) { c.OffVariation = nil })
	w.settle()
	require.ErrorContains(t, w.do(release.Resume), "set offVariation")
}

func TestVariationThatIsGonePauses(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.flag.Variations = w.flag.Variations[1:]
	w.wait(10 * time.Minute)
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	require.Contains(t, w.release.State.Reason, `no longer has the variation "on"`)
}

// Reverting to a variation that is gone would break the flag. So a person has to decide.
func TestVariationServedBeforeIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.flag.Config.Enabled, w.flag.Config.Fallthrough = true, evaluator.Serve{Variation: "other"}
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.wait(10 * time.Minute)
	w.wait(30 * time.Minute)
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
	served := w.flag.Config

	w.flag.Variations = w.flag.Variations[:2]
	w.deploy("2.2.0", release.StatusSucceeded)
	require.Equal(t, 1, w.settle())
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
	require.Equal(t, `Completed, but checkout went back to 2.2.0; not reverted, since the flag no longer has the variation "other" that it served before.`, w.release.State.Reason)
	require.ErrorContains(t, w.do(release.Revert), "edit its configuration instead")
	require.Equal(t, served, w.flag.Config)
}

func TestCompletedReleaseOfAnEditedFlagIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.wait(10 * time.Minute)
	w.wait(30 * time.Minute)
	w.edit(func(c *evaluator.FlagConfig) { c.Fallthrough.Variation = "other" })
	edited := w.flag.Config
	w.deploy("2.2.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
	require.Equal(t, edited, w.flag.Config)
}

func TestClockThatGoesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.wait(10 * time.Minute)
	require.Equal(t, 1, w.release.State.Step)
	w.wait(-2 * time.Hour)
	require.Equal(t, 1, w.release.State.Step)
	require.NoError(t, w.do(release.Pause))
	require.Equal(t, release.Duration(30*time.Minute), w.release.State.Remaining, "never more than the hold")
	require.NoError(t, w.do(release.Resume))
	w.wait(30 * time.Minute)
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
}

// A leader that comes back after a day takes one step, and that step gets its whole hold.
func TestLongAbsenceSkipsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.now = w.now.Add(24 * time.Hour)
	require.Equal(t, 1, w.settle())
	require.Equal(t, 1, w.release.State.Step)
	require.Equal(t, w.now.Add(30*time.Minute), *w.release.State.NextStepAt)
}
