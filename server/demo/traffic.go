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
	// reportInterval is how often every instance reports, attemptsReported how many attempts it has seen then.
	reportInterval   = time.Second
	attemptsReported = 20
	// customers is how many there are to come by.
	customers = 200_000
	// spread is how much durations differ: the standard deviation of their logarithm.
	spread = 0.45
)

// What the checkout is like: the share of attempts that fail, and the median of durations in milliseconds. The new
// one is a little better, so that nothing but a person stops its release.
const (
	oldFailures, oldMedian = 0.024, 340.0
	newFailures, newMedian = 0.020, 310.0
)

// TrafficStore is the part of a store.Store that Traffic works with.
type TrafficStore interface {
	measure.Store
	Definitions
}

// Traffic is the shop's customers, who do not exist: they come by the checkout in production, are served what the flag
// serves, and what its instances track of them is measured like everything that applications report.
type Traffic struct {
	Store TrafficStore
	Log   *slog.Logger
	Now   func() time.Time
}

// Run has customers come by until ctx ends.
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

// checkOut is what the application tracks of some attempts, and how often the flag served what.
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
