package main

import "fmt"

const (
	// badRate is the error rate that harmful releases multiply, badExposure the share that they expose.
	badRate     = 0.01
	badExposure = 0.05
)

// scenario is one row of a table.
type scenario struct {
	name   string
	world  world
	guards func() []guard
}

// harmless are releases in which the exposed are like the rest.
func harmless() []scenario {
	const size, batches = 100, 2_000
	one := func(g func(share float64) guard) func() []guard {
		return func() []guard { return []guard{g(1)} }
	}
	base := world{size: size, batches: batches, factor: 1}
	with := func(exposure, level func(int) float64) world {
		w := base
		w.exposure, w.level = exposure, level
		return w
	}
	return []scenario{
		{"rate of 1 %, 5 % exposed", with(always(0.05), always(0.01)), one(rateGuard)},
		{"rate of 1 %, steps of 1, 5, 25 and 50 %", with(rising(batches), always(0.01)), one(rateGuard)},
		{
			"rate that swings between 0.5 and 2 %, the same steps",
			with(rising(batches), swinging(0.01, batches)),
			one(rateGuard),
		},
		{"rate of 0.1 %, the same steps", with(rising(batches), always(0.001)), one(rateGuard)},
		{"rate of 30 %, the same steps", with(rising(batches), always(0.3)), one(rateGuard)},
		{
			"mean of a log-normal latency that swings, the same steps",
			with(rising(batches), swinging(0.01, batches)),
			one(meanGuard),
		},
		{"95th percentile of the same", with(rising(batches), swinging(0.01, batches)), one(quantileGuard)},
		{"all three guards on one release", with(rising(batches), swinging(0.01, batches)), func() []guard {
			return []guard{rateGuard(1.0 / 3), meanGuard(1.0 / 3), quantileGuard(1.0 / 3)}
		}},
		{
			"for comparison: rate of 1 %, 5 % exposed, an ordinary z-test of 5 %",
			with(always(0.05), always(0.01)),
			one(naiveGuard),
		},
	}
}

// harmful are releases that multiply the error rate of the exposed.
func harmful(factor float64) scenario {
	return scenario{
		name:   fmt.Sprintf("%g times as high", factor),
		world:  world{size: 100, batches: 5_000, factor: factor, exposure: always(badExposure), level: always(badRate)},
		guards: func() []guard { return []guard{rateGuard(1)} },
	}
}
