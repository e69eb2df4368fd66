package stats

import "math"

const (
	// minBase is how many trials of the unexposed it takes to guess their probability, or a quantile.
	minBase = 20
	// The ratios that an interval is searched among: from 1/16 to 16, in steps of a third of an octave.
	ratioOctaves        = 4
	ratioStepsPerOctave = 3
)

// Rate compares how often something happens, per trial, to the exposed and to the unexposed. It is made by NewRate.
type Rate struct {
	decisive           bets
	above, below       []bets // of each ratio, for the interval
	exposed, unexposed Counts
	// Outcomes that came before their trials wait for trials to come: errors are reported after attempts, and a batch may
	// end in between.
	exposedAhead, unexposedAhead int64
}

// NewRate tests the hypothesis that the exposed have at most 1 + tolerance times the rate of the unexposed; with
// higherIsBetter, that they have at least 1 − tolerance times.
func NewRate(tolerance float64, higherIsBetter bool) *Rate {
	r := &Rate{decisive: bets{ratio: 1 + tolerance, direction: upward}}
	if higherIsBetter {
		r.decisive = bets{ratio: 1 - tolerance, direction: downward}
	}
	return r
}

// WithInterval makes Interval give bounds, which costs Add some fifty times as much. It is called before the first Add.
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

// within gives how many of the outcomes, those that came ahead among them, have a trial, and how many have none yet.
func within(c Counts, ahead int64) (events, left int64) {
	all := c.Events + ahead
	events = min(all, c.Trials)
	return events, all - events
}

// Evidence is how much speaks against the exposed being no worse than tolerated.
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

// search gives the relative differences between the ratios that the evidence speaks against. Both lists have the same
// ratios, rising.
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

// end is the relative difference at which the evidence has the height of the threshold, between a ratio that it does
// not refute and its neighbour, which it does; none where there is no neighbour.
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
