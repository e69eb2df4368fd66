package release_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
)

// errorsGuard is the guard of the issue: errors per attempt.
func errorsGuard() release.Guard {
	return release.Guard{
		Name: "errors", Kind: release.GuardRate, Metric: "checkout.error", Per: "checkout.attempt", Better: release.BetterLower,
		MinSample: 100, OnBreach: release.OnBreachRevert,
	}
}

func guarded(guards ...release.Guard) *world {
	spec := waitsFor()
	spec.Trigger = release.Trigger{Manual: true}
	spec.Guards = guards
	w := newWorld(spec)
	w.ledger = release.NewLedger(spec)
	return w
}

func tally(metric string, arm release.Arm, n int64) release.Tally {
	return release.Tally{Metric: metric, Arm: arm, Count: n}
}

// measure takes in one span of time in the current step, with the given numbers of attempts and errors of each arm.
func (w *world) measure(exposed, exposedErrors, unexposed, unexposedErrors int64) {
	w.now = w.now.Add(time.Second)
	w.ledger.Add(release.Measurement{Observer: "a", From: w.now, Step: w.release.State.Step, Findings: release.Findings{Tallies: []release.Tally{
		tally("checkout.attempt", release.ArmExposed, exposed), tally("checkout.error", release.ArmExposed, exposedErrors),
		tally("checkout.attempt", release.ArmUnexposed, unexposed), tally("checkout.error", release.ArmUnexposed, unexposedErrors),
	}}})
	w.settle()
}

func TestAReleaseRevertsByItselfWhenTheExposedHaveMoreErrors(t *testing.T) {
	t.Parallel()
	w := guarded(errorsGuard())
	require.NoError(t, w.do(release.Start))
	before := w.flag.Config
	for range 60 {
		w.measure(20, 1, 400, 4)
	}
	require.Equal(t, release.PhaseReverted, w.release.State.Phase)
	require.Regexp(t, `^Reverted by guard errors: 5 % of \d+ exposed against 1 % of [\d ]+ others: worse with 95 % confidence\.$`, w.release.State.Reason)
	require.NotEqual(t, before.Fallthrough, w.flag.Config.Fallthrough)
	require.Equal(t, newFlag().Config, w.flag.Config)
}

func TestAReleaseCompletesWhenTheExposedAreLikeTheRest(t *testing.T) {
	t.Parallel()
	w := guarded(errorsGuard())
	require.NoError(t, w.do(release.Start))
	w.wait(10 * time.Minute)
	require.Equal(t, 0, w.release.State.Step, "the hold is over, but nothing was measured")
	require.Contains(t, w.release.State.Reason, "waiting for guard errors")
	for range 5 {
		w.measure(20, 0, 400, 4)
	}
	require.Equal(t, 1, w.release.State.Step)
	w.wait(30 * time.Minute)
	require.Equal(t, 1, w.release.State.Step, "every step has to be measured")
	for range 10 {
		w.measure(100, 1, 300, 3)
	}
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
}

func TestTheSampleOfAGuardHoldsTheStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		missing release.MissingData
		phase   release.Phase
		reason  string
	}{
		{"", release.PhaseProgressing, "waiting for guard errors."},
		{release.MissingHold, release.PhaseProgressing, "waiting for guard errors."},
		{release.MissingPause, release.PhasePaused, "waiting for guard errors (40 of 100 exposed in this step). Promote it to go on without."},
		{release.MissingIgnore, release.PhaseProgressing, "the hold is over."},
	} {
		t.Run(string(c.missing), func(t *testing.T) {
			t.Parallel()
			guard := errorsGuard()
			guard.MissingData = c.missing
			w := guarded(guard)
			require.NoError(t, w.do(release.Start))
			w.measure(40, 0, 400, 4)
			w.wait(10 * time.Minute)
			require.Equal(t, c.phase, w.release.State.Phase)
			require.True(t, strings.HasSuffix(w.release.State.Reason, c.reason), w.release.State.Reason)
			if c.phase == release.PhasePaused {
				require.NoError(t, w.do(release.Promote))
			}
		})
	}
}

func TestAPersonWhoGoesOnInSpiteOfAGuardStartsTheMeasurementsAnew(t *testing.T) {
	t.Parallel()
	guard := errorsGuard()
	guard.OnBreach = release.OnBreachPause
	w := guarded(guard)
	require.NoError(t, w.do(release.Start))
	for range 60 {
		w.measure(20, 1, 400, 4)
	}
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	require.Contains(t, w.release.State.Reason, "Paused by guard errors")
	require.Equal(t, 1_000, w.release.State.Weight, "what is served stays")
	require.NoError(t, w.do(release.Resume))
	require.Equal(t, w.now, *w.release.State.MeasuredSince)
	w.ledger = release.NewLedger(w.release.Spec) // as whoever keeps the ledger does
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	for range 60 {
		w.measure(20, 1, 400, 4)
	}
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
}

