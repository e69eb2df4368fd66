package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// Fleet gives who is alive in the environment, by service and version. A shadow instance says itself that it is one,
// or its deployment says so.
func (s *Releases) Fleet(ctx context.Context, ref store.EnvironmentRef, now time.Time) ([]store.Instance, error) {
	v := &view{store: s.store, ref: ref, now: now, known: &deployments{}}
	return v.instances(ctx, func(string) bool { return true })
}

// latch brings the availability of scope fleet of the environment's flags up to date. It also marks the releases that
// depend on who is alive, so that they are asked.
func (l *Loop) latch(ctx context.Context, v *view, p *place, now time.Time) error {
	watched := p.allWatched()
	if len(watched) == 0 {
		return nil
	}
	fleet, err := v.alive(ctx, watched)
	p.compare(fleet)
	errs := []error{err}
	for key, g := range p.latches.flags {
		if !g.ofFleet() {
			continue
		}
		if err := l.move(ctx, v, p, key, fleet, now); err != nil {
			errs = append(errs, fmt.Errorf("availability of flag %q: %w", key, err))
		}
	}
	return errors.Join(errs...)
}

// move opens or closes one flag, or changes its warning.
func (l *Loop) move(ctx context.Context, v *view, p *place, key string, fleet release.Fleet, now time.Time) error {
	g, ref := p.latches.flags[key], store.FlagRef{EnvironmentRef: v.ref, Flag: key}
	deployments, err := v.of(ctx, g.availability.Service)
	if err != nil {
		return err
	}
	was, err := g.current(ctx, l.store, ref)
	if errors.Is(err, store.ErrNotFound) { // archived meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	next := release.NextLatch(g.availability, was, deployments, fleet)
	if next == was {
		return nil
	}
	by := store.Attribution{Actor: releaseActor, Reason: describeLatch(g, next), At: now}
	err = l.store.SetFleetLatch(ctx, ref, next, by)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	g.stands = next
	p.ask(key)
	if next.Warning != "" {
		l.log.WarnContext(ctx, "the fleet contradicts the availability of a flag", "project", ref.Project,
			"environment", ref.Environment, "flag", key, "warning", next.Warning)
	}
	return nil
}

// describeLatch is the text for the history about a latch that moved.
func describeLatch(g *latch, next release.Latch) string {
	a := g.availability
	switch {
	case next.Warning != "":
		return next.Warning
	case next.Open:
		return fmt.Sprintf("Open: every live instance of %s has %s.", a.Service, a.Version)
	default:
		return fmt.Sprintf("Closed: not every live instance of %s is known to have %s.", a.Service, a.Version)
	}
}
