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
	versions, err := l.fleet(ctx, v.ref, now)
	if err != nil {
		return true, err
	}
	var errs []error
	for key, flag := range g.flags {
		if err := l.open(ctx, v, key, flag, versions[flag.availability.Service], now); err != nil {
			errs = append(errs, fmt.Errorf("availability of flag %q: %w", key, err))
		}
	}
	return true, errors.Join(errs...)
}

// fleet gives the versions of the live instances by service.
func (l *Loop) fleet(ctx context.Context, ref store.EnvironmentRef, now time.Time) (map[string][]string, error) {
	instances, err := l.store.ListInstances(ctx, ref, now.Add(-l.presence))
	if err != nil {
		return nil, err
	}
	versions := make(map[string][]string)
	for _, i := range instances {
		versions[i.Service] = append(versions[i.Service], i.Version)
	}
	return versions, nil
}

// open opens or closes one flag.
func (l *Loop) open(ctx context.Context, v *view, key string, flag gate, versions []string, now time.Time) error {
	a := flag.availability
	deployments, err := v.of(ctx, a.Service)
	if err != nil {
		return err
	}
	open := release.FleetOpen(a, deployments, versions)
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
