package control

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// view is one look at an environment. It reads what it is asked for, and the deployments of a service once.
type view struct {
	store       Store
	ref         store.EnvironmentRef
	now         time.Time
	deployments map[string][]release.Deployment // by service
	fleet       *release.Fleet                  // nil: not read yet
	fleetErr    error                           // why the fleet is unknown
}

func newView(s Store, ref store.EnvironmentRef, now time.Time) *view {
	return &view{store: s, ref: ref, now: now, deployments: make(map[string][]release.Deployment)}
}

// observe gives what a decision on a release of the environment is made upon.
func (v *view) observe(ctx context.Context, r store.Release) (release.Observation, error) {
	seen, err := v.surroundings(ctx, r)
	if err != nil {
		return release.Observation{}, err
	}
	return v.observeFlag(ctx, r, seen)
}

// surroundings gives what is seen around a release without its flag.
func (v *view) surroundings(ctx context.Context, r store.Release) (release.Observation, error) {
	deployments, err := v.awaited(ctx, r)
	if err != nil {
		return release.Observation{}, err
	}
	return release.Observation{Deployments: deployments, Fleet: v.alive(ctx)}, nil
}

// observeFlag completes what is seen around a release by its flag. It gives store.ErrNotFound for one that is archived.
func (v *view) observeFlag(
	ctx context.Context, r store.Release, seen release.Observation,
) (release.Observation, error) {
	flag, err := v.store.Flag(ctx, v.ref.Project, r.Flag)
	if err != nil {
		return release.Observation{}, err
	}
	config, err := v.store.FlagConfig(ctx, store.FlagRef{EnvironmentRef: v.ref, Flag: r.Flag})
	if err != nil {
		return release.Observation{}, err
	}
	seen.Flag = evaluator.Flag{
		Key: flag.Key, Type: flag.Type, Variations: flag.Variations, ClientSide: flag.ClientSide,
		Config: config.Config, FleetOpen: config.FleetOpen,
	}
	seen.ConfigVersion = config.Version
	return seen, nil
}

// alive counts the instances that are alive, once. A fleet that cannot be read is unknown, and fleetErr says why: nobody
// is kept from reverting a release by that.
func (v *view) alive(ctx context.Context) release.Fleet {
	if v.fleet != nil {
		return *v.fleet
	}
	v.fleet = &release.Fleet{}
	instances, err := v.store.ListInstances(ctx, v.ref, v.now.Add(-store.PresenceTTL))
	if err != nil {
		v.fleetErr = err
		return *v.fleet
	}
	alive := make([]release.Instance, len(instances))
	for i, instance := range instances {
		alive[i] = release.Instance{Service: instance.Service, Version: instance.Version}
	}
	*v.fleet = release.NewFleet(alive)
	return *v.fleet
}

// awaited gives the deployments of the service that the release waits for, if it waits for one. The deployment that
// started the release is among them however old it is: without it nobody could tell a newer version from an older one.
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
	origin, err := v.store.Deployment(ctx, v.ref, id)
	if errors.Is(err, store.ErrNotFound) {
		return recent, nil
	}
	return append(slices.Clip(recent), origin.Deployment), err
}

// of gives the recent deployments of a service.
func (v *view) of(ctx context.Context, service string) ([]release.Deployment, error) {
	if deployments, read := v.deployments[service]; read {
		return deployments, nil
	}
	stored, err := v.store.ListDeployments(ctx, v.ref, store.DeploymentFilter{Service: service, Limit: recentDeployments})
	if err != nil {
		return nil, err
	}
	deployments := make([]release.Deployment, len(stored))
	for i, d := range stored {
		deployments[i] = d.Deployment
	}
	v.deployments[service] = deployments
	return deployments, nil
}
