// Command guards measures, by simulation, how often the guards of a release revert one that is harmless, and how soon
// they catch one that is not. It prints the tables of docs/guards.md, in Markdown, and writes the plot of the
// detection delay:
//
//	go run ./loadtest/guards -plot docs/images/detection-delay.svg
//
// The same seed gives the same figures.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
)

func main() {
	releases := flag.Int("releases", 2000, "simulated releases for each row")
	seed := flag.Uint64("seed", 1, "of the simulation")
	plot := flag.String("plot", "", "where to write the plot of the detection delay, as SVG; empty writes none")
	flag.Parse()
	if err := run(os.Stdout, *releases, *seed, *plot); err != nil {
		fmt.Fprintln(os.Stderr, "guards:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, releases int, seed uint64, plot string) error {
	fmt.Fprintf(out, "%d releases a row, seed %d.\n\n", releases, seed)
	fmt.Fprintln(out, "| harmless release, watched after every batch of 100 | reverted |\n|---|---:|")
	for _, s := range harmless() {
		stopped := len(simulate(s, releases, seed))
		fmt.Fprintf(out, "| %s | %.2f %% |\n", s.name, 100*float64(stopped)/float64(releases))
	}
	fmt.Fprintln(
		out,
		"\n| error rate of 1 %, 5 % exposed | caught | median | 80 % by | 95 % by | fixed horizon, 80 % | fixed horizon, 95 % | ratio at 80 % | ratio at 95 % |",
	)
	fmt.Fprintln(out, "|---|---:|---:|---:|---:|---:|---:|---:|---:|")
	var curves []curve
	for _, factor := range []float64{1.5, 2, 4} {
		s := harmful(factor)
		delays := simulate(s, releases, seed)
		slices.Sort(delays)
		at := func(share float64) float64 { return quantile(delays, releases, share) }
		fixed80, fixed95 := fixedHorizon(factor, z80), fixedHorizon(factor, z95)
		fmt.Fprintf(
			out,
			"| %s | %.1f %% | %.0f | %.0f | %.0f | %.0f | %.0f | %.2f | %.2f |\n",
			s.name,
			100*float64(
				len(delays),
			)/float64(
				releases,
			),
			at(0.5),
			at(0.8),
			at(0.95),
			fixed80,
			fixed95,
			at(0.8)/fixed80,
			at(0.95)/fixed95,
		)
		curves = append(curves, curve{name: s.name, delays: delays, releases: releases, fixed: fixed95})
	}
	if plot == "" {
		return nil
	}
	return os.WriteFile(plot, []byte(draw(curves)), 0o644)
}

// quantile is the number of trials after which the given share of all releases was caught. It is +Inf if fewer were
// caught.
func quantile(delays []int, releases int, share float64) float64 {
	index := int(math.Ceil(share*float64(releases))) - 1
	if index >= len(delays) {
		return math.Inf(1)
	}
	return float64(delays[index])
}

// The quantiles of the standard normal distribution.
const (
	z80 = 0.8416
	z95 = 1.6449
)

// fixedHorizon is how many trials, of the exposed and the unexposed, a one-sided z-test needs if it looks only once.
// The test shall find that the rate is multiplied by factor. It has the same alpha, and the power whose quantile is
// given.
func fixedHorizon(factor, power float64) float64 {
	exposed, unexposed := factor*badRate, badRate
	variance := exposed*(1-exposed)/badExposure + unexposed*(1-unexposed)/(1-badExposure)
	return math.Pow(z95+power, 2) * variance / math.Pow(exposed-unexposed, 2)
}

// simulate runs a scenario many times with different random numbers. It gives the delays of the releases that were
// stopped.
func simulate(s scenario, releases int, seed uint64) []int {
	delays := make([]int, releases)
	var running sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		running.Go(func() {
			for i := worker; i < releases; i += workers {
				w := s.world
				w.random = rand.New(rand.NewPCG(seed, uint64(i)))
				delays[i] = -1
				if trials, stopped := watch(&w, s.guards()...); stopped {
					delays[i] = trials
				}
			}
		})
	}
	running.Wait()
	return slices.DeleteFunc(delays, func(d int) bool { return d < 0 })
}
