// Command evaluator measures the same four workloads on Tidegate's evaluator, LaunchDarkly's and GrowthBook's, and
// prints a table of ratios. It is a module of its own, so that nobody who uses Tidegate inherits the peers'
// dependencies.
//
// The implementations take turns in short rounds, so that a disturbance of the machine meets all of them, and what is
// counted is the processor time of the measuring thread. The table shows the medians of the rounds.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	rounds := flag.Int("rounds", 31, "how often each workload is measured on each implementation")
	flag.Parse()
	if err := run(*rounds); err != nil {
		fmt.Fprintln(os.Stderr, "evaluator:", err)
		os.Exit(1)
	}
}

func run(rounds int) error {
	implementations := []func() (implementation, error){newPrepared, newFlattened, newLaunchDarkly, newGrowthBook}
	var all []implementation
	for _, construct := range implementations {
		impl, err := construct()
		if err != nil {
			return err
		}
		if err := impl.check(); err != nil {
			return err
		}
		all = append(all, impl)
	}
	printTable(os.Stdout, all, measure(all, rounds))
	return nil
}
