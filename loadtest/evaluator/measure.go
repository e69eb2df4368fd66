package main

import (
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// cost is what one evaluation takes.
type cost struct {
	nanoseconds float64 // of processor time
	bytes       float64
	allocations float64
}

// roundTime is about how long one implementation runs one workload before the next takes its turn.
const roundTime = 10 * time.Millisecond

// measure returns the medians, by implementation and workload.
func measure(all []implementation, rounds int) [][workloadCount]cost {
	batches := make([][workloadCount]int, len(all))
	samples := make([][workloadCount][]float64, len(all))
	for i := range all {
		for w := range workloadCount {
			batches[i][w] = batchSize(&all[i], w)
		}
	}
	for range rounds {
		for w := range workloadCount {
			for i := range all {
				n := batches[i][w]
				samples[i][w] = append(samples[i][w], float64(timeOf(&all[i], w, n))/float64(n))
			}
		}
	}
	costs := make([][workloadCount]cost, len(all))
	for i := range all {
		for w := range workloadCount {
			costs[i][w] = memoryOf(&all[i], w)
			costs[i][w].nanoseconds = median(samples[i][w])
		}
	}
	return costs
}

func batchSize(i *implementation, w workload) int {
	n := 1000
	for ; timeOf(i, w, n) < roundTime; n *= 2 {
	}
	return n
}

// timeOf returns the processor time that this thread takes for n evaluations.
func timeOf(i *implementation, w workload, n int) time.Duration {
	return processorTime(func() { i.evaluate(w, n) })
}

func processorTime(f func()) time.Duration {
	before := threadTime()
	f()
	return threadTime() - before
}

func threadTime() time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		panic("read processor time: " + err.Error()) // cannot fail for one's own thread
	}
	return time.Duration(now.Nano())
}

func memoryOf(i *implementation, w workload) cost {
	const n = 1000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	i.evaluate(w, n)
	runtime.ReadMemStats(&after)
	return cost{
		bytes:       float64(after.TotalAlloc-before.TotalAlloc) / n,
		allocations: float64(after.Mallocs-before.Mallocs) / n,
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
