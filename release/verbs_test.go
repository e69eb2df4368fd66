package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
)

func TestVerbsByPhase(t *testing.T) {
	t.Parallel()
	// bring takes a fresh world to a phase.
	bring := map[string]func(w *world){
		"pending":                 func(*world) {},
		"paused before its start": func(w *world) { mustDo(w, release.Pause) },
		"progressing":             func(w *world) { mustDo(w, release.Start) },
		"paused":                  func(w *world) { mustDo(w, release.Start); mustDo(w, release.Pause) },
		"completed":               func(w *world) { mustDo(w, release.Start); mustDo(w, release.Promote); mustDo(w, release.Promote) },
		"reverted":                func(w *world) { mustDo(w, release.Revert) },
	}
	const refused = release.Phase("")
	tests := map[string]map[string]release.Phase{
		"start": {"pending": release.PhaseProgressing, "paused before its start": refused, "progressing": refused,
			"paused": refused, "completed": refused, "reverted": refused},
		"promote": {"pending": refused, "paused before its start": refused, "progressing": release.PhaseProgressing,
			"paused": release.PhaseProgressing, "completed": refused, "reverted": refused},
		"pause": {"pending": release.PhasePaused, "paused before its start": refused, "progressing": release.PhasePaused,
			"paused": refused, "completed": refused, "reverted": refused},
		"resume": {"pending": refused, "paused before its start": release.PhasePending, "progressing": refused,
			"paused": release.PhaseProgressing, "completed": refused, "reverted": refused},
		"revert": {"pending": release.PhaseReverted, "paused before its start": release.PhaseReverted,
			"progressing": release.PhaseReverted, "paused": release.PhaseReverted, "completed": release.PhaseReverted, "reverted": refused},
	}
	verbs := map[string]verb{"start": release.Start, "promote": release.Promote, "pause": release.Pause,
		"resume": release.Resume, "revert": release.Revert}
	for name, phases := range tests {
		for from, to := range phases {
			t.Run(name+" "+from, func(t *testing.T) {
				t.Parallel()
				w := newWorld(waitsFor())
				untouched := w.flag.Config
				bring[from](w)
				before := *w
				err := w.do(verbs[name])
				if to == refused {
					require.ErrorIs(t, err, release.ErrRefused)
					require.Equal(t, before, *w)
					return
				}
				require.NoError(t, err)
				require.Equal(t, to, w.release.State.Phase)
				require.Contains(t, w.release.State.Reason, "by hand")
				if to == release.PhaseReverted {
					require.Equal(t, untouched, w.flag.Config)
				}
			})
		}
	}
}

func mustDo(w *world, v verb) {
	if err := w.do(v); err != nil {
		panic(err)
	}
}

func TestPauseKeepsTheRestOfTheHold(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.wait(4 * time.Minute)
	require.NoError(t, w.do(release.Pause))
	version := w.version
	w.wait(time.Hour)
	require.Equal(t, 1_000, w.release.State.Weight)

	require.NoError(t, w.do(release.Resume))
	require.Equal(t, version, w.version, "nothing is written where nothing was edited")
	w.wait(6*time.Minute - 1)
	require.Equal(t, 0, w.release.State.Step)
	w.wait(1)
	require.Equal(t, 1, w.release.State.Step)
}

func TestPromoteFromPauseTakesTheNextStepWithItsWholeHold(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	mustDo(w, release.Start)
	mustDo(w, release.Pause)
	mustDo(w, release.Promote)
	require.Equal(t, 1, w.release.State.Step)
	require.Equal(t, w.now.Add(30*time.Minute), *w.release.State.NextStepAt)
	require.Zero(t, w.release.State.Remaining)
}

// A person who goes on at the moment when the code is lost cannot have seen the loss.
func TestNobodyGoesOnInSpiteOfALossThatIsNotShownYet(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.deploy("2.2.0", release.StatusSucceeded)
	require.ErrorContains(t, w.do(release.Promote), "checkout went back to 2.2.0")
	mustDo(w, release.Pause)
	require.ErrorContains(t, w.do(release.Resume), "checkout went back to 2.2.0")
	w.settle()
	require.Equal(t, release.PhaseReverted, w.release.State.Phase)
}

func TestStartByHandOfAReleaseThatWaitsForADeployment(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.2.0", release.StatusSucceeded)
	w.now = w.now.Add(time.Second)
	mustDo(w, release.Start)
	require.Empty(t, w.release.State.Deployment)
	require.Zero(t, w.settle(), "what was before the start does not count")
	w.deploy("2.1.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, release.PhaseReverted, w.release.State.Phase)

	w = newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	mustDo(w, release.Start)
	require.Equal(t, "d001", w.release.State.Deployment)
}

func TestReasonSaysWhatIsAwaited(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.FixedZone("", 3600))
	for want, trigger := range map[string]release.Trigger{
		"for checkout >=2.3.0 to be deployed.": {Deployment: &release.DeploymentTrigger{Service: "checkout", Version: ">=2.3.0"}},
		"for 2026-12-01T09:00:00Z.":            {At: &at},
		"to be started by hand.":               {Manual: true},
	} {
		spec := waitsFor()
		spec.Trigger = trigger
		w := newWorld(spec)
		require.Equal(t, "Waiting "+want, w.release.State.Reason)
		mustDo(w, release.Pause)
		mustDo(w, release.Resume)
		require.Equal(t, "Resumed by hand; waiting "+want, w.release.State.Reason)
	}
}

// A release that is not under way may be replaced, and its flag may be archived. An open release needs its
// variations.
func TestOpenAndUnderWay(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	is := func(open, underWay bool) {
		t.Helper()
		require.Equal(t, open, release.Open(w.release))
		require.Equal(t, underWay, release.UnderWay(w.release))
	}
	is(true, false)
	mustDo(w, release.Pause)
	is(true, false)
	mustDo(w, release.Resume)
	mustDo(w, release.Start)
	is(true, true)
	mustDo(w, release.Pause)
	is(true, true)
	mustDo(w, release.Promote)
	mustDo(w, release.Promote)
	is(false, false)
	mustDo(w, release.Revert)
	is(false, false)
}

func TestReasonCarriesTheComment(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	decision, err := release.Start(w.release, w.seen(), w.now, "the shop is quiet")
	require.NoError(t, err)
	require.Equal(t, "Step 1 of 3, 1%: started by hand (the shop is quiet).", decision.State.Reason)
}
