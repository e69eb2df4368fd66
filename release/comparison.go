package release

import (
	"math"

	"github.com/tidegate-io/tidegate/release/stats"
)

// comparison is the test of one guard.
type comparison interface {
	// ready tells whether the next addition will be compared. Before that, additions only help to know what to
	// compare.
	ready() bool
	// add takes in what was measured of both arms in a span of time.
	add(exposed, unexposed sample)
	evidence() float64
	interval(alpha float64) stats.Interval
	// totals are the sums of everything that was taken in.
	totals() (exposed, unexposed Side)
}

// sample is what a guard needs of an arm: the metric and, for a rate, the event that the rate is relative to.
type sample struct{ metric, per Tally }

// add puts the tally into the sample if the guard asks for it.
func (s *sample) add(g Guard, t Tally) {
	switch t.Metric {
	case g.Metric:
		s.metric.merge(t)
	case g.Per:
		s.per.merge(t)
	}
}

// size is the sample's size, in the unit in which the guard counts it.
func (s sample) size(g Guard) int64 {
	if g.Kind == GuardRate {
		return s.per.Count
	}
	return s.metric.Count
}

// side is the sample in the form that people see.
func (s sample) side(g Guard) Side {
	side := Side{Sample: s.size(g)}
	switch g.Kind {
	case GuardRate:
		side.Value = known(float64(s.metric.Count) / float64(s.per.Count))
	case GuardMean:
		side.Value = known(s.moments().Mean())
	default:
		side.Value = known(s.metric.Histogram.Quantile(g.quantile()))
	}
	return side
}

func (s sample) counts() stats.Counts {
	return stats.Counts{Trials: s.per.Count, Events: s.metric.Count}
}

func (s sample) moments() stats.Moments {
	return stats.Moments{Count: s.metric.Count, Sum: s.metric.Sum, Squares: s.metric.Squares}
}

// merge adds another tally of the same metric.
func (t *Tally) merge(other Tally) {
	t.Count += other.Count
	t.Sum += other.Sum
	t.Squares += other.Squares
	if len(other.Histogram) == 0 {
		return
	}
	if t.Histogram == nil {
		t.Histogram = stats.Histogram{}
	}
	t.Histogram.Merge(other.Histogram)
}

// known is nil for a value that is not a number.
func known(value float64) *float64 {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return nil
	}
	return &value
}

// compare gives the test for a guard that compares.
func compare(g Guard) comparison {
	switch g.Kind {
	case GuardRate:
		return rateComparison{stats.NewRate(g.Tolerance, g.higherIsBetter()).WithInterval()}
	case GuardMean:
		return meanComparison{stats.NewMean(g.Tolerance, g.higherIsBetter())}
	default:
		return quantileComparison{
			stats.NewQuantile(g.quantile(), g.Tolerance, g.higherIsBetter()).WithInterval(),
			g.quantile(),
		}
	}
}

type rateComparison struct{ test *stats.Rate }

func (c rateComparison) add(exposed, unexposed sample) {
	c.test.Add(exposed.counts(), unexposed.counts())
}
func (c rateComparison) ready() bool                           { return true }
func (c rateComparison) evidence() float64                     { return c.test.Evidence() }
func (c rateComparison) interval(alpha float64) stats.Interval { return c.test.Interval(alpha) }

func (c rateComparison) totals() (exposed, unexposed Side) {
	side := func(c stats.Counts) Side { return Side{Value: known(c.Rate()), Sample: c.Trials} }
	return side(c.test.Exposed()), side(c.test.Unexposed())
}

type meanComparison struct{ test *stats.Mean }

func (c meanComparison) add(exposed, unexposed sample) {
	c.test.Add(exposed.moments(), unexposed.moments())
}
func (c meanComparison) ready() bool                           { return true }
func (c meanComparison) evidence() float64                     { return c.test.Evidence() }
func (c meanComparison) interval(alpha float64) stats.Interval { return c.test.Interval(alpha) }

func (c meanComparison) totals() (exposed, unexposed Side) {
	side := func(m stats.Moments) Side { return Side{Value: known(m.Mean()), Sample: m.Count} }
	return side(c.test.Exposed()), side(c.test.Unexposed())
}

type quantileComparison struct {
	test *stats.Quantile
	p    float64
}

func (c quantileComparison) add(exposed, unexposed sample) {
	c.test.Add(exposed.metric.Histogram, unexposed.metric.Histogram)
}
func (c quantileComparison) ready() bool                           { return c.test.Ready() }
func (c quantileComparison) evidence() float64                     { return c.test.Evidence() }
func (c quantileComparison) interval(alpha float64) stats.Interval { return c.test.Interval(alpha) }

func (c quantileComparison) totals() (exposed, unexposed Side) {
	side := func(h stats.Histogram) Side { return Side{Value: known(h.Quantile(c.p)), Sample: h.Total()} }
	return side(c.test.Exposed()), side(c.test.Unexposed())
}
