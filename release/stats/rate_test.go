package stats

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// fill gives a rate batches of the same counts.
func fill(r *Rate, batches int, exposed, unexposed Counts) *Rate {
	for range batches {
		r.Add(exposed, unexposed)
	}
	return r
}

func TestARateThatIsNoWorseGathersNoEvidence(t *testing.T) {
	t.Parallel()
	r := fill(NewRate(0, false), 200, Counts{100, 1}, Counts{1_900, 19})
	require.Less(t, r.Evidence(), 0.0)
	better := fill(NewRate(0, false), 200, Counts{100, 0}, Counts{1_900, 19})
	require.Less(t, better.Evidence(), 0.0)
}

func TestARateThatIsWorseThanToleratedGathersEvidence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tolerance          float64
		higherIsBetter     bool
		exposed, unexposed Counts
		worse              bool
	}{
		"twice as many errors":                     {0, false, Counts{100, 2}, Counts{1_900, 19}, true},
		"twice as many errors, half tolerated":     {0.5, false, Counts{100, 2}, Counts{1_900, 19}, true},
		"twice as many errors, which is tolerated": {1, false, Counts{100, 2}, Counts{1_900, 19}, false},
		"half of the conversions":                  {0, true, Counts{100, 10}, Counts{1_900, 380}, true},
		"half of the conversions, all tolerated":   {0.5, true, Counts{100, 10}, Counts{1_900, 380}, false},
		"more conversions":                         {0, true, Counts{100, 40}, Counts{1_900, 380}, false},
		"99 in place of 99.9 % successes":          {0, true, Counts{100, 99}, Counts{2_000, 1_998}, true},
		"errors where there were none":             {0, false, Counts{100, 1}, Counts{1_900, 0}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := fill(NewRate(c.tolerance, c.higherIsBetter), 100, c.exposed, c.unexposed)
			require.Equal(t, c.worse, r.Evidence() >= Threshold(0.05), "evidence %v", r.Evidence())
		})
	}
}

func TestTheIntervalOfARateHoldsItsDifferenceAndNarrows(t *testing.T) {
	t.Parallel()
	r := NewRate(0, false).WithInterval()
	require.False(t, r.Interval(0.05).Known())
	width := math.Inf(1)
	for range 4 {
		fill(r, 100, Counts{100, 2}, Counts{1_900, 19})
		i := r.Interval(0.05)
		require.InDelta(t, 1, i.Estimate, 1e-9)
		require.Less(t, i.Lower, 1.0)
		require.Greater(t, i.Upper, 1.0)
		require.Less(t, i.Upper-i.Lower, width)
		width = i.Upper - i.Lower
	}
	require.Less(t, width, 1.0)
}

// The lower end passes the tolerance when the evidence passes the threshold. So people see what decides.
func TestTheIntervalOfARateAgreesWithItsEvidence(t *testing.T) {
	t.Parallel()
	r := NewRate(0, false).WithInterval()
	for r.Evidence() < Threshold(0.05) {
		require.LessOrEqual(t, r.Interval(0.05).Lower, 0.01)
		r.Add(Counts{100, 2}, Counts{1_900, 19})
	}
	require.GreaterOrEqual(t, r.Interval(0.05).Lower, -1e-9)
}

func TestErrorsThatComeBeforeTheirAttemptsWait(t *testing.T) {
	t.Parallel()
	r := NewRate(0, false)
	r.Add(Counts{0, 3}, Counts{10, 1})
	require.Equal(t, Counts{}, r.Exposed())
	r.Add(Counts{2, 0}, Counts{10, 0})
	require.Equal(t, Counts{2, 2}, r.Exposed())
	r.Add(Counts{5, 0}, Counts{10, 0})
	require.Equal(t, Counts{7, 3}, r.Exposed())
	require.Equal(t, Counts{30, 1}, r.Unexposed())
}
