package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// checkVariationsInUse refuses to take away a variation that something in any environment still serves, asks for or
// releases.
func (a *API) checkVariationsInUse(ctx context.Context, before, after store.Flag) (checkedAt, error) {
	gone := removedVariations(before, after)
	if len(gone) == 0 {
		return nil, nil
	}
	environments, err := a.Store.ListEnvironments(ctx, before.Project)
	if err != nil {
		return nil, err
	}
	checked := make(checkedAt, len(environments))
	var f fields
	for _, environment := range environments {
		ref := environment.EnvironmentRef
		definition, err := a.Store.Definition(ctx, ref)
		if err != nil {
			return nil, err
		}
		checked[ref] = definition.Revision
		f = append(f, variationUses(definition, after, gone)...)
		releases, err := a.Store.ListReleases(ctx, ref)
		if err != nil {
			return nil, err
		}
		for _, r := range releases {
			if r.Flag != before.Key || !release.Open(r.Release) {
				continue
			}
			for _, variation := range release.Variations(r.Release) {
				if slices.Contains(gone, variation) {
					f.add("/variations", "cannot lose %q: its release in %s is %s", variation, ref.Environment, r.State.Phase)
				}
			}
		}
	}
	return checked, f.err()
}

// variationUses names everything in one environment that the flag as edited would leave without its variation.
func variationUses(definition evaluator.Definition, edited store.Flag, gone []string) (f fields) {
	for _, flag := range definition.Flags {
		if flag.Key == edited.Key {
			flag.Variations = edited.Variations
			for _, fault := range problem.CompileFields("", evaluator.ValidateConfig(definition, flag)) {
				f.add("/variations", "in use in %s at %s: %s", definition.Environment, fault.Pointer, fault.Detail)
			}
			for _, named := range evaluator.NamedVariations(flag.Config.Targeting) {
				if slices.Contains(gone, named.Variation) {
					f.add("/variations", "cannot lose %q: in %s the expression names it at /targeting%s", named.Variation, definition.Environment, named.Pointer)
				}
			}
			continue
		}
		for _, p := range flag.Config.Prerequisites {
			if p.Flag == edited.Key && slices.Contains(gone, p.Variation) {
				f.add("/variations", "cannot lose %q: it is a prerequisite of flag %s in %s", p.Variation, flag.Key, definition.Environment)
			}
		}
	}
	return f
}

func removedVariations(before, after store.Flag) (gone []string) {
	for _, v := range before.Variations {
		if !slices.ContainsFunc(after.Variations, func(w evaluator.Variation) bool { return w.Key == v.Key }) {
			gone = append(gone, v.Key)
		}
	}
	return gone
}

// checkFlagUnused refuses to archive a flag that others ask for or that is being released.
func (a *API) checkFlagUnused(ctx context.Context, flag store.Flag) (checkedAt, error) {
	environments, err := a.Store.ListEnvironments(ctx, flag.Project)
	if err != nil {
		return nil, err
	}
	checked := make(checkedAt, len(environments))
	var uses []string
	for _, environment := range environments {
		ref := environment.EnvironmentRef
		definition, err := a.Store.Definition(ctx, ref)
		if err != nil {
			return nil, err
		}
		checked[ref] = definition.Revision
		for _, other := range definition.Flags {
			if slices.ContainsFunc(other.Config.Prerequisites, func(p evaluator.Prerequisite) bool { return p.Flag == flag.Key }) {
				uses = append(uses, fmt.Sprintf("it is a prerequisite of flag %s in %s", other.Key, ref.Environment))
			}
		}
		releases, err := a.Store.ListReleases(ctx, ref)
		if err != nil {
			return nil, err
		}
		for _, r := range releases {
			if r.Flag == flag.Key && release.UnderWay(r.Release) {
				uses = append(uses, fmt.Sprintf("its release in %s is %s", ref.Environment, r.State.Phase))
			}
		}
	}
	if len(uses) > 0 {
		return nil, problem.Conflict("Flag %s is in use: %s. Change that first.", flag.Key, strings.Join(uses, "; "))
	}
	return checked, nil
}
