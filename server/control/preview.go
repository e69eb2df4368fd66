package control

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// Preview is what a report of a deployment would do.
type Preview struct {
	// Deployment is what would be stored.
	Deployment store.Deployment
	// Known tells whether the report belongs to a deployment that was reported before. Changed tells whether the
	// report says something new.
	Known   bool
	Changed bool
	// Moves are the releases that would move at once because of the report alone.
	Moves []Move
}

// Move is a release, and the state that it would go to.
type Move struct {
	Release store.Release
	Next    release.State
}

// Preview tells what Deploy would do with a report that comes now. It gives the same errors.
func (s *Releases) Preview(ctx context.Context, d store.Deployment, now time.Time) (Preview, error) {
	if err := s.completeReport(ctx, &d, now); err != nil {
		return Preview{}, err
	}
	p := Preview{Deployment: d, Changed: true}
	recent, err := s.store.ListDeployments(ctx, d.EnvironmentRef, store.Recent(d.Service))
	if err != nil {
		return Preview{}, err
	}
	i := slices.IndexFunc(recent, func(known store.Deployment) bool {
		return known.Source == d.Source && known.ExternalID == d.ExternalID
	})
	if i >= 0 {
		p.Known = true
		p.Deployment.Deployment, p.Changed = release.Merge(recent[i].Deployment, d.Deployment)
	}
	if p.Changed {
		p.Moves, err = s.moves(ctx, p.Deployment, now)
	}
	return p, err
}

// moves compares what the releases of an environment decide with and without the deployment.
func (s *Releases) moves(ctx context.Context, d store.Deployment, now time.Time) ([]Move, error) {
	releases, err := s.store.ListReleases(ctx, d.EnvironmentRef)
	if err != nil {
		return nil, err
	}
	without, err := newView(ctx, s.store, s.judge.Guards, d.EnvironmentRef, now)
	if err != nil {
		return nil, err
	}
	with, err := newView(ctx, supposed{s.store, d}, s.judge.Guards, d.EnvironmentRef, now)
	if err != nil {
		return nil, err
	}
	var moves []Move
	for _, r := range releases {
		before, err := without.decide(ctx, r, now)
		if err != nil {
			return nil, err
		}
		after, err := with.decide(ctx, r, now)
		if err != nil {
			return nil, err
		}
		if before.None() && !after.None() {
			moves = append(moves, Move{Release: r, Next: *after.State})
		}
	}
	return moves, nil
}

// decide is what the release decides by itself in this view. A release whose flag is archived decides nothing.
func (v *view) decide(ctx context.Context, r store.Release, now time.Time) (release.Decision, error) {
	seen, err := v.observe(ctx, r)
	if errors.Is(err, store.ErrNotFound) {
		return release.Decision{}, nil
	}
	if err != nil {
		return release.Decision{}, err
	}
	return release.Next(r.Release, seen, now), nil
}

// supposed is a store that behaves as if a deployment were stored already.
type supposed struct {
	Store
	deployment store.Deployment
}

// Deployment gives the supposed deployment for its id.
func (s supposed) Deployment(ctx context.Context, ref store.EnvironmentRef, id string) (store.Deployment, error) {
	if id == s.deployment.ID && ref == s.deployment.EnvironmentRef {
		return s.deployment, nil
	}
	return s.Store.Deployment(ctx, ref, id)
}

// ListDeployments adds the supposed deployment to those of its service. The order of these does not matter.
func (s supposed) ListDeployments(
	ctx context.Context, ref store.EnvironmentRef, filter store.DeploymentFilter,
) ([]store.Deployment, error) {
	deployments, err := s.Store.ListDeployments(ctx, ref, filter)
	if err != nil || ref != s.deployment.EnvironmentRef || filter.Service != s.deployment.Service {
		return deployments, err
	}
	deployments = slices.DeleteFunc(deployments, func(d store.Deployment) bool { return d.ID == s.deployment.ID })
	return append([]store.Deployment{s.deployment}, deployments...), nil
}
