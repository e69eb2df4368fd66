package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/optimistic"
	"github.com/tidegate-io/tidegate/store"
)

// Releases moves releases and takes in deployments, for people and hooks. It decides as of the time of the
// attribution.
type Releases struct {
	store Store
	wake  func()
	judge Judge
}

// NewReleases returns Releases on s. Judge knows what is measured and checks the guards. Wake is called after every
// change that may concern a Loop.
func NewReleases(s Store, judge Judge, wake func()) *Releases {
	return &Releases{store: s, judge: judge, wake: wake}
}

// Put prepares a release. It replaces a release that is pending or has ended. If the trigger is met already, the
// release starts at once. Put gives an evaluator.CompileErrors if the spec is wrong, and a release.RefusedError while
// another release is under way.
func (s *Releases) Put(
	ctx context.Context, ref store.FlagRef, spec release.Spec, ifVersion int64, by store.Attribution,
) (store.Release, error) {
	return optimistic.Write(ctx, ifVersion != store.AnyVersion, func() (store.Release, error) {
		return s.put(ctx, ref, spec, ifVersion, by)
	})
}

func (s *Releases) put(
	ctx context.Context, ref store.FlagRef, spec release.Spec, ifVersion int64, by store.Attribution,
) (store.Release, error) {
	by, err := s.check(ctx, ref.EnvironmentRef, by)
	if err != nil {
		return store.Release{}, err
	}
	spec, err = s.resolve(ctx, ref, spec)
	if err != nil {
		return store.Release{}, err
	}
	current, err := s.store.Release(ctx, ref)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.Release{}, err
	}
	if ifVersion != store.AnyVersion && ifVersion != current.Version {
		return store.Release{}, &store.ConflictError{What: "the release of flag " + ref.Flag, Current: current.Version}
	}
	if release.UnderWay(current.Release) {
		return store.Release{}, &release.RefusedError{Message: fmt.Sprintf(
			"A release of flag %q is %s in %s. Revert it, or let it complete, before you prepare another.",
			ref.Flag, current.State.Phase, ref.Environment)}
	}
	next := store.Release{
		EnvironmentRef: ref.EnvironmentRef,
		Release:        release.Release{Flag: ref.Flag, Spec: spec, State: release.State{Phase: release.PhasePending}},
	}
	seen, err := s.observe(ctx, next, by.At)
	if err != nil {
		return store.Release{}, err
	}
	next.Release = release.New(uuid.NewString(), ref.Flag, spec, seen, by.At)
	return s.write(ctx, next, nil, current.Version, by)
}

// Start takes the first step of a pending release, whatever its trigger.
func (s *Releases) Start(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error) {
	return s.move(ctx, ref, release.Start, by)
}

// Promote takes the next step at once.
func (s *Releases) Promote(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error) {
	return s.move(ctx, ref, release.Promote, by)
}

// PromoteTo takes the step with the index at once if it is the next one.
func (s *Releases) PromoteTo(
	ctx context.Context,
	ref store.FlagRef,
	step int,
	by store.Attribution,
) (store.Release, error) {
	return s.move(
		ctx,
		ref,
		func(r release.Release, seen release.Observation, now time.Time, why string) (release.Decision, error) {
			return release.PromoteTo(r, seen, step, now, why)
		},
		by,
	)
}

// Pause keeps a release where it is.
func (s *Releases) Pause(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error) {
	return s.move(ctx, ref, release.Pause, by)
}

// Resume goes on with a paused release, on top of whatever was edited meanwhile.
func (s *Releases) Resume(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error) {
	return s.move(ctx, ref, release.Resume, by)
}

// Revert restores what the flag served before the release.
func (s *Releases) Revert(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error) {
	return s.move(ctx, ref, release.Revert, by)
}

// Approve approves the step with the index. If step is nil, it approves the next step that needs it.
func (s *Releases) Approve(
	ctx context.Context,
	ref store.FlagRef,
	step *int,
	by store.Attribution,
) (store.Release, error) {
	return s.move(
		ctx,
		ref,
		func(r release.Release, _ release.Observation, now time.Time, why string) (release.Decision, error) {
			if step == nil {
				return release.ApproveNext(r, now, by.Actor.Name, why)
			}
			return release.Approve(r, *step, now, by.Actor.Name, why)
		},
		by,
	)
}

type verb func(r release.Release, seen release.Observation, now time.Time, why string) (release.Decision, error)

// move applies a verb to the release as it stands.
func (s *Releases) move(ctx context.Context, ref store.FlagRef, do verb, by store.Attribution) (store.Release, error) {
	return optimistic.Write(ctx, false, func() (store.Release, error) {
		// The release is read before the flag. So if somebody writes the flag after that, the guard below fails.
		current, err := s.store.Release(ctx, ref)
		if err != nil {
			return store.Release{}, err
		}
		// While a release is open, nobody can take a variation that it serves or restores from the flag.
		by := by
		if current.State.Phase == release.PhaseCompleted {
			if by, err = s.check(ctx, ref.EnvironmentRef, by); err != nil {
				return store.Release{}, err
			}
		}
		seen, err := s.observe(ctx, current, by.At)
		if err != nil {
			return store.Release{}, err
		}
		decision, err := do(current.Release, seen, by.At, by.Reason)
		if err != nil {
			return store.Release{}, err
		}
		next := current
		next.State = *decision.State
		return s.write(ctx, next, configWrite(decision, seen), current.Version, by)
	})
}

// observe gives what a person's decision on the release is based on.
func (s *Releases) observe(ctx context.Context, r store.Release, now time.Time) (release.Observation, error) {
	v, err := newView(ctx, s.store, s.judge.Guards, r.EnvironmentRef, now)
	if err != nil {
		return release.Observation{}, err
	}
	return v.observe(ctx, r)
}

// write stores a release and, where there is one, the configuration, and wakes the loop.
func (s *Releases) write(
	ctx context.Context, next store.Release, config *store.ConfigWrite, ifVersion int64, by store.Attribution,
) (store.Release, error) {
	if by.Reason == "" {
		by.Reason = next.State.Reason
	}
	stored, err := s.store.PutRelease(ctx, next, config, ifVersion, by)
	if err != nil {
		return store.Release{}, err
	}
	s.wake()
	return stored, nil
}

// check makes a write fail with store.ErrMoved if the environment changes from now on. This is needed before the
// release is stored: until then somebody may take a variation that it serves from the flag.
func (s *Releases) check(
	ctx context.Context,
	ref store.EnvironmentRef,
	by store.Attribution,
) (store.Attribution, error) {
	cursor, err := s.store.Cursor(ctx, ref)
	by.Checked = map[store.EnvironmentRef]int64{ref: cursor.Revision}
	return by, err
}

// configWrite is the configuration that a decision asks for. It is guarded by the version that the decision was based
// on.
func configWrite(d release.Decision, seen release.Observation) *store.ConfigWrite {
	if d.Config == nil {
		return nil
	}
	return &store.ConfigWrite{Config: *d.Config, IfVersion: seen.ConfigVersion}
}
