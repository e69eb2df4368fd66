package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/supervise"
)

// What the checkout tracks. The duration is in milliseconds.
const (
	checkoutAttempt  = "checkout.attempt"
	checkoutError    = "checkout.error"
	checkoutDuration = "checkout.duration"
)

const (
	// reportInterval is how often every instance reports, and attemptsReported is the number of attempts in each
	// report.
	reportInterval   = time.Second
	attemptsReported = 20
	// customers is the number of different customers.
	customers = 200_000
	// spread is how much durations differ: the standard deviation of their logarithm.
	spread = 0.45
)

// How the checkout behaves: the share of attempts that fail, and the median duration in milliseconds. The new version
// is a little better, so that only a person stops its release.
const (
	oldFailures, oldMedian = 0.024, 340.0
	newFailures, newMedian = 0.020, 310.0
)

// TrafficStore is the part of a store.Store that Traffic works with.
type TrafficStore interface {
	measure.Store
	Definitions
}

// Traffic plays the shop's customers, who do not exist. They use the checkout in production and are served what the
// flag serves. The shop's instances track what they do, and that is measured like everything that applications
// report.
type Traffic struct {
	Store TrafficStore
	Log   *slog.Logger
	Now   func() time.Time
}

// Run plays customers until ctx ends.
func (t *Traffic) Run(ctx context.Context) {
	flags := newServed(t.Store, environmentRef("production"))
	recorder := measure.NewRecorder(t.Store, flags, t.Now, t.Log)
	var recording sync.WaitGroup
	supervise.Start(ctx, &recording, supervise.Piece{Name: "demo", Detail: "recorder"}, recorder.Run)
	defer recording.Wait()
	ticker := time.NewTicker(reportInterval)
	defer ticker.Stop()
	failing := false
	for {
		err := report(ctx, recorder, flags)
		if err != nil && !failing && ctx.Err() == nil {
			t.Log.WarnContext(ctx, "the demo's customers could not be measured; trying again", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// report is what every instance of the checkout tells of the last interval.
func report(ctx context.Context, recorder *measure.Recorder, flags *served) error {
	snapshot, err := flags.refresh(ctx)
	if err != nil {
		return err
	}
	for _, instance := range checkoutRuns().instances() {
		events, evaluations := checkOut(snapshot, attemptsReported)
		from := measure.Source{Service: checkout, Version: CheckoutVersion, Instance: instance}
		if _, err := recorder.Record(ctx, flags.ref, from, events, evaluations); err != nil {
			return fmt.Errorf("record events: %w", err)
		}
	}
	return nil
}

// checkOut gives what the application tracks of some attempts, and how often the flag served each variation.
func checkOut(
	snapshot *evaluator.Snapshot,
	attempts int,
) (events []measure.TrackingEvent, evaluations []measure.Evaluations) {
	counts := make(map[string]int64)
	for range attempts {
		customer := map[string]any{evaluator.AttributeTargetingKey: fmt.Sprintf("customer-%d", rand.IntN(customers))}
		c := evaluator.MapContext(customer)
		variation := snapshot.Evaluate(newCheckout, &c).Variation
		counts[variation]++
		failures, median := oldFailures, oldMedian
		if variation == "on" {
			failures, median = newFailures, newMedian
		}
		events = append(
			events,
			measure.TrackingEvent{Name: checkoutAttempt, Attributes: customer},
			measure.TrackingEvent{
				Name:       checkoutDuration,
				Value:      median * math.Exp(spread*rand.NormFloat64()),
				Attributes: customer,
			},
		)
		if rand.Float64() < failures {
			events = append(events, measure.TrackingEvent{Name: checkoutError, Attributes: customer})
		}
	}
	for variation, count := range counts {
		evaluations = append(evaluations, measure.Evaluations{Flag: newCheckout, Variation: variation, Count: count})
	}
	return events, evaluations
}
