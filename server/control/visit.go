package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// place is what the loop remembers of an environment.
type place struct {
	// revision is what was seen to the end; zero means that there is more to do.
	revision int64
	// due is when there is something to do although nothing changes; zero: never.
	due   time.Time
	gates gates
}

// visitAll goes to the environments that have changed or where something is due. It tells when the next thing is due.
func (l *Loop) visitAll(ctx context.Context, now time.Time) (due time.Time, err error) {
	due = now.Add(pollEvery)
	environments, err := l.store.ListEnvironments(ctx, "")
	if err != nil {
		return due, err
	}
	var errs []error
	for _, environment := range environments {
		ref := environment.EnvironmentRef
		p := l.places[ref]
		if p == nil {
			p = &place{}
			l.places[ref] = p
		}
		if p.revision != environment.Revision || (!p.due.IsZero() && !now.Before(p.due)) {
			p.revision = environment.Revision
			if p.due, err = l.visit(ctx, ref, &p.gates, now); err != nil {
				p.revision = 0
				errs = append(errs, fmt.Errorf("environment %s/%s: %w", ref.Project, ref.Environment, err))
			}
		}
		if l.renewAt.IsZero() { // the lead was lost on the way
			break
		}
		if !p.due.IsZero() && p.due.Before(due) {
			due = p.due
		}
	}
	return due, errors.Join(errs...)
}

// visit lets every release of an environment take its next decision, and brings its availability up to date.
func (l *Loop) visit(ctx context.Context, ref store.EnvironmentRef, g *gates, now time.Time) (due time.Time, err error) {
	// The releases are read before the configurations: what is written in between fails the guards of the decision.
	releases, err := l.store.ListReleases(ctx, ref)
	if err != nil {
		return due, err
	}
	v := newView(l.store, ref, now)
	var errs []error
	for _, r := range releases {
		next, err := l.settle(ctx, v, r, now)
		if err != nil {
			errs = append(errs, fmt.Errorf("release of flag %q: %w", r.Flag, err))
		}
		due = sooner(due, next)
	}
	gated, err := l.gate(ctx, v, g, now)
	if err != nil {
		errs = append(errs, err)
	}
	if gated {
		due = sooner(due, now.Add(pollEvery))
	}
	return due, errors.Join(errs...)
}

// settle applies what a release decides by itself, and tells when it is to be asked again.
func (l *Loop) settle(ctx context.Context, v *view, r store.Release, now time.Time) (due time.Time, err error) {
	seen, err := v.surroundings(ctx, r)
	if err != nil {
		return due, err
	}
	if release.Idle(r.Release, seen, now) {
		return dueOf(r.Release, now), nil
	}
	seen, err = v.observeFlag(ctx, r, seen)
	if errors.Is(err, store.ErrNotFound) { // the flag was archived meanwhile
		return due, nil
	}
	if err != nil {
		return due, err
	}
	decision := release.Next(r.Release, seen, now)
	if decision.None() {
		return dueOf(r.Release, now), nil
	}
	// A turn with many decisions may take longer than the lease lasts.
	if leads, err := l.lead(ctx, l.now()); err != nil || !leads {
		return due, err
	}
	next := r
	next.State = *decision.State
	stored, err := l.store.PutRelease(ctx, next, configWrite(decision, seen), r.Version, store.Attribution{
		Actor: releaseActor, Reason: next.State.Reason, At: now,
	})
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
		// Somebody was faster, which raised the revision: look again.
		l.Wake()
		return due, nil
	}
	if err != nil {
		return due, err
	}
	l.log.InfoContext(ctx, "release moved", "project", r.Project, "environment", r.Environment, "flag", r.Flag,
		"phase", stored.State.Phase, "step", stored.State.Step, "weight", stored.State.Weight, "reason", stored.State.Reason)
	return dueOf(stored.Release, now), nil
}

// dueOf is when a release is to be asked again although nothing is announced, zero: never.
func dueOf(r release.Release, now time.Time) time.Time {
	due := release.Due(r, now)
	if release.Watches(r) {
		due = sooner(due, now.Add(pollEvery))
	}
	return due
}

// sooner is the earlier of two times, of which zero means never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
