// Command propagation measures how long a change takes from its acknowledgement by one replica until every replica
// evaluates with it. It measures three ways: with Redis, with PostgreSQL's NOTIFY alone, and with both silenced, so
// that only the poll finds the change.
//
//	scripts/with-services.sh go run ./loadtest/propagation [-replicas 3] [-changes 60] [-flagd bin/flagd]
//
// It needs FLAGD_TEST_DATABASE_URL and FLAGD_TEST_REDIS_URL, which the script sets, starts its replicas on the
// loopback, and stops by itself.
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
const longest = 5 * time.Minute

// nowhere is a database that does not answer: a replica told to listen there hears nothing.
const nowhere = "postgres://127.0.0.1:1/none?connect_timeout=1"

// plan is what is measured, and in which ways.
type plan struct {
	replicas, changes int
	database, redis   string
}

func main() {
	p := plan{database: os.Getenv("FLAGD_TEST_DATABASE_URL"), redis: os.Getenv("FLAGD_TEST_REDIS_URL")}
	binary := flag.String("flagd", "", "the flagd to measure; one is built unless set")
	flag.IntVar(&p.replicas, "replicas", 3, "how many replicas to run")
	flag.IntVar(&p.changes, "changes", 60, "how many changes to measure each way")
	flag.Parse()
	process.Main("propagation", *binary, longest, p.run)
}

func (p *plan) run(ctx context.Context, folder, binary string) error {
	if p.database == "" || p.redis == "" {
		return errors.New(
			"FLAGD_TEST_DATABASE_URL or FLAGD_TEST_REDIS_URL is not set; run it with scripts/with-services.sh",
		)
	}
	fmt.Printf(
		"%d changes, %d replicas; from the acknowledgement until every replica evaluates by the change\n",
		p.changes,
		p.replicas,
	)
	for _, way := range []struct {
		name     string
		settings []string
	}{
		{"Redis and NOTIFY", []string{"FLAGD_REDIS_URL=" + p.redis}},
		{"NOTIFY alone", nil},
		{"the poll alone", []string{"FLAGD_LISTEN_DATABASE_URL=" + nowhere}},
	} {
		times, err := p.measure(ctx, folder, binary, way.settings)
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		fmt.Printf("%-18s median %8s   p95 %8s   slowest %8s\n", way.name,
			times[len(times)/2], times[len(times)*95/100], times[len(times)-1])
	}
	return nil
}

// measure runs replicas with the settings on a schema of their own.
func (p *plan) measure(
	ctx context.Context,
	folder, binary string,
	settings []string,
) (times []time.Duration, err error) {
	database, drop, err := process.NewSchema(ctx, p.database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	// The tables are made first: a replica that hears nothing from the database could not make them itself.
	if err := process.Migrate(ctx, binary, database); err != nil {
		return nil, err
	}
	var fleet fleet
	defer func() { err = errors.Join(err, fleet.stop()) }()
	for range p.replicas {
		flagd, err := process.Start(
			ctx,
			binary,
			folder,
			append([]string{"FLAGD_DATABASE_URL=" + database}, settings...)...)
		if err != nil {
			return nil, err
		}
		fleet = append(fleet, flagd)
	}
	return fleet.measure(ctx, p.changes)
}
