// Command evaluator measures Tidegate's evaluator. It is a module of its own, so that nobody who uses Tidegate inherits
// the peers' dependencies.
//
//	go run . [-rounds 31]          the same four workloads on Tidegate's evaluator, LaunchDarkly's and GrowthBook's
//	go run . -scale [-plot file]   the cost from 10 to 100 000 flags and to 1 000 000 segment keys; -plot draws it
//
// The programs count the processor time of the measuring thread. The implementations take turns in short rounds, so
// that a disturbance of the machine affects all of them. The tables show medians.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	rounds := flag.Int("rounds", 31, "how often each workload is measured on each implementation")
	scale := flag.Bool("scale", false, "measure how the cost grows with flags and segment keys")
	plot := flag.String("plot", "", "with -scale: the SVG file to draw into")
	flag.Parse()

	runtime.LockOSThread()
	var err error
	if *scale {
		err = runScale(*plot)
	} else {
		err = runPeers(*rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "evaluator:", err)
		os.Exit(1)
	}
}

// runPeers prints the table of ratios.
func runPeers(rounds int) error {
	var all []implementation
	for _, construct := range []func() (implementation, error){newPrepared, newFlattened, newLaunchDarkly, newGrowthBook} {
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
