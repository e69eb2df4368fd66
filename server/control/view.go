package control

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// view is one look at an environment. It reads only what somebody asks it for.
type view struct {
	store Store
	ref   store.EnvironmentRef
	now   time.Time
	known *deployments
	// guards is nil where nothing is measured. Blind says why the measurements could not be read.
	guards Guards
	blind  error
	// fleet is who is alive. It is unknown until alive has been called.
	fleet release.Fleet
	// freezes are those of the environment.
	freezes []release.Freeze
}

func newView(ctx context.Context, s Store, guards Guards, ref store.EnvironmentRef, now time.Time) (*view, error) {
	environment, err := s.Environment(ctx, ref)
	return &view{store: s, ref: ref, now: now, known: &deployments{}, guards: guards, freezes: environment.Freezes}, err
}

// observe gives what a decision on a release of the environment is based on. If the fleet cannot be read, it is
// unknown. So a failed read keeps nobody from reverting a release.
func (v *view) observe(ctx context.Context, r store.Release) (release.Observation, error) {
	seen, err := v.surroundings(ctx, r)
	if err != nil {
		return release.Observation{}, err
	}
	v.measure(ctx, r, &seen)
	seen, err = v.observeFlag(ctx, r, seen)
	if err != nil {
		return release.Observation{}, err
	}
	services := make(map[string]bool)
	if a := seen.Flag.Config.Availability; a != nil {
		services[a.Service] = true
	}
	if d := r.Spec.Trigger.Deployment; d != nil {
		services[d.Service] = true
	}
	if len(services) > 0 {
		seen.Fleet, _ = v.alive(ctx, services)
	}
	return seen, nil
}

// surroundings gives what is seen around a release, without its flag.
func (v *view) surroundings(ctx context.Context, r store.Release) (release.Observation, error) {
	deployments, err := v.awaited(ctx, r)
	if err != nil {
		return release.Observation{}, err
	}
	upstream, err := v.upstream(ctx, r)
	return release.Observation{Deployments: deployments, Fleet: v.fleet, Freezes: v.freezes, Upstream: upstream}, err
}

// upstream gives the release that a pending release waits for; nil if there is none.
func (v *view) upstream(ctx context.Context, r store.Release) (*release.Release, error) {
	trigger := r.Spec.Trigger.Release
	if trigger == nil || r.State.Phase != release.PhasePending {
		return nil, nil
	}
	found, err := v.store.Release(ctx, store.FlagRef{
		EnvironmentRef: store.EnvironmentRef{Project: v.ref.Project, Environment: trigger.Environment},
		Flag:           cmp.Or(trigger.Flag, r.Flag),
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &found.Release, err
}

// observeFlag adds the flag to what is seen around a release. If the flag is archived, it gives store.ErrNotFound.
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
	seen.ConfigVersion, seen.Killed = config.Version, config.Kill
	return seen, nil
}

// alive counts who is alive of the services. If there is an error, the fleet is unknown.
func (v *view) alive(ctx context.Context, services map[string]bool) (release.Fleet, error) {
	instances, err := v.instances(ctx, func(service string) bool { return services[service] })
	if err != nil {
		return release.Fleet{}, err
	}
	alive := make([]release.Instance, len(instances))
	for i, instance := range instances {
		alive[i] = release.Instance{
			Service: instance.Service, Version: instance.Version, Shadow: instance.Shadow, Doubtful: instance.Doubtful,
		}
	}
	v.fleet = release.NewFleet(alive)
	return v.fleet, nil
}

// instances gives who is alive of the services that asked selects. A shadow instance says itself that it is one, or
// its deployment says so.
func (v *view) instances(ctx context.Context, asked func(service string) bool) ([]store.Instance, error) {
	instances, err := v.store.ListInstances(ctx, v.ref, v.now.Add(-store.PresenceTTL))
	if err != nil {
		return nil, err
	}
	alive := make([]store.Instance, 0, len(instances))
	for _, instance := range instances {
		if !asked(instance.Service) {
			continue
		}
		deployments, err := v.of(ctx, instance.Service)
		if err != nil {
			return nil, err
		}
		instance.Shadow = instance.Shadow || release.Shadowed(instance.Service, instance.Version, deployments)
		alive = append(alive, instance)
	}
	return alive, nil
}
