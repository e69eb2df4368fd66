// Command revert measures how long it takes to take a release back: from the event that causes this until the last of
// many SDKs serves the old value again.
//
//	go run ./loadtest/revert [-sdks 100] [-rounds 20] [-flagd bin/flagd]
//
// It runs one replica on SQLite. With FLAGD_TEST_DATABASE_URL, and perhaps FLAGD_TEST_REDIS_URL, which
// scripts/with-services.sh sets, it runs two replicas on PostgreSQL: the event happens at one, the SDKs are spread
// over both. It starts everything on the loopback and stops by itself.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/tidegate-io/tidegate/loadtest/process"
)

// longest bounds a run, whatever happens.
const longest = 10 * time.Minute

// plan is what is measured.
type plan struct {
	sdks, rounds    int
	database, redis string
}

func main() {
	p := plan{database: os.Getenv("FLAGD_TEST_DATABASE_URL"), redis: os.Getenv("FLAGD_TEST_REDIS_URL")}
	binary := flag.String("flagd", "", "the flagd to measure; one is built unless set")
	flag.IntVar(&p.sdks, "sdks", 100, "how many SDKs evaluate in-process")
	flag.IntVar(&p.rounds, "rounds", 20, "how often each event is measured")
	flag.Parse()
	process.Main("revert", *binary, longest, p.run)
}

func (p *plan) run(ctx context.Context, folder, binary string) (err error) {
	replicas, stop, err := p.start(ctx, folder, binary)
	defer func() { err = errors.Join(err, stop()) }()
	if err != nil {
		return err
	}
	key, err := replicas[0].MakeKey(ctx)
	if err != nil {
		return err
	}
	crowd, err := connect(ctx, replicas, key, p.sdks)
	if err != nil {
		return err
	}
	defer crowd.close()
	fmt.Printf(
		"%d rounds each, %d SDKs in-process, %d replicas; from the event until the last SDK serves the old value\n",
		p.rounds,
		p.sdks,
		len(replicas),
	)
	for _, event := range events(replicas[0], key, crowd) {
		times, err := crowd.measure(ctx, replicas[0], key, event, p.rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", event.name, err)
		}
		fmt.Printf("%-44s median %8s   p99 %8s   slowest %8s\n", event.name,
			times[len(times)/2], times[len(times)*99/100], times[len(times)-1])
	}
	return nil
}

// start runs the replicas. What it returns for stopping them is never nil.
func (p *plan) start(
	ctx context.Context,
	folder, binary string,
) (replicas []*process.Flagd, stop func() error, err error) {
	var ends []func() error
	stop = func() error {
		var errs []error
		for i := len(ends) - 1; i >= 0; i-- {
			errs = append(errs, ends[i]())
		}
		return errors.Join(errs...)
	}
	number, settings := 1, []string(nil)
	if p.database != "" {
		database, drop, err := process.NewSchema(ctx, p.database)
		if err != nil {
			return nil, stop, err
		}
		ends = append(ends, drop)
		number, settings = 2, []string{"FLAGD_DATABASE_URL=" + database, "FLAGD_REDIS_URL=" + p.redis}
	}
	for range number {
		flagd, err := process.Start(ctx, binary, folder, settings...)
		if err != nil {
			return nil, stop, err
		}
		replicas, ends = append(replicas, flagd), append(ends, flagd.Stop)
	}
	return replicas, stop, nil
}
