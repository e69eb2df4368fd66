package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/supervise"
)

// visitAll goes to the environments that have changed and to those where something is due. It tells when the next
// thing is due.
func (l *Loop) visitAll(ctx context.Context, now time.Time) (due time.Time, err error) {
	due = now.Add(pollEvery)
	environments, err := l.store.ListEnvironments(ctx, "")
	if err != nil {
		return due, err
	}
	l.forgetTheFuture(now)
	moved := l.moved(environments)
	var errs []error
	for _, environment := range environments {
		p := l.places[environment.EnvironmentRef]
		if p == nil {
			p = &place{ref: environment.EnvironmentRef}
			l.places[p.ref] = p
		}
		p.askDownstream(moved)
		of := supervise.Piece{Name: "control loop", Detail: p.ref.Project + "/" + p.ref.Environment}
		if err := supervise.Try(ctx, of, func() error { return l.visit(ctx, p, environment, now) }); err != nil {
			errs = append(errs, fmt.Errorf("environment %s/%s: %w", p.ref.Project, p.ref.Environment, err))
		}
		if l.renewAt.IsZero() { // the lead was lost on the way
			break
		}
		due = sooner(due, p.due())
	}
	l.publishLatches()
	return due, errors.Join(errs...)
}

// moved gives the environments that have changed since the last turn.
func (l *Loop) moved(environments []store.Environment) map[store.EnvironmentRef]bool {
	moved := make(map[store.EnvironmentRef]bool)
	for _, environment := range environments {
		if p := l.places[environment.EnvironmentRef]; p == nil || p.revision != environment.Revision {
			moved[environment.EnvironmentRef] = true
		}
	}
	return moved
}

// forgetTheFuture begins anew after the clock was set back. What seemed to be due later may be due now.
func (l *Loop) forgetTheFuture(now time.Time) {
	if l.lastTurn.Sub(now) > pollEvery {
		clear(l.places)
	}
	l.lastTurn = now
}

// visit catches up with an environment and brings its availability up to date. Then it asks those releases that have
// a reason to decide again.
func (l *Loop) visit(ctx context.Context, p *place, environment store.Environment, now time.Time) error {
	if p.revision != environment.Revision {
		if err := p.catchUp(ctx, l.store); err != nil {
			return err
		}
		p.revision = environment.Revision
	}
	v := &view{store: l.store, ref: p.ref, now: now, known: &p.known, freezes: environment.Freezes, guards: l.guards}
	// Availability goes first, so that a release sees what is open now.
	errs := []error{l.latch(ctx, v, p, now)}
	for flag, r := range p.releases {
		if r.asked && (r.due.IsZero() || now.Before(r.due)) {
			continue
		}
		if l.renewAt.IsZero() {
			break
		}
		if err := l.settle(ctx, v, p, r, now); err != nil {
			errs = append(errs, fmt.Errorf("release of flag %q: %w", flag, err))
		}
	}
	return errors.Join(append(errs, v.blind)...)
}

// settle applies what a release decides by itself. If that fails, the release will be asked again.
func (l *Loop) settle(ctx context.Context, v *view, p *place, r *tracked, now time.Time) error {
	if r.stale {
		if err := p.reread(ctx, l.store, r.Flag); err != nil || p.releases[r.Flag] == nil {
			return err
		}
		r = p.releases[r.Flag]
	}
	seen, err := v.surroundings(ctx, r.Release)
	if err != nil {
		return err
	}
	measurements := v.measure(ctx, r.Release, &seen)
	if r.unmoved(measurements, now) {
		r.answered(now)
		return nil
	}
	r.measurements = measurements
	mayLoseCode := release.UnderWay(r.Release.Release) && p.latches.flags[r.Flag] != nil
	if !mayLoseCode && release.Idle(r.Release.Release, seen, now) {
		r.answered(now)
		return nil
	}
	seen, err = v.observeFlag(ctx, r.Release, seen)
	if errors.Is(err, store.ErrNotFound) { // the flag was archived meanwhile
		delete(p.releases, r.Flag)
		return nil
	}
	if err != nil {
		return err
	}
	decision := release.Next(r.Release.Release, seen, now)
	if decision.None() {
		r.answered(now)
		return nil
	}
	return l.apply(ctx, r, decision, seen, now)
}

// apply stores a decision.
func (l *Loop) apply(
	ctx context.Context,
	r *tracked,
	decision release.Decision,
	seen release.Observation,
	now time.Time,
) error {
	// A turn with many decisions may take longer than the lease lasts.
	if leads, err := l.lead(ctx, l.now().Round(0)); err != nil || !leads {
		return err
	}
	next := r.Release
	next.State = *decision.State
	stored, err := l.store.PutRelease(ctx, next, configWrite(decision, seen), r.Version, store.Attribution{
		Actor: releaseActor, Reason: next.State.Reason, At: now,
	})
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
		// Somebody else was faster and raised the revision: look again.
		r.stale = true
		l.Wake()
		return nil
	}
	if err != nil {
		return err
	}
	l.log.InfoContext(
		ctx,
		"release moved",
		"project",
		r.Project,
		"environment",
		r.Environment,
		"flag",
		r.Flag,
		"phase",
		stored.State.Phase,
		"step",
		stored.State.Step,
		"weight",
		stored.State.Weight,
		"reason",
		stored.State.Reason,
	)
	r.Release = stored
	return nil
}

// answered notes that a release has nothing to decide now. It also notes when the release has to be asked again even
// if no change is announced.
func (r *tracked) answered(now time.Time) {
	r.asked, r.turns = true, release.Due(r.Release.Release, now)
	r.due = r.turns
	if release.Watches(r.Release.Release) {
		r.due = sooner(r.due, now.Add(pollEvery))
	}
}

// sooner is the earlier of two times. The zero time means never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
