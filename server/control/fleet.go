package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// gate brings the availability of scope fleet of an environment's flags up to date, and tells whether there is any.
func (l *Loop) gate(ctx context.Context, v *view, g *gates, now time.Time) (gated bool, err error) {
	if err := g.refresh(ctx, l.store, v.ref); err != nil || len(g.flags) == 0 {
		return false, err
	}
	fleet := v.alive(ctx)
	errs := []error{v.fleetErr}
	for key, flag := range g.flags {
		if err := l.open(ctx, v, key, flag, fleet, now); err != nil {
			errs = append(errs, fmt.Errorf("availability of flag %q: %w", key, err))
		}
	}
	return true, errors.Join(errs...)
}

// open opens or closes one flag.
func (l *Loop) open(ctx context.Context, v *view, key string, flag gate, fleet release.Fleet, now time.Time) error {
	a := flag.availability
	deployments, err := v.of(ctx, a.Service)
	if err != nil {
		return err
	}
	open := release.NextGate(a, release.Gate{Open: flag.open}, deployments, fleet).Open
	if open == flag.open {
		return nil
	}
	reason := fmt.Sprintf("Closed: not every live instance of %s is known to have %s.", a.Service, a.Version)
	if open {
		reason = fmt.Sprintf("Opened: every live instance of %s has %s.", a.Service, a.Version)
	}
	err = l.store.SetFleetOpen(ctx, store.FlagRef{EnvironmentRef: v.ref, Flag: key}, open, store.Attribution{
		Actor: releaseActor, Reason: reason, At: now,
	})
	if errors.Is(err, store.ErrNotFound) { // archived meanwhile
		return nil
	}
	return err
}
