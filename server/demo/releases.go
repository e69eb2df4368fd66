package demo

import (
	"cmp"
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
	theme          = "theme"           // waiting for an approval
)

// CheckoutVersion and StorefrontVersion are what runs in production now.
const (
	CheckoutVersion   = "2.8.0"
	StorefrontVersion = "4.18.0"
)

func (s *shop) planReleases() {
	s.planCompleted()
	s.planReverted()
	s.at(
		2*day,
		s.prepare(loyaltyPoints, product, release.Spec{Policy: "careful", Trigger: deployed(storefront, ">=5.0.0")}),
	)
	s.at(20*hour, s.prepare(theme, product, release.Spec{
		Variation: "winter", Trigger: deployed(storefront, ">="+StorefrontVersion),
		Steps: []release.Step{
			{
				Weight:   evaluator.TotalWeight / 2,
				Approval: true,
				Hold:     release.Duration(day),
			},
			{Weight: evaluator.TotalWeight},
		},
	}))
	// The control loop starts this release as soon as the server runs, because its deployment is a minute old.
	guarded := stepped(
		deployed(checkout, ">="+CheckoutVersion),
		2*time.Minute,
		3*time.Minute,
		5*time.Minute,
		10*time.Minute,
	)
	guarded.Guards = checkoutGuards()
	s.at(5*hour, s.prepare(newCheckout, checkouts, guarded))
}

// checkoutGuards look at what Traffic reports.
func checkoutGuards() []release.Guard {
	return []release.Guard{
		{
			Name:      "Failed checkouts",
			Kind:      release.GuardRate,
			Metric:    checkoutError,
			Per:       checkoutAttempt,
			Tolerance: 0.1,
		},
		{Name: "Slow checkouts", Kind: release.GuardQuantile, Metric: checkoutDuration, Quantile: 0.95, Tolerance: 0.2},
	}
}

func (s *shop) planCompleted() {
	s.at(
		9*day,
		s.prepare(
			expressPayment,
			checkouts,
			stepped(release.Trigger{Manual: true}, 10*time.Minute, time.Hour, 4*time.Hour, day),
		),
	)
	s.at(9*day-hour, s.move(s.releases.Start, expressPayment, checkouts, ""))
	s.at(9*day-2*hour, s.move(s.releases.Promote, expressPayment, checkouts, "No complaints"))
	s.at(9*day-5*hour, s.move(s.releases.Promote, expressPayment, checkouts, ""))
	s.at(9*day-9*hour, s.move(s.releases.Promote, expressPayment, checkouts, ""))
	s.at(8*day, s.move(s.releases.Promote, expressPayment, checkouts, "All markets"))
}

func (s *shop) planReverted() {
	s.at(
		6*day,
		s.prepare(
			savedBaskets,
			product,
			stepped(release.Trigger{Manual: true}, 10*time.Minute, time.Hour, 4*time.Hour, day),
		),
	)
	s.at(6*day-hour, s.move(s.releases.Start, savedBaskets, product, ""))
	s.at(6*day-2*hour, s.move(s.releases.Promote, savedBaskets, product, ""))
	s.at(6*day-3*hour, s.move(s.releases.Revert, savedBaskets, operations, "Baskets of guests were lost"))
}

func deployed(service, version string) release.Trigger {
	return release.Trigger{Deployment: &release.DeploymentTrigger{Service: service, Version: version}}
}

// stepped is the usual five steps with the four holds.
func stepped(trigger release.Trigger, holds ...time.Duration) release.Spec {
	weights := []int{1_000, 5_000, 25_000, 50_000, evaluator.TotalWeight}
	steps := make([]release.Step, len(weights))
	for i, weight := range weights {
		steps[i].Weight = weight
		if i < len(holds) {
			steps[i].Hold = release.Duration(holds[i])
		}
	}
	return release.Spec{Trigger: trigger, Steps: steps, OnRollback: release.OnRollbackRevert}
}

// prepare puts a release, of the variation on unless the spec says otherwise.
func (s *shop) prepare(flag, person string, spec release.Spec) func(context.Context, time.Time) error {
	spec.Variation = cmp.Or(spec.Variation, "on")
	return func(ctx context.Context, at time.Time) error {
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
