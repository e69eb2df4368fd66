package stats

import "math"

// These are the shifts among which an interval is searched, in buckets of a Histogram: from a quarter to four times.
const (
	mostShift  = 70
	everyShift = 5
)

// Quantile compares a quantile of the exposed with that of the unexposed, for instance the 95th percentile of a
// latency. It is made by NewQuantile.
//
// A quantile is tested as a rate, as in S. R. Howard, A. Ramdas, "Sequential estimation of quantiles with
// applications to A/B testing and best-arm identification", Bernoulli 28 (2022). The rate is how often values are
// beyond the quantile that the unexposed had before the batch. The values of the exposed are first divided by what is
// tolerated. If they are then beyond that quantile no more often than those of the unexposed, nothing is worse. That
// paper has a sequence for each arm. Here the arms are compared within the batch, which keeps the test right while
// the values drift. Values are known to 2 %. Tolerances are rounded to the safe side.
type Quantile struct {
	p                  float64
	shift              int // of the decisive bets
	decisive           bets
	above, below       []bets
	exposed, unexposed Histogram
}

// NewQuantile tests the hypothesis that the quantile p, in (0, 1), of the exposed is at most 1 + tolerance times that
// of the unexposed. With higherIsBetter, it tests that the quantile is at least 1 − tolerance times that.
func NewQuantile(p, tolerance float64, higherIsBetter bool) *Quantile {
	q := &Quantile{p: p, exposed: Histogram{}, unexposed: Histogram{}}
	if higherIsBetter {
		q.shift = -mostShift
		if tolerance < 1 {
			q.shift = int(math.Floor(math.Log1p(-tolerance) / math.Log(growth)))
		}
		q.decisive = bets{ratio: 1, direction: downward}
	} else {
		q.shift = int(math.Ceil(math.Log1p(tolerance) / math.Log(growth)))
		q.decisive = bets{ratio: 1, direction: upward}
	}
	return q
}

// WithInterval makes Interval give bounds. Then Add costs about sixty times as much. Call it before the first Add.
func (q *Quantile) WithInterval() *Quantile {
	for range 2*mostShift/everyShift + 1 {
		q.above = append(q.above, bets{ratio: 1, direction: upward})
		q.below = append(q.below, bets{ratio: 1, direction: downward})
	}
	return q
}

// Ready tells whether there are enough values to know the quantile of the unexposed. Then the next batch is compared.
func (q *Quantile) Ready() bool { return q.unexposed.Total() >= minBase }

// Add takes in a batch. It compares the batch if the test was ready before.
func (q *Quantile) Add(exposed, unexposed Histogram) {
	bucket, found := q.unexposed.bucketAt(q.p)
	if before := q.unexposed.beyond(bucket); found && q.Ready() {
		base := (float64(before.Events) + 0.5) / (float64(before.Trials) + 1)
		beyond := unexposed.beyond(bucket)
		q.decisive.add(base, exposed.beyond(bucket+q.shift), beyond)
		for i := range q.above {
			shifted := exposed.beyond(bucket + shiftAt(i))
			q.above[i].add(base, shifted, beyond)
			q.below[i].add(base, shifted, beyond)
		}
	}
	q.exposed.Merge(exposed)
	q.unexposed.Merge(unexposed)
}

func shiftAt(i int) int { return i*everyShift - mostShift }

// Evidence is the evidence against the hypothesis that the exposed are no worse than tolerated.
func (q *Quantile) Evidence() float64 { return q.decisive.evidence() }

// Exposed are all values of the exposed so far. The caller must not change the histogram.
func (q *Quantile) Exposed() Histogram { return q.exposed }

// Unexposed are all values of the unexposed so far. The caller must not change the histogram.
func (q *Quantile) Unexposed() Histogram { return q.unexposed }

// Interval is the relative difference of the quantiles.
func (q *Quantile) Interval(alpha float64) Interval {
	interval := search(shifted(q.above), shifted(q.below), alpha)
	if exposed, unexposed := q.exposed.Quantile(q.p), q.unexposed.Quantile(q.p); unexposed > 0 {
		interval.Estimate = exposed/unexposed - 1
	}
	return interval
}

// shifted sets the ratio of each bet to that of its shift.
func shifted(list []bets) []bets {
	named := make([]bets, len(list))
	for i, b := range list {
		b.ratio = math.Pow(growth, float64(shiftAt(i)))
		named[i] = b
	}
	return named
}
