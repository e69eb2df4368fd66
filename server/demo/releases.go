package demo

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// The flags that have releases in production.
const (
	newCheckout    = "new-checkout"    // under way
	expressPayment = "express-payment" // completed
	loyaltyPoints  = "loyalty-points"  // waiting for a version that is not out yet
	savedBaskets   = "saved-baskets"   // reverted
)

// CheckoutVersion and StorefrontVersion are what runs in production now.
const (
	CheckoutVersion   = "2.8.0"
	StorefrontVersion = "4.18.0"
)

func (s *shop) planReleases() {
	s.planCompleted()
	s.planReverted()
	s.at(2*day, s.prepare(loyaltyPoints, product, deployed(storefront, ">=5.0.0"), 10*time.Minute, time.Hour, 4*time.Hour, day))
	// The control loop starts this one as soon as the server runs: its deployment is a minute old.
	s.at(5*hour, s.prepare(newCheckout, checkouts, deployed(checkout, ">="+CheckoutVersion), 2*time.Minute, 3*time.Minute, 5*time.Minute, 10*time.Minute))
}

func (s *shop) planCompleted() {
	s.at(9*day, s.prepare(expressPayment, checkouts, release.Trigger{Manual: true}, 10*time.Minute, time.Hour, 4*time.Hour, day))
	s.at(9*day-hour, s.move(s.releases.Start, expressPayment, checkouts, ""))
	s.at(9*day-2*hour, s.move(s.releases.Promote, expressPayment, checkouts, "No complaints"))
	s.at(9*day-5*hour, s.move(s.releases.Promote, expressPayment, checkouts, ""))
	s.at(9*day-9*hour, s.move(s.releases.Promote, expressPayment, checkouts, ""))
	s.at(8*day, s.move(s.releases.Promote, expressPayment, checkouts, "All markets"))
}

func (s *shop) planReverted() {
	s.at(6*day, s.prepare(savedBaskets, product, release.Trigger{Manual: true}, 10*time.Minute, time.Hour, 4*time.Hour, day))
	s.at(6*day-hour, s.move(s.releases.Start, savedBaskets, product, ""))
	s.at(6*day-2*hour, s.move(s.releases.Promote, savedBaskets, product, ""))
	s.at(6*day-3*hour, s.move(s.releases.Revert, savedBaskets, operations, "Baskets of guests were lost"))
}

func deployed(service, version string) release.Trigger {
	return release.Trigger{Deployment: &release.DeploymentTrigger{Service: service, Version: version}}
}

// prepare puts a release in the usual five steps with the four holds.
func (s *shop) prepare(flag, person string, trigger release.Trigger, holds ...time.Duration) func(context.Context, time.Time) error {
	weights := []int{1_000, 5_000, 25_000, 50_000, evaluator.TotalWeight}
	steps := make([]release.Step, len(weights))
	for i, weight := range weights {
		steps[i].Weight = weight
		if i < len(holds) {
			steps[i].Hold = release.Duration(holds[i])
		}
	}
	return func(ctx context.Context, at time.Time) error {
		spec := release.Spec{Variation: "on", Trigger: trigger, Steps: steps, OnRollback: release.OnRollbackRevert}
		_, err := s.releases.Put(ctx, flagRef("production", flag), spec, store.AnyVersion, by(person, "", at))
		return err
	}
}

// verb is a method of control.Releases.
type verb func(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error)

func (s *shop) move(do verb, flag, person, reason string) func(context.Context, time.Time) error {
	return func(ctx context.Context, at time.Time) error {
		_, err := do(ctx, flagRef("production", flag), by(person, reason, at))
		return err
	}
}
