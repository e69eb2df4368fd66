package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func draw(random *rand.Rand, n int, median float64) (m Moments, h Histogram) {
	h = Histogram{}
	for range n {
		v := median * math.Exp(random.NormFloat64()/2)
		m = m.Add(Moments{Count: 1, Sum: v, Squares: v * v})
		h.Count(v)
	}
	return m, h
}

func TestValuesThatAreWorseThanToleratedGatherEvidence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		factor, tolerance float64
		higherIsBetter    bool
		worse             bool
	}{
		"as slow":                         {1, 0, false, false},
		"a third slower":                  {1.3, 0, false, true},
		"a third slower, a tenth allowed": {1.3, 0.1, false, true},
		"a third slower, half allowed":    {1.3, 0.5, false, false},
		"faster":                          {0.7, 0, false, false},
		"a smaller basket":                {0.7, 0, true, true},
		"a smaller basket, half allowed":  {0.7, 0.5, true, false},
		"a greater basket":                {1.3, 0, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, 2))
			mean := NewMean(c.tolerance, c.higherIsBetter)
			quantile := NewQuantile(0.9, c.tolerance, c.higherIsBetter).WithInterval()
			for range 100 {
				exposedMoments, exposed := draw(random, 20, 100*c.factor)
				unexposedMoments, unexposed := draw(random, 180, 100)
				mean.Add(exposedMoments, unexposedMoments)
				quantile.Add(exposed, unexposed)
			}
			require.Equal(t, c.worse, mean.Evidence() >= Threshold(0.05), "evidence of the mean %v", mean.Evidence())
			require.Equal(t, c.worse, quantile.Evidence() >= Threshold(0.05), "evidence of the quantile %v", quantile.Evidence())
			for _, i := range []Interval{mean.Interval(0.05), quantile.Interval(0.05)} {
				require.InDelta(t, c.factor-1, i.Estimate, 0.1)
				require.Less(t, i.Lower, c.factor-1+0.03) // values are known to 2 %
				require.Greater(t, i.Upper, c.factor-1-0.03)
				require.Less(t, i.Upper-i.Lower, 0.5)
			}
		})
	}
}

func TestAMeanOfNothingHasNoInterval(t *testing.T) {
	t.Parallel()
	m := NewMean(0, false)
	require.Zero(t, m.Evidence())
	require.False(t, m.Interval(0.05).Known())
	m.Add(Moments{Count: 5, Sum: 5, Squares: 5}, Moments{})
	require.False(t, m.Interval(0.05).Known())
	m.Add(Moments{Count: 5, Sum: 5, Squares: 5}, Moments{Count: 5, Sum: -5, Squares: 5})
	require.False(t, m.Interval(0.05).Known(), "relative to a negative mean")
}

func TestQuantilesOfAHistogramAreWithinTwoPercent(t *testing.T) {
	t.Parallel()
	h, other := Histogram{}, Histogram{}
	for i := 1; i <= 1000; i++ {
		if i%2 == 0 {
			h.Count(float64(i))
		} else {
			other.Count(float64(i))
		}
	}
	h.Merge(other)
	require.EqualValues(t, 1000, h.Total())
	for _, p := range []float64{0.01, 0.5, 0.95, 1} {
		require.InEpsilon(t, 1000*p, h.Quantile(p), 0.02)
	}
	require.True(t, math.IsNaN(Histogram{}.Quantile(0.5)))
	require.Zero(t, Histogram{bucketOf(0): 1}.Quantile(0.5))
}

func TestEveryNumberHasABucket(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Float64().Draw(t, "value")
		bucket := bucketOf(value)
		require.GreaterOrEqual(t, bucket, lowest)
		require.LessOrEqual(t, bucket, highest)
	})
	for _, value := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.MaxFloat64} {
		require.NotPanics(t, func() { Histogram{}.Count(value) })
	}
}
