package control

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// view is one look at an environment.
type view struct {
	store       Store
	ref         store.EnvironmentRef
	flags       map[string]store.Flag
	configs     map[string]store.FlagConfig
	deployments map[string][]release.Deployment // by service, as far as asked for
}

func (l *Loop) view(ctx context.Context, ref store.EnvironmentRef) (*view, error) {
	v := &view{
		store: l.store, ref: ref, flags: make(map[string]store.Flag), configs: make(map[string]store.FlagConfig),
		deployments: make(map[string][]release.Deployment),
	}
	flags, err := l.store.ListFlags(ctx, ref.Project, store.FlagFilter{})
	if err != nil {
		return nil, err
	}
	for _, flag := range flags {
		v.flags[flag.Key] = flag
	}
	configs, err := l.store.ListFlagConfigs(ctx, ref)
	if err != nil {
		return nil, err
	}
	for _, config := range configs {
		v.configs[config.Flag] = config
	}
	return v, nil
}

// observe gives what a decision on a release of the environment is made upon.
func (v *view) observe(ctx context.Context, r store.Release) (release.Observation, error) {
	flag, known := v.flags[r.Flag]
	config, configured := v.configs[r.Flag]
	if !known || !configured {
		return release.Observation{}, fmt.Errorf("flag %q: %w", r.Flag, store.ErrNotFound)
	}
	seen := observation(flag, config)
	if trigger := r.Spec.Trigger.Deployment; trigger != nil {
		deployments, err := v.of(ctx, trigger.Service)
		if err != nil {
			return release.Observation{}, err
		}
		seen.Deployments, err = withOrigin(ctx, v.store, r, deployments)
		return seen, err
	}
	return seen, nil
}

// of gives the deployments of a service.
func (v *view) of(ctx context.Context, service string) ([]release.Deployment, error) {
	if deployments, read := v.deployments[service]; read {
		return deployments, nil
	}
	deployments, err := deploymentsOf(ctx, v.store, v.ref, service)
	if err == nil {
		v.deployments[service] = deployments
	}
	return deployments, err
}
