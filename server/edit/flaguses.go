package edit

import (
	"context"
	"fmt"
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// usage is everything in one environment that may need a flag.
type usage struct {
	definition evaluator.Definition
	releases   []store.Release
}

// usages reads the usage of every environment of the project. Each is at least as new as its revision in checkedAt.
func (s *Service) usages(ctx context.Context, project string) ([]usage, checkedAt, error) {
	environments, err := s.store.ListEnvironments(ctx, project)
	if err != nil {
		return nil, nil, err
	}
	usages, checked := make([]usage, len(environments)), make(checkedAt, len(environments))
	for i, environment := range environments {
		u, ref := &usages[i], environment.EnvironmentRef
		if u.definition, err = s.store.Definition(ctx, ref); err != nil {
			return nil, nil, err
		}
		checked[ref] = u.definition.Revision
		if u.releases, err = s.store.ListReleases(ctx, ref); err != nil {
			return nil, nil, err
		}
	}
	return usages, checked, nil
}

// checkVariationsInUse refuses to take away a variation that something in any environment still serves, asks for or
// releases.
func (s *Service) checkVariationsInUse(ctx context.Context, before, after store.Flag) (checkedAt, error) {
	gone := removedVariations(before, after)
	if len(gone) == 0 {
		return nil, nil
	}
	usages, checked, err := s.usages(ctx, before.Project)
	if err != nil {
		return nil, err
	}
	var f invalid.Fields
	for _, u := range usages {
		f = append(f, variationUses(u.definition, after, gone)...)
		for _, r := range u.releases {
			if r.Flag != before.Key || !release.Open(r.Release) {
				continue
			}
			for _, variation := range release.Variations(r.Release) {
				if slices.Contains(gone, variation) {
					f.Add(
						"/variations",
						"cannot lose %q: its release in %s is %s",
						variation,
						u.definition.Environment,
						r.State.Phase,
					)
				}
			}
		}
	}
	return checked, f.Err()
}

// variationUses names everything in one environment that needs a variation which the edited flag no longer has.
func variationUses(definition evaluator.Definition, edited store.Flag, gone []string) (f invalid.Fields) {
	for _, flag := range definition.Flags {
		if flag.Key == edited.Key {
			flag.Variations = edited.Variations
			for _, fault := range invalid.Compiled(evaluator.ValidateConfig(definition, flag)) {
				f.Add("/variations", "in use in %s at %s: %s", definition.Environment, fault.Pointer, fault.Detail)
			}
			for _, named := range evaluator.NamedVariations(flag.Config.Targeting) {
				if slices.Contains(gone, named.Variation) {
					f.Add(
						"/variations",
						"cannot lose %q: in %s the expression names it at /targeting%s",
						named.Variation,
						definition.Environment,
						named.Pointer,
					)
				}
			}
			continue
		}
		for _, p := range flag.Config.Prerequisites {
			if p.Flag == edited.Key && slices.Contains(gone, p.Variation) {
				f.Add(
					"/variations",
					"cannot lose %q: it is a prerequisite of flag %s in %s",
					p.Variation,
					flag.Key,
					definition.Environment,
				)
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
func (s *Service) checkFlagUnused(ctx context.Context, flag store.Flag) (checkedAt, error) {
	usages, checked, err := s.usages(ctx, flag.Project)
	if err != nil {
		return nil, err
	}
	var uses []string
	for _, u := range usages {
		for _, other := range u.definition.Flags {
			if slices.ContainsFunc(
				other.Config.Prerequisites,
				func(p evaluator.Prerequisite) bool { return p.Flag == flag.Key },
			) {
				uses = append(
					uses,
					fmt.Sprintf("it is a prerequisite of flag %s in %s", other.Key, u.definition.Environment),
				)
			}
		}
		for _, r := range u.releases {
			if r.Flag == flag.Key && release.UnderWay(r.Release) {
				uses = append(uses, fmt.Sprintf("its release in %s is %s", u.definition.Environment, r.State.Phase))
			}
		}
	}
	if len(uses) > 0 {
		return nil, &FlagInUseError{Key: flag.Key, Uses: uses}
	}
	return checked, nil
}
