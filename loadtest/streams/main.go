// Command streams opens many streams on one flagd. It measures the cost of a stream, and how soon a change is on all.
//
//	go run ./loadtest/streams [-streams 10000] [-changes 20] [-flagd bin/flagd]
//
// It starts a flagd of its own with an SQLite file in a temporary folder, on the loopback, and stops by itself. Each
// stream is an open file in flagd and one here: `ulimit -n` must be above the number of streams.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/loadtest/process"
)

const (
	// longest bounds a run, whatever happens.
	longest = 3 * time.Minute
	// pause lets flagd come to rest between two changes.
	pause = 200 * time.Millisecond

	flagKey = "load"
)

func main() {
	streams := flag.Int("streams", 10_000, "how many streams to open")
	changes := flag.Int("changes", 20, "how many changes to measure")
	binary := flag.String("flagd", "", "the flagd to measure; one is built unless set")
	flag.Parse()
	process.Main("streams", *binary, longest, func(ctx context.Context, folder, binary string) error {
		return run(ctx, folder, binary, *streams, *changes)
	})
}

func run(ctx context.Context, folder, binary string, streams, changes int) (err error) {
	flagd, err := process.Start(ctx, binary, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, flagd.Stop()) }()
	if err := flagd.MakeFlag(ctx, flagKey); err != nil {
		return err
	}
	key, err := flagd.MakeKey(ctx)
	if err != nil {
		return err
	}
	before, err := flagd.Resident()
	if err != nil {
		return err
	}
	crowd := newCrowd(flagd.Addr, key, streams)
	defer crowd.leave()
	started := time.Now()
	if err := crowd.connect(ctx); err != nil {
		return err
	}
	fmt.Printf("%d streams open after %s\n", streams, time.Since(started).Round(time.Millisecond))
	return measure(ctx, flagd, crowd, changes, before)
}

// measure changes the flag again and again. It prints how long each change took and what flagd uses meanwhile.
func measure(ctx context.Context, flagd *process.Flagd, crowd *crowd, changes int, before int64) error {
	var first, middle, last []time.Duration
	for i := range changes {
		times, err := crowd.time(ctx, func() error { return flagd.Switch(ctx, flagKey, i%2 == 0) })
		if err != nil {
			return fmt.Errorf("change %d: %w", i+1, err)
		}
		first, middle, last = append(
			first,
			times[0],
		), append(
			middle,
			times[len(times)/2],
		), append(
			last,
			times[len(times)-1],
		)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	after, err := flagd.Resident()
	if err != nil {
		return err
	}
	dropped, err := flagd.Metric(ctx, "tidegate_streams_dropped_total")
	if err != nil {
		return err
	}
	open, err := flagd.Metric(ctx, "tidegate_streams")
	if err != nil {
		return err
	}
	fmt.Printf("resident memory: %.1f MiB without streams, %.1f MiB after %d changes: %.1f KiB per stream\n",
		mebi(before), mebi(after), changes, float64(after-before)/1024/float64(len(crowd.members)))
	fmt.Println("from sending the change to its arrival:")
	for _, row := range []struct {
		who   string
		times []time.Duration
	}{{"first stream", first}, {"half of the streams", middle}, {"all streams", last}} {
		slices.Sort(row.times)
		fmt.Printf(
			"  %-20s median %8s   slowest %8s\n",
			row.who,
			round(row.times[len(row.times)/2]),
			round(row.times[len(row.times)-1]),
		)
	}
	fmt.Printf("open streams: %.0f, dropped: %.0f\n", open, dropped)
	return nil
}

func mebi(bytes int64) float64 { return float64(bytes) / (1 << 20) }

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
