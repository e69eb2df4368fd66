package api

import (
	"context"
	"errors"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// summaries say what each flag of the project does in each environment, by flag key and environment key. They take
// one query, and one more for the releases of each environment. The number of flags does not matter.
func (a *API) summaries(
	ctx context.Context,
	project string,
	environments []store.Environment,
) (map[string]map[string]openapi.FlagSummary, error) {
	configs, err := a.Store.ListFlagConfigs(ctx, environmentRef(project, ""))
	if err != nil {
		return nil, err
	}
	releases := map[store.FlagRef]store.Release{}
	for _, environment := range environments {
		listed, err := a.Store.ListReleases(ctx, environment.EnvironmentRef)
		if err != nil {
			return nil, err
		}
		for _, r := range listed {
			releases[store.FlagRef{EnvironmentRef: r.EnvironmentRef, Flag: r.Flag}] = r
		}
	}
	all := map[string]map[string]openapi.FlagSummary{}
	for _, c := range configs {
		if all[c.Flag] == nil {
			all[c.Flag] = map[string]openapi.FlagSummary{}
		}
		r, released := releases[c.FlagRef]
		latest := &r.Release
		if !released {
			latest = nil
		}
		all[c.Flag][c.Environment] = summarize(c, latest)
	}
	return all, nil
}

// flagSummaries is summaries for one flag.
func (a *API) flagSummaries(ctx context.Context, f store.Flag) (map[string]openapi.FlagSummary, error) {
	all := map[string]openapi.FlagSummary{}
	if f.Archived {
		return all, nil
	}
	environments, err := a.Store.ListEnvironments(ctx, f.Project)
	if err != nil {
		return nil, err
	}
	for _, environment := range environments {
		ref := store.FlagRef{EnvironmentRef: environment.EnvironmentRef, Flag: f.Key}
		config, err := a.Store.FlagConfig(ctx, ref)
		if err != nil {
			return nil, err
		}
		latest, err := a.latestRelease(ctx, ref)
		if err != nil {
			return nil, err
		}
		all[environment.Environment] = summarize(config, latest)
	}
	return all, nil
}

// latestRelease is the flag's release in one environment; nil where it has none.
func (a *API) latestRelease(ctx context.Context, ref store.FlagRef) (*release.Release, error) {
	r, err := a.Store.Release(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &r.Release, err
}

// servedBy is what decides on what a configuration serves.
func servedBy(c store.FlagConfig, latest *release.Release) release.Served {
	return release.Served{
		Config: c.Config, ConfigVersion: c.Version, FleetOpen: c.FleetOpen, Killed: c.Kill != nil, Release: latest,
	}
}

func summarize(c store.FlagConfig, latest *release.Release) openapi.FlagSummary {
	summary := openapi.FlagSummary{
		Serving: release.Describe(servedBy(c, latest)),
		Enabled: c.Config.Enabled, Serves: serves(c), Rules: len(c.Config.Rules), Version: c.Version,
		Killed:     c.Kill != nil,
		Expression: len(c.Config.Targeting) > 0,
	}
	for _, target := range c.Config.Targets {
		summary.Targets += len(target.Values)
	}
	if latest != nil {
		summary.Release = &openapi.ReleaseSummary{
			Phase: openapi.ReleasePhase(
				latest.State.Phase,
			),
			Variation: latest.Spec.Variation,
			Weight:    latest.State.Weight,
		}
	}
	return summary
}

// serves lists what is served to a context that matches no target and no rule. Each variation is in it once.
func serves(stored store.FlagConfig) []openapi.WeightedVariation {
	c, off := stored.Config, !stored.Config.Enabled || stored.Kill != nil
	switch {
	case off && c.OffVariation == nil:
		return []openapi.WeightedVariation{}
	case off:
		return []openapi.WeightedVariation{{Variation: *c.OffVariation, Weight: evaluator.TotalWeight}}
	case len(c.Targeting) > 0:
		return []openapi.WeightedVariation{}
	case c.Fallthrough.Rollout == nil:
		return []openapi.WeightedVariation{{Variation: c.Fallthrough.Variation, Weight: evaluator.TotalWeight}}
	}
	sums := make([]openapi.WeightedVariation, 0, len(c.Fallthrough.Rollout.Weights))
	index := map[string]int{}
	for _, share := range c.Fallthrough.Rollout.Weights {
		if i, seen := index[share.Variation]; seen {
			sums[i].Weight += share.Weight
		} else if share.Weight > 0 {
			index[share.Variation] = len(sums)
			sums = append(sums, share)
		}
	}
	return sums
}

// wholeFlag is the document of a flag with its summaries.
func (a *API) wholeFlag(ctx context.Context, f store.Flag) (openapi.Flag, error) {
	summaries, err := a.flagSummaries(ctx, f)
	return flagDocument(f, summaries), err
}

func flagDocument(f store.Flag, summaries map[string]openapi.FlagSummary) openapi.Flag {
	if summaries == nil {
		summaries = map[string]openapi.FlagSummary{}
	}
	return openapi.Flag{
		Key:          f.Key,
		Name:         f.Name,
		Description:  f.Description,
		Type:         openapi.FlagType(f.Type),
		Purpose:      openapi.Purpose(f.Purpose),
		Variations:   f.Variations,
		ClientSide:   f.ClientSide,
		Tags:         f.Tags,
		Owner:        f.Owner,
		Archived:     f.Archived,
		Version:      f.Version,
		CreatedAt:    f.CreatedAt,
		UpdatedAt:    f.UpdatedAt,
		Environments: summaries,
	}
}
