package main

import (
	"math"
	"math/rand/v2"

	"github.com/tidegate-io/tidegate/release/stats"
)

// world is one simulated release: what happens to the contexts, batch by batch.
type world struct {
	random *rand.Rand
	// size is how many trials a batch has, batches how many there are.
	size, batches int
	// exposure is the share of the exposed in a batch.
	exposure func(batch int) float64
	// level is the error rate, or the median latency in ms, of the unexposed in a batch.
	level func(batch int) float64
	// factor is how many times higher that level is for the exposed.
	factor float64
}

// split gives how many trials of a batch are of the exposed and of the unexposed.
func (w *world) split(batch int) (exposed, unexposed int) {
	exposed = w.binomial(w.size, w.exposure(batch))
	return exposed, w.size - exposed
}

// counts are trials that fail with the probability p.
func (w *world) counts(trials int, p float64) stats.Counts {
	return stats.Counts{Trials: int64(trials), Events: int64(w.binomial(trials, p))}
}

// latencies are log-normal values of the given median; one in twenty takes more than five times as long.
func (w *world) latencies(trials int, median float64, each func(value float64)) {
	for range trials {
		each(median * math.Exp(w.random.NormFloat64()))
	}
}

// binomial draws how many of n trials succeed. It jumps from success to success.
func (w *world) binomial(n int, p float64) (successes int) {
	if p > 0.5 {
		return n - w.binomial(n, 1-p)
	}
	for at := 0; ; successes++ {
		at += 1 + int(math.Log1p(-w.random.Float64())/math.Log1p(-p))
		if at > n {
			return successes
		}
	}
}

// always is the same in every batch.
func always(value float64) func(int) float64 { return func(int) float64 { return value } }

// rising are the steps of a careful release: 1 %, 5 %, 25 % and 50 %, equally long.
func rising(batches int) func(int) float64 {
	steps := []float64{0.01, 0.05, 0.25, 0.5}
	return func(batch int) float64 { return steps[batch*len(steps)/batches] }
}

// swinging goes up to twice the value and down to half of it, five times.
func swinging(value float64, batches int) func(int) float64 {
	return func(batch int) float64 {
		return value * math.Exp2(math.Sin(2*math.Pi*5*float64(batch)/float64(batches)))
	}
}
