package release_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/release"
)

// windowed is a release of two steps whose first ends after a second.
func windowed(windows ...release.Window) *world {
	return newWorld(release.Spec{
		Variation: "on", Trigger: release.Trigger{Manual: true}, Windows: windows,
		Steps: []release.Step{{Weight: 1_000, Hold: release.MinHold}, {Weight: 100_000}},
	})
}

func officeHours(zone string) release.Window {
	return release.Window{From: 9 * 60, To: 16 * 60, TimeZone: zone}
}

func TestStepsAreTakenInWindowsOnly(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	day := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, berlin)
	}
	tests := map[string]struct {
		windows []release.Window
		freezes []release.Freeze
		from    time.Time
		want    time.Time
		reason  string
	}{
		"open":                 {windows: []release.Window{officeHours("Europe/Berlin")}, from: day(11, 20, 9, 0), want: day(11, 20, 9, 0)},
		"before it opens":      {windows: []release.Window{officeHours("Europe/Berlin")}, from: day(11, 20, 8, 59), want: day(11, 20, 9, 0), reason: "for the release window to open at Fri 2026-11-20 09:00 Europe/Berlin"},
		"when it closes":       {windows: []release.Window{officeHours("Europe/Berlin")}, from: day(11, 19, 16, 0), want: day(11, 20, 9, 0)},
		"over the weekend":     {windows: []release.Window{officeHours("Europe/Berlin")}, from: day(11, 20, 16, 0), want: day(11, 23, 9, 0)},
		"summer time ended":    {windows: []release.Window{officeHours("Europe/Berlin")}, from: day(10, 23, 17, 0), want: day(10, 26, 9, 0)},
		"summer time began":    {windows: []release.Window{officeHours("Europe/Berlin")}, from: day(3, 27, 17, 0), want: day(3, 30, 9, 0)},
		"another zone":         {windows: []release.Window{officeHours("America/New_York")}, from: day(11, 20, 9, 0), want: day(11, 20, 15, 0)},
		"the first of several": {windows: []release.Window{officeHours("America/New_York"), officeHours("Asia/Tokyo")}, from: day(11, 19, 23, 0), want: day(11, 20, 1, 0)},
		"named days": {windows: []release.Window{{Days: []release.Weekday{release.Weekday(time.Sunday)}, From: 0, To: 24 * 60, TimeZone: "Europe/Berlin"}},
			from: day(11, 20, 9, 0), want: day(11, 22, 0, 0)},
		"opens at a time that the clocks skip": {windows: []release.Window{{Days: []release.Weekday{release.Weekday(time.Sunday)}, From: 2*60 + 30, To: 4 * 60, TimeZone: "Europe/Berlin"}},
			from: day(3, 28, 12, 0), want: day(3, 29, 3, 0)},
		"is skipped by the clocks": {windows: []release.Window{{Days: []release.Weekday{release.Weekday(time.Sunday)}, From: 2*60 + 15, To: 2*60 + 45, TimeZone: "Europe/Berlin"}},
			from: day(3, 28, 12, 0), want: day(4, 5, 2, 15)},
		"frozen": {freezes: []release.Freeze{{From: day(11, 20, 0, 0), To: at(day(11, 30, 0, 0)), Reason: "Black Friday"}},
			from: day(11, 20, 9, 0), want: day(11, 30, 0, 0), reason: "for the freeze (Black Friday) to end at 2026-11-29T23:00:00Z"},
		"not frozen yet": {freezes: []release.Freeze{{From: day(11, 20, 0, 0), Reason: "x"}}, from: day(11, 19, 9, 0), want: day(11, 19, 9, 0)},
		"frozen no more": {freezes: []release.Freeze{{From: day(11, 1, 0, 0), To: at(day(11, 20, 9, 0)), Reason: "x"}}, from: day(11, 20, 9, 0), want: day(11, 20, 9, 0)},
		"freezes in a row": {freezes: []release.Freeze{{From: day(11, 20, 0, 0), To: at(day(11, 21, 0, 0)), Reason: "x"}, {From: day(11, 20, 12, 0), To: at(day(11, 22, 0, 0)), Reason: "y"}},
			from: day(11, 20, 9, 0), want: day(11, 22, 0, 0)},
		"the freeze ends outside of the window": {windows: []release.Window{officeHours("Europe/Berlin")}, freezes: []release.Freeze{{From: day(11, 20, 0, 0), To: at(day(11, 21, 0, 0)), Reason: "x"}},
			from: day(11, 20, 9, 30), want: day(11, 23, 9, 0)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := windowed(test.windows...)
			w.now = test.from.Add(-time.Second)
			mustDo(w, release.Start)
			w.freezes = test.freezes
			w.now = test.from
			w.settle()
			if test.want.Equal(test.from) {
				require.Equal(t, release.PhaseCompleted, w.release.State.Phase, w.release.State.Reason)
				return
			}
			require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
			require.True(t, test.want.Equal(*w.release.State.NextStepAt), "%s, not %s", test.want, w.release.State.NextStepAt)
			require.Contains(t, w.release.State.Reason, "Step 1 of 2, 1%: waiting "+test.reason)
			require.Zero(t, w.settle(), "nothing is written twice")
			w.now = test.want.Add(-1)
			require.Zero(t, w.settle())
			w.now = test.want
			w.settle()
			require.Equal(t, release.PhaseCompleted, w.release.State.Phase, w.release.State.Reason)
		})
	}
}

