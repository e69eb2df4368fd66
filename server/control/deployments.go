package control

import (
	"context"
	"errors"
	"slices"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// deployments remembers the deployments of an environment that were read. It forgets them when one of them changes.
type deployments struct {
	byService map[string][]release.Deployment // the recent ones
	byID      map[string]release.Deployment   // those of which releases remember more than is recent
}

// forget is called when the deployment with the id has changed. Other deployments that are old do not change any
// more, so they stay remembered.
func (d *deployments) forget(id string) {
	clear(d.byService)
	delete(d.byID, id)
}

// awaited gives the deployments of the service that the release waits for, if it waits for one. It always includes
// the deployment that started the release, however old that is. Without it nobody could tell a newer version from an
// older one.
func (v *view) awaited(ctx context.Context, r store.Release) ([]release.Deployment, error) {
	trigger := r.Spec.Trigger.Deployment
	if trigger == nil {
		return nil, nil
	}
	recent, err := v.of(ctx, trigger.Service)
	id := r.State.Deployment
	if err != nil || id == "" || slices.ContainsFunc(recent, func(d release.Deployment) bool { return d.ID == id }) {
		return recent, err
	}
	origin, err := v.origin(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return recent, nil
	}
	return append(slices.Clip(recent), origin), err
}

// of gives the recent deployments of a service.
func (v *view) of(ctx context.Context, service string) ([]release.Deployment, error) {
	if known, read := v.known.byService[service]; read {
		return known, nil
	}
	stored, err := v.store.ListDeployments(ctx, v.ref, store.Recent(service))
	if err != nil {
		return nil, err
	}
	recent := store.WithoutEnvironment(stored)
	if v.known.byService == nil {
		v.known.byService = make(map[string][]release.Deployment)
	}
	v.known.byService[service] = recent
	return recent, nil
}

// origin gives the deployment with the id.
func (v *view) origin(ctx context.Context, id string) (release.Deployment, error) {
	if known, read := v.known.byID[id]; read {
		return known, nil
	}
	stored, err := v.store.Deployment(ctx, v.ref, id)
	if err != nil {
		return release.Deployment{}, err
	}
	if v.known.byID == nil {
		v.known.byID = make(map[string]release.Deployment)
	}
	v.known.byID[id] = stored.Deployment
	return stored.Deployment, nil
}
