package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/loadtest/process"
)

const (
	flagKey = "load"
	// between is the average time between two changes. The time is random, so that changes happen at any moment
	// between polls.
	between = 500 * time.Millisecond
	// asking is the time between two questions to a replica: what is measured is no more exact than this.
	asking = time.Millisecond
)

// fleet is replicas on one database.
type fleet []*process.Flagd

func (f fleet) stop() error {
	var errs []error
	for _, flagd := range f {
		errs = append(errs, flagd.Stop())
	}
	return errors.Join(errs...)
}

// measure returns, in order, how long each change took to reach the last replica.
func (f fleet) measure(ctx context.Context, changes int) ([]time.Duration, error) {
	writer := f[0]
	if err := writer.MakeFlag(ctx, flagKey); err != nil {
		return nil, err
	}
	key, err := writer.MakeKey(ctx)
	if err != nil {
		return nil, err
	}
	// Before the first change is measured, the flag and the key must have reached all replicas.
	if _, err := f.change(ctx, key, true); err != nil {
		return nil, err
	}
	times := make([]time.Duration, changes)
	for i := range times {
		if err := wait(ctx, between/2+rand.N(between)); err != nil {
			return nil, err
		}
		if times[i], err = f.change(ctx, key, i%2 == 1); err != nil {
			return nil, err
		}
	}
	slices.Sort(times)
	return times, nil
}

// change switches the flag on the first replica. It returns the time from the acknowledgement until the last replica
// evaluates with the change.
func (f fleet) change(ctx context.Context, key string, on bool) (time.Duration, error) {
	if err := f[0].Switch(ctx, flagKey, on); err != nil {
		return 0, err
	}
	acknowledged := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for _, flagd := range f {
		group.Go(func() error {
			for {
				// A replica that does not know the key or the flag yet gives an error. Any other error lasts until
				// ctx ends.
				if got, err := flagd.Evaluates(ctx, key, flagKey); err == nil && got == on {
					return nil
				}
				if err := wait(ctx, asking); err != nil {
					return err
				}
			}
		})
	}
	err := group.Wait()
	return time.Since(acknowledged).Round(100 * time.Microsecond), err
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
