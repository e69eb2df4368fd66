package importer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/importer"
)

func day(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }

func readGoff(t *testing.T, now time.Time, members string) *importer.Plan {
	t.Helper()
	file := `{"f": {"variations": {"a": false, "b": true}, ` + members + `}}`
	plan, err := importer.Read([]byte(file), importer.Source{Format: "goff", Now: now})
	require.NoError(t, err)
	return plan
}

// TestProgressiveRolloutStaysWhereItIs: the import must not open a rollout that has not begun. It must not close a
// rollout that is over.
func TestProgressiveRolloutStaysWhereItIs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		now        time.Time
		begin, end string // percentages, as JSON
		serve      string
		weight     int // of b, where there is a split
	}{
		{day(1), "0", "100", "a", 0},
		{day(11), "0", "100", "a", 0},
		{day(13), "0", "100", "", 20_000},
		{day(16), "20", "60", "", 40_000},
		{day(21), "0", "100", "b", 0},
		{day(28), "0", "100", "b", 0},
		{day(28), "0", "60", "", 60_000},
		{day(28), "0", "0", "b", 0},
	} {
		plan := readGoff(t, test.now, fmt.Sprintf(`"defaultRule": {"progressiveRollout": {
			"initial": {"variation": "a", "percentage": %s, "date": "2026-01-11T00:00:00Z"},
			"end": {"variation": "b", "percentage": %s, "date": "2026-01-21T00:00:00Z"}}}`, test.begin, test.end))
		require.Len(t, plan.Flags, 1)
		require.Equal(t, "/f/defaultRule/progressiveRollout", plan.Losses[0].Path)
		served := plan.Flags[0].Config.Fallthrough
		require.Equal(t, test.serve == "", plan.Flags[0].Rebucketed)
		weights := []evaluator.WeightedServing{{Variation: test.serve, Weight: evaluator.TotalWeight}}
		if test.serve == "" {
			weights = []evaluator.WeightedServing{{Variation: "a", Weight: evaluator.TotalWeight - test.weight}, {Variation: "b", Weight: test.weight}}
		}
		require.Equal(t, weights, served.Rollout.Weights, "%+v", test)
	}
}

func TestProgressiveRolloutWithoutItsDates(t *testing.T) {
	t.Parallel()
	plan := readGoff(t, day(1), `"defaultRule": {"progressiveRollout": {"initial": {"variation": "a"}, "end": {"variation": "b"}}}`)
	require.Empty(t, plan.Flags)
	require.Contains(t, plan.Losses[0].Message, "left out")
}

func TestExperimentIsOnWhileItRuns(t *testing.T) {
	t.Parallel()
	for now, on := range map[time.Time]bool{day(1): false, day(11): true, day(15): true, day(21): true, day(22): false} {
		plan := readGoff(t, now, `"defaultRule": {"variation": "b"},
			"experimentation": {"start": "2026-01-11T00:00:00Z", "end": "2026-01-21T00:00:00Z"}`)
		require.Equal(t, on, plan.Flags[0].Config.Enabled, now)
		require.Equal(t, "/f/experimentation", plan.Losses[0].Path)
	}
}

// TestScheduleThatHasBegun leaves the flag out: its steps have changed the flag, so it is no longer as the file first
// says.
func TestScheduleThatHasBegun(t *testing.T) {
	t.Parallel()
	const members = `"defaultRule": {"variation": "a"}, "scheduledRollout": [{"date": "2026-01-11T00:00:00Z", "disable": true}]`
	require.Len(t, readGoff(t, day(10), members).Flags, 1)
	plan := readGoff(t, day(11), members)
	require.Empty(t, plan.Flags)
	require.Equal(t, "/f/scheduledRollout/0", plan.Losses[0].Path)
}
