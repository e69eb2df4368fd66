package stats

import "math"

const (
	// minBase is how many trials of the unexposed are needed to guess their probability, or a quantile.
	minBase = 20
	// These are the ratios among which an interval is searched: from 1/16 to 16, in steps of a third of an octave.
	ratioOctaves        = 4
	ratioStepsPerOctave = 3
)

// Rate compares how often something happens per trial, among the exposed and among the unexposed. It is made by
// NewRate.
type Rate struct {
	decisive           bets
	above, below       []bets // of each ratio, for the interval
	exposed, unexposed Counts
	// An outcome may come before its trial, and then it waits for the trial. The reason is that errors are reported
	// after attempts, and a batch may end between the two.
	exposedAhead, unexposedAhead int64
}

// NewRate tests the hypothesis that the rate of the exposed is at most 1 + tolerance times the rate of the unexposed.
// With higherIsBetter, it tests that the rate is at least 1 − tolerance times that of the unexposed.
func NewRate(tolerance float64, higherIsBetter bool) *Rate {
	r := &Rate{decisive: bets{ratio: 1 + tolerance, direction: upward}}
	if higherIsBetter {
		r.decisive = bets{ratio: 1 - tolerance, direction: downward}
	}
	return r
}

// WithInterval makes Interval give bounds. Then Add costs about fifty times as much. Call it before the first Add.
func (r *Rate) WithInterval() *Rate {
	for i := -ratioOctaves * ratioStepsPerOctave; i <= ratioOctaves*ratioStepsPerOctave; i++ {
		ratio := math.Exp2(float64(i) / ratioStepsPerOctave)
		r.above = append(r.above, bets{ratio: ratio, direction: upward})
		r.below = append(r.below, bets{ratio: ratio, direction: downward})
	}
	return r
}

// Add takes in a batch.
func (r *Rate) Add(exposed, unexposed Counts) {
	exposed.Events, r.exposedAhead = within(exposed, r.exposedAhead)
	unexposed.Events, r.unexposedAhead = within(unexposed, r.unexposedAhead)
	if r.unexposed.Trials < minBase {
		r.decisive.addUnguessed(exposed, unexposed)
		for i := range r.above {
			r.above[i].addUnguessed(exposed, unexposed)
			r.below[i].addUnguessed(exposed, unexposed)
		}
	} else {
		base := (float64(r.unexposed.Events) + 0.5) / (float64(r.unexposed.Trials) + 1)
		r.decisive.add(base, exposed, unexposed)
		for i := range r.above {
			r.above[i].add(base, exposed, unexposed)
			r.below[i].add(base, exposed, unexposed)
		}
	}
	r.exposed, r.unexposed = r.exposed.Add(exposed), r.unexposed.Add(unexposed)
}

// within gives how many outcomes have a trial and how many have none yet. Both include the outcomes that came ahead.
func within(c Counts, ahead int64) (events, left int64) {
	all := c.Events + ahead
	events = min(all, c.Trials)
	return events, all - events
}

// Evidence is the evidence against the hypothesis that the exposed are no worse than tolerated.
func (r *Rate) Evidence() float64 { return r.decisive.evidence() }

// Exposed are all counts of the exposed so far.
func (r *Rate) Exposed() Counts { return r.exposed }

// Unexposed are all counts of the unexposed so far.
func (r *Rate) Unexposed() Counts { return r.unexposed }

// Interval is the relative difference of the rates.
func (r *Rate) Interval(alpha float64) Interval {
	interval := search(r.above, r.below, alpha)
	if r.exposed.Trials > 0 && r.unexposed.Events > 0 {
		interval.Estimate = r.exposed.Rate()/r.unexposed.Rate() - 1
	}
	return interval
}

// search gives the interval of relative differences that the evidence does not refute. Both lists have the same
// ratios, in rising order.
func search(above, below []bets, alpha float64) Interval {
	interval, threshold := unknown(), Threshold(alpha)
	for i := range above {
		if above[i].evidence() < threshold {
			interval.Lower = end(above, i, i-1, threshold, interval.Lower)
			break
		}
		interval.Lower = above[i].ratio - 1
	}
	for i := len(below) - 1; i >= 0; i-- {
		if below[i].evidence() < threshold {
			interval.Upper = end(below, i, i+1, threshold, interval.Upper)
			break
		}
		interval.Upper = below[i].ratio - 1
	}
	return interval
}

// end is the relative difference at which the evidence equals the threshold. It lies between the ratio at open, which
// is not refuted, and its neighbour at refuted, which is. If there is no such neighbour, end gives none.
func end(list []bets, open, refuted int, threshold, none float64) float64 {
	if refuted < 0 || refuted >= len(list) {
		return none
	}
	x := crossing(
		math.Log(list[refuted].ratio),
		list[refuted].evidence(),
		math.Log(list[open].ratio),
		list[open].evidence(),
		threshold,
	)
	return math.Exp(x) - 1
}
