package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release/stats"
)

// This is the small form of loadtest/guards, whose figures are in docs/guards.md. The seeds are fixed, so the result
// is always the same.
func TestWatchingAllTheTimeRevertsFewHarmlessReleasesAndFindsHarmfulOnesSoon(t *testing.T) {
	t.Parallel()
	const releases, alpha = 300, 0.05
	reverted, delays := 0, []int{}
	for i := range releases {
		if _, stopped := watch(rand.New(rand.NewPCG(3, uint64(i))), 1, 40_000); stopped {
			reverted++
		}
		attempts, _ := watch(rand.New(rand.NewPCG(4, uint64(i))), 2, 200_000)
		delays = append(delays, attempts)
	}
	require.LessOrEqual(t, reverted, int(alpha*releases))

	// A test that looks once needs 43 553 attempts to find a doubled rate of 1 %, at 5 % exposure, in 95 % of all cases.
	slices.Sort(delays)
	require.Less(t, delays[releases*95/100], 3*43_553)
}

// watch looks at an error rate of 1 %, multiplied for the 5 % that are exposed, after every batch.
func watch(random *rand.Rand, factor float64, most int) (attempts int, stopped bool) {
	const batch, share, rate, alpha = 400, 0.05, 0.01, 0.05
	errors := func(n int, p float64) (k int64) {
		for at := 0; ; k++ {
			at += 1 + int(math.Log1p(-random.Float64())/math.Log1p(-p))
			if at > n {
				return k
			}
		}
	}
	test := stats.NewRate(0, false)
	for attempts < most {
		attempts += batch
		exposed := int(errors(batch, share))
		test.Add(stats.Counts{Trials: int64(exposed), Events: errors(exposed, factor*rate)},
			stats.Counts{Trials: int64(batch - exposed), Events: errors(batch-exposed, rate)})
		if test.Evidence() >= stats.Threshold(alpha) {
			return attempts, true
		}
	}
	return attempts, false
}