func at(t time.Time) *time.Time { return &t }

// The next opening is the first minute from then on at which the clocks of the zone show a time in the window.
func TestWindowOpensWhenTheClocksSaySo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"}).Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		from := rapid.IntRange(0, 24*60-1).Draw(t, "from")
		to := rapid.IntRange(from+1, 24*60).Draw(t, "to")
		weekday := time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))
		start := time.Unix(rapid.Int64Range(1_767_225_600, 1_798_761_600).Draw(t, "start")/60*60, 0)

		want := start
		for {
			shown := want.In(zone)
			minutes := shown.Hour()*60 + shown.Minute()
			if shown.Weekday() == weekday && from <= minutes && minutes < to {
				break
			}
			want = want.Add(time.Minute)
		}
		w := windowed(release.Window{Days: []release.Weekday{release.Weekday(weekday)}, From: release.Clock(from), To: release.Clock(to), TimeZone: name})
		w.now = start.Add(-time.Second)
		mustDo(w, release.Start)
		require.True(t, want.Equal(*w.release.State.NextStepAt), "%s, not %s", want, w.release.State.NextStepAt)
	})
}

func TestAFreezeWithoutAnEndHoldsUntilItIsLifted(t *testing.T) {
	t.Parallel()
	w := windowed()
	mustDo(w, release.Start)
	w.freezes = []release.Freeze{{From: w.now, Reason: "audit"}}
	w.wait(time.Hour)
	require.Nil(t, w.release.State.NextStepAt)
	require.Equal(t, "Step 1 of 2, 1%: waiting for the freeze (audit) to be lifted.", w.release.State.Reason)
	require.ErrorContains(t, w.do(release.Promote), "Releases are frozen in this environment (audit)")

	require.NoError(t, w.do(release.Pause))
	require.NoError(t, w.do(release.Resume), "resuming lets nobody in")
	w.freezes = nil
	w.settle()
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
}

func TestAFreezeKeepsNobodyFromReverting(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	w.freezes = []release.Freeze{{From: w.now, Reason: "audit"}}
	w.deploy("2.2.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, release.PhaseReverted, w.release.State.Phase)

	w = windowed()
	w.freezes = []release.Freeze{{From: w.now, Reason: "audit"}}
	require.ErrorIs(t, w.do(release.Start), release.ErrRefused)
	require.NoError(t, w.do(release.Revert))
}

// The time at which the next step is due is known when the step is taken, not only once the hold is over.
func TestNextStepAtKnowsTheWindow(t *testing.T) {
	t.Parallel()
	w := windowed(officeHours("UTC"))
	w.now = time.Date(2026, 11, 20, 15, 59, 59, 500, time.UTC)
	mustDo(w, release.Start)
	require.Equal(t, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), w.release.State.NextStepAt.UTC())
	w.freezes = []release.Freeze{{From: w.now, To: at(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)), Reason: "x"}}
	w.settle()
	require.Equal(t, time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), w.release.State.NextStepAt.UTC())
}

func TestWindowsOnTheWire(t *testing.T) {
	t.Parallel()
	const wire = `{"days":["monday","sunday"],"from":"09:05","to":"24:00","timeZone":"Europe/Berlin"}`
	var w release.Window
	require.NoError(t, json.Unmarshal([]byte(wire), &w))
	encoded, err := json.Marshal(w)
	require.NoError(t, err)
	require.Equal(t, wire, string(encoded))
	for _, bad := range []string{`{"from":"9:00"}`, `{"from":"25:00"}`, `{"from":"24:01"}`, `{"days":["Monday"]}`, `{"days":[1]}`, `{"from":""}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &w), fmt.Sprint(bad))
	}
}
