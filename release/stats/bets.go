package stats

import "math"

// shifts are the alternatives over which a bet is spread. A shift is how far the odds of the exposed are beyond the
// bound, as a logarithm. The shifts reach from 5 % to a factor of 25.
var shifts = [...]float64{0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2}

// These are the guesses of a probability of which nothing is known, as logarithms of its odds: from 1 in 8 000 to its
// complement.
const (
	furthestGuess = 9.0
	everyGuess    = 0.3
)

// maxBound is the greatest bound. Above it there is nothing to bet on, and rounding would make up evidence.
const maxBound = 0.999

// direction is the direction in which the exposed are suspected to differ.
type direction float64

const (
	upward   direction = 1
	downward direction = -1
)

// Counts are the number of trials, and the number of those trials that had the counted outcome.
type Counts struct{ Trials, Events int64 }

// Add gives the sum.
func (c Counts) Add(other Counts) Counts {
	return Counts{Trials: c.Trials + other.Trials, Events: c.Events + other.Events}
}

// Rate is the share of the trials that had the outcome; NaN without trials.
func (c Counts) Rate() float64 { return float64(c.Events) / float64(c.Trials) }

// bets is the e-process against the hypothesis that in every batch the mean probability of the exposed is at most
// (upward) or at least (downward) ratio times that of the unexposed.
//
// Each batch with n trials of the unexposed and m of the exposed multiplies it by a likelihood ratio. The ratio is
// between an alternative and the nearest element of the hypothesis. The alternative is chosen before the batch is
// seen. The nearest element is the one that minimises n·KL(a*‖a) + m·KL(b*‖b). For a convex hypothesis that ratio is
// an e-variable: R. J. Turner, A. Ly, P. D. Grünwald, "Generic E-variables for exact sequential k-sample tests that
// allow for optional stopping", Journal of Statistical Planning and Inference 230 (2024). It is still one if the
// trials of an arm have different probabilities, since the logarithm of its expectation is concave in them. The
// alternatives are mixed with equal weights.
type bets struct {
	ratio     float64
	direction direction
	logs      [len(shifts)]float64
}

// evidence is the logarithm of the e-process.
func (b *bets) evidence() float64 { return logMeanExp(b.logs[:]) }

// add takes in a batch. Base is the guessed probability of the unexposed, in (0, 1). The guess must not depend on the
// batch.
func (b *bets) add(base float64, exposed, unexposed Counts) {
	bound := b.ratio * base
	if exposed.Trials == 0 || unexposed.Trials == 0 || bound > maxBound {
		return
	}
	odds := math.Log(bound) - math.Log1p(-bound)
	for i, shift := range shifts {
		suspected := 1 / (1 + math.Exp(-odds-float64(b.direction)*shift))
		nearest := b.project(base, suspected, exposed.Trials, unexposed.Trials)
		b.logs[i] += logRatio(unexposed, base, nearest) + logRatio(exposed, suspected, b.ratio*nearest)
	}
}

// addUnguessed takes in a batch when nothing is known of the probability of the unexposed. It mixes several guesses.
func (b *bets) addUnguessed(exposed, unexposed Counts) {
	guesses := make([]bets, 0, 2*furthestGuess/everyGuess+1)
	for odds := -furthestGuess; odds <= furthestGuess; odds += everyGuess {
		guess := bets{ratio: b.ratio, direction: b.direction}
		guess.add(1/(1+math.Exp(-odds)), exposed, unexposed)
		guesses = append(guesses, guess)
	}
	logs := make([]float64, len(guesses))
	for i := range b.logs {
		for j := range guesses {
			logs[j] = guesses[j].logs[i]
		}
		b.logs[i] += logMeanExp(logs)
	}
}

// project gives the probability a of the unexposed for which the point (a, ratio·a) is nearest to (base, suspected).
// It is the root in (0, min(1, 1/ratio)) of the derivative, n(base − a)(1 − ratio·a) + m(suspected − ratio·a)(1 − a).
func (b *bets) project(base, suspected float64, m, n int64) float64 {
	exposed, unexposed := float64(m), float64(n)
	square := b.ratio * (exposed + unexposed)
	linear := unexposed*(1+b.ratio*base) + exposed*(b.ratio+suspected)
	constant := unexposed*base + exposed*suspected
	return 2 * constant / (linear + math.Sqrt(max(0, linear*linear-4*square*constant)))
}

// logRatio is the logarithm of a likelihood ratio: that of the counts under the probability p, divided by that under
// q.
func logRatio(c Counts, p, q float64) float64 {
	return float64(c.Events)*math.Log(p/q) + float64(c.Trials-c.Events)*(math.Log1p(-p)-math.Log1p(-q))
}
