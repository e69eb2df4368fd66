package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// gate brings the availability of scope fleet of an environment's flags up to date, and tells whether there is any.
func (l *Loop) gate(ctx context.Context, v *view, now time.Time) (gated bool, err error) {
	var versions map[string][]string
	var errs []error
	for key, config := range v.configs {
		a := config.Config.Availability
		if a == nil || a.Scope != evaluator.ScopeFleet {
			continue
		}
		if versions == nil {
			if versions, err = l.fleet(ctx, v.ref, now); err != nil {
				return true, err
			}
		}
		if err := l.open(ctx, v, config, versions[a.Service], now); err != nil {
			errs = append(errs, fmt.Errorf("availability of flag %q: %w", key, err))
		}
	}
	return versions != nil, errors.Join(errs...)
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
func (l *Loop) open(ctx context.Context, v *view, config store.FlagConfig, versions []string, now time.Time) error {
	a := *config.Config.Availability
	deployments, err := v.of(ctx, a.Service)
	if err != nil {
		return err
	}
	open := release.FleetOpen(a, deployments, versions)
	if open == config.FleetOpen {
		return nil
	}
	reason := fmt.Sprintf("Closed: not every live instance of %s is known to have %s.", a.Service, a.Version)
	if open {
		reason = fmt.Sprintf("Opened: every live instance of %s has %s.", a.Service, a.Version)
	}
	err = l.store.SetFleetOpen(ctx, config.FlagRef, open, store.Attribution{
		Actor: releaseActor, Reason: reason, At: now,
	})
	if errors.Is(err, store.ErrNotFound) { // archived meanwhile
		return nil
	}
	return err
}