func TestAGuardRevertsAReleaseThatAPersonHasPaused(t *testing.T) {
	t.Parallel()
	w := guarded(errorsGuard())
	require.NoError(t, w.do(release.Start))
	require.NoError(t, w.do(release.Pause))
	for range 60 {
		w.measure(20, 1, 400, 4)
	}
	require.Equal(t, release.PhaseReverted, w.release.State.Phase)
}

func TestWhereNobodyIsLeftToCompareWithDataAreMissing(t *testing.T) {
	t.Parallel()
	w := guarded(errorsGuard())
	require.NoError(t, w.do(release.Start))
	w.measure(200, 2, 0, 0)
	reading := w.seen().Readings[0]
	require.Equal(t, release.VerdictMissing, reading.Verdict)
	require.Equal(t, "nobody is left in this step to compare the exposed with", reading.Text)
	w.wait(10 * time.Minute)
	require.Equal(t, 0, w.release.State.Step)
}

func TestAReadingHasTheFigures(t *testing.T) {
	t.Parallel()
	w := guarded(errorsGuard())
	require.NoError(t, w.do(release.Start))
	for range 10 {
		w.measure(20, 0, 400, 4)
	}
	reading := w.seen().Readings[0]
	require.Equal(t, release.VerdictGood, reading.Verdict)
	require.Equal(t, "0 % of 200 exposed against 1 % of 4 000 others", reading.Text)
	require.EqualValues(t, 200, reading.Sample)
	require.InDelta(t, 0.01, *reading.Unexposed.Value, 1e-9)
	require.InDelta(t, -1, reading.Difference.Estimate, 1e-9)
	require.Nil(t, reading.Difference.Lower)
	require.NotNil(t, reading.Difference.Upper)
	require.Len(t, reading.Slices, 2)
	require.Len(t, w.ledger.Series()["errors"], 10)
	require.EqualValues(t, 200, *w.seen().Exposures)
	require.Nil(t, w.ledger.Standing(1).Exposures)
}

func TestAWrongSampleRatioPauses(t *testing.T) {
	t.Parallel()
	w := guarded(errorsGuard())
	require.NoError(t, w.do(release.Start))
	assigned := func(observer string, exposed, unexposed int64) {
		w.ledger.Add(release.Measurement{Observer: observer, From: w.now, Findings: release.Findings{
			Assigned: []release.Assignment{{Share: 1_000, Exposed: exposed, Unexposed: unexposed}},
		}})
		w.settle()
	}
	assigned("a", 100, 9_900)
	assigned("b", 105, 9_700)
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	readings := w.seen().Readings
	require.Equal(t, release.SampleRatio, readings[1].Guard)
	require.Equal(t, release.VerdictGood, readings[1].Verdict)
	assigned("b", 0, 9_000)
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	require.Contains(t, w.release.State.Reason, "Paused by guard sampleRatio: 0.558 % of 18 805 contexts were exposed, where 1 % should have been")
}

func TestChecksElsewhereBreachAfterSoManyInARow(t *testing.T) {
	t.Parallel()
	threshold := 0.01
	w := guarded(release.Guard{Name: "latency", Kind: release.GuardPrometheus, Query: "up", Threshold: &threshold, Failures: 2})
	require.NoError(t, w.do(release.Start))
	check := func(c release.Check) {
		c.Guard = "latency"
		w.now = w.now.Add(time.Second)
		w.ledger.Add(release.Measurement{Observer: "a", From: w.now, Step: w.release.State.Step, Findings: release.Findings{Checks: []release.Check{c}}})
		w.settle()
	}
	value := 0.02
	bad, good, missing := release.Check{Value: &value, Text: "0.02 is above 0.01"}, release.Check{Value: &value, Good: true, Text: "fine"}, release.Check{Missing: true, Text: "Prometheus does not answer"}
	check(bad)
	require.Equal(t, release.VerdictWaiting, w.seen().Readings[0].Verdict)
	check(good)
	require.Equal(t, release.VerdictGood, w.seen().Readings[0].Verdict)
	check(missing)
	require.Equal(t, release.VerdictMissing, w.seen().Readings[0].Verdict)
	w.wait(10 * time.Minute)
	require.Equal(t, 0, w.release.State.Step)
	check(good)
	require.Equal(t, 1, w.release.State.Step)
	require.Equal(t, release.VerdictWaiting, w.seen().Readings[0].Verdict, "every step is checked")
	check(bad)
	check(missing)
	check(bad)
	require.Equal(t, release.PhaseReverted, w.release.State.Phase)
	require.Equal(t, "Reverted by guard latency: 0.02 is above 0.01; 2 of 2 bad checks in a row.", w.release.State.Reason)
}

func TestASegmentIsNotCompared(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Trigger = release.Trigger{Manual: true}
	spec.Steps = append([]release.Step{{Segment: "staff", Hold: release.Duration(time.Minute)}}, spec.Steps...)
	spec.Guards = []release.Guard{errorsGuard()}
	w := newWorld(spec)
	require.NoError(t, w.do(release.Start))
	w.wait(time.Minute)
	require.Equal(t, 1, w.release.State.Step)
}
