package main

import (
	"math"

	"github.com/tidegate-io/tidegate/release/stats"
)

// alpha is the share of harmless releases that may be reverted, however many guards a release has.
const alpha = 0.05

// minSample is the number of values of the exposed that a guard needs before it decides.
const minSample = 100

// guard takes in a batch of a world and tells whether it would stop the release now.
type guard func(w *world, batch, exposed, unexposed int) (stop bool)

// rateGuard watches the error rate.
func rateGuard(share float64) guard {
	test := stats.NewRate(0, false)
	return func(w *world, batch, exposed, unexposed int) bool {
		level := w.level(batch)
		test.Add(w.counts(exposed, min(1, w.factor*level)), w.counts(unexposed, level))
		return test.Exposed().Trials >= minSample && test.Evidence() >= stats.Threshold(alpha*share)
	}
}

// meanGuard watches the mean latency.
func meanGuard(share float64) guard {
	test := stats.NewMean(0, false)
	moments := func(w *world, trials int, median float64) (m stats.Moments) {
		w.latencies(trials, median, func(v float64) { m = m.Add(stats.Moments{Count: 1, Sum: v, Squares: v * v}) })
		return m
	}
	return func(w *world, batch, exposed, unexposed int) bool {
		level := latency * w.level(batch)
		test.Add(moments(w, exposed, w.factor*level), moments(w, unexposed, level))
		return test.Exposed().Count >= minSample && test.Evidence() >= stats.Threshold(alpha*share)
	}
}

// quantileGuard watches the 95th percentile of the latency.
func quantileGuard(share float64) guard {
	test := stats.NewQuantile(0.95, 0, false)
	histogram := func(w *world, trials int, median float64) stats.Histogram {
		h := stats.Histogram{}
		w.latencies(trials, median, h.Count)
		return h
	}
	seen := int64(0)
	return func(w *world, batch, exposed, unexposed int) bool {
		level := latency * w.level(batch)
		test.Add(histogram(w, exposed, w.factor*level), histogram(w, unexposed, level))
		seen += int64(exposed)
		return seen >= minSample && test.Evidence() >= stats.Threshold(alpha*share)
	}
}

// naiveGuard watches the error rate with a one-sided z-test. Such a test is only valid if it is looked at once.
func naiveGuard(float64) guard {
	var e, u stats.Counts
	return func(w *world, batch, exposed, unexposed int) bool {
		level := w.level(batch)
		e, u = e.Add(w.counts(exposed, min(1, w.factor*level))), u.Add(w.counts(unexposed, level))
		pooled := e.Add(u).Rate()
		deviation := math.Sqrt(pooled * (1 - pooled) * (1/float64(e.Trials) + 1/float64(u.Trials)))
		return e.Trials >= minSample && (e.Rate()-u.Rate())/deviation >= z95
	}
}

// latency is the median latency, in ms, of a world with an error rate of 1.
const latency = 1_000

// watch asks the guards after every batch whether they would stop the release. It gives the number of trials after
// which one did.
func watch(w *world, guards ...guard) (trials int, stopped bool) {
	for batch := range w.batches {
		exposed, unexposed := w.split(batch)
		for _, g := range guards {
			stopped = g(w, batch, exposed, unexposed) || stopped
		}
		if stopped {
			return (batch + 1) * w.size, true
		}
	}
	return w.batches * w.size, false
}
