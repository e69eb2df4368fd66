package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/loadtest/process"
	tidegate "github.com/tidegate-io/tidegate/sdk"
)

const (
	// asking is the time between two questions to an SDK: what is measured is no more exact than this.
	asking = 2 * time.Millisecond
	// patience is far more than a revert takes.
	patience = 20 * time.Second
)

// crowd is many SDKs that evaluate in-process, each with a stream of its own.
type crowd []*tidegate.Provider

// connect starts the SDKs, one after the other at the next replica.
func connect(ctx context.Context, replicas []*process.Flagd, key string, size int) (crowd, error) {
	var c crowd
	for i := range size {
		p := tidegate.NewProvider("http://"+replicas[i%len(replicas)].Addr, key,
			tidegate.WithLogger(slog.New(slog.DiscardHandler)), tidegate.WithoutReports())
		if err := p.InitWithContext(ctx, openfeature.EvaluationContext{}); err != nil {
			c.close()
			return nil, fmt.Errorf("start SDK %d: %w", i+1, err)
		}
		c = append(c, p)
	}
	return c, nil
}

func (c crowd) close() {
	for _, p := range c {
		p.Shutdown()
	}
}

// measure returns, in order, how long the event took in each round.
func (c crowd) measure(
	ctx context.Context,
	at *process.Flagd,
	key string,
	e event,
	rounds int,
) ([]time.Duration, error) {
	if err := e.prepare(ctx, at); err != nil {
		return nil, err
	}
	times := make([]time.Duration, rounds)
	for round := range times {
		if err := e.open(ctx, at, key, round); err != nil {
			return nil, err
		}
		if err := c.await(ctx, e, true); err != nil {
			return nil, fmt.Errorf("round %d opens: %w", round, err)
		}
		began := time.Now()
		if err := e.happens(ctx, e, round); err != nil {
			return nil, err
		}
		if err := c.await(ctx, e, false); err != nil {
			return nil, fmt.Errorf("round %d: %w", round, err)
		}
		times[round] = time.Since(began).Round(100 * time.Microsecond)
	}
	slices.Sort(times)
	return times, nil
}

// exposes tells to which names the release serves its variation now.
func (c crowd) exposes(ctx context.Context, e event) func(name string) bool {
	return func(name string) bool { return c[0].BooleanEvaluation(ctx, e.flag, false, user(name, e)).Value }
}

// user is somebody who is served by an instance with the code.
func user(name string, e event) openfeature.FlattenedContext {
	return openfeature.FlattenedContext{
		openfeature.TargetingKey: name, "serviceName": e.service(), "serviceVersion": "2.3.0",
	}
}

// await returns once every SDK serves the value.
func (c crowd) await(ctx context.Context, e event, value bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	who := user("user-1", e)
	var group errgroup.Group
	for i, p := range c {
		group.Go(func() error {
			again := time.NewTicker(asking)
			defer again.Stop()
			for p.BooleanEvaluation(ctx, e.flag, !value, who).Value != value {
				select {
				case <-ctx.Done():
					return fmt.Errorf("SDK %d does not serve %v: %w", i+1, value, ctx.Err())
				case <-again.C:
				}
			}
			return nil
		})
	}
	return group.Wait()
}
