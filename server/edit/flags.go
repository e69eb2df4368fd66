package edit

import (
	"context"
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// FirstServed names the variations of a new flag's first configuration. An empty field means the variation with the
// usual name. If no variation has that name, it means the last variation for Off and the first one for Fallthrough.
type FirstServed struct{ Off, Fallthrough string }

// CreateFlag makes a flag that is off in every environment. Its name is its key unless given, its purpose is to be
// released, and a boolean flag without variations gets on and off.
func (s *Service) CreateFlag(
	ctx context.Context,
	f store.Flag,
	first FirstServed,
	by store.Attribution,
) (store.Flag, error) {
	if err := checkKey("flag", f.Key); err != nil {
		return f, err
	}
	if f.Purpose == "" {
		f.Purpose = store.PurposeRelease
	}
	if f.Type == evaluator.TypeBoolean && len(f.Variations) == 0 {
		f.Variations = []evaluator.Variation{{Key: "on", Value: []byte("true")}, {Key: "off", Value: []byte("false")}}
	}
	f, problems := tidyFlag(f)
	checkOneEmpty(&problems, nil, f.Variations)
	off := firstVariation(&problems, f, "/offVariation", first.Off, "off", len(f.Variations)-1)
	fallthroughTo := firstVariation(&problems, f, "/fallthroughVariation", first.Fallthrough, "on", 0)
	if err := problems.Err(); err != nil {
		return f, err
	}
	f.CreatedAt, f.UpdatedAt = by.At, by.At
	config := evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: fallthroughTo}}
	return s.store.CreateFlag(ctx, f, config, by)
}

// firstVariation is the given variation, else the variation with the usual name, else the one at the index.
func firstVariation(problems *invalid.Fields, f store.Flag, pointer, given, usual string, index int) string {
	has := func(key string) bool {
		return slices.ContainsFunc(f.Variations, func(v evaluator.Variation) bool { return v.Key == key })
	}
	switch {
	case given != "" && !has(given):
		problems.Add(pointer, "must be the key of one of the variations; there is no %q", given)
		return ""
	case given != "":
		return given
	case has(usual):
		return usual
	case len(f.Variations) > 0:
		return f.Variations[index].Key
	}
	return ""
}

// UpdateFlag changes what a flag is in every environment. It refuses to remove a variation that something still
// needs.
func (s *Service) UpdateFlag(
	ctx context.Context, project, key string, change Change[store.Flag], guard Guard, by store.Attribution,
) (store.Flag, error) {
	return update(ctx, s.flag(project, key), change, guard, by)
}

// ArchiveFlag takes a flag out of every environment. Nothing may need the flag.
func (s *Service) ArchiveFlag(ctx context.Context, project, key string, guard Guard, by store.Attribution) error {
	o := s.flag(project, key)
	o.check = func(ctx context.Context, before, _ store.Flag) (checkedAt, error) {
		return s.checkFlagUnused(ctx, before)
	}
	o.write = func(ctx context.Context, f store.Flag, ifVersion int64, by store.Attribution) (store.Flag, error) {
		return f, s.store.ArchiveFlag(ctx, project, key, ifVersion, by)
	}
	return remove(ctx, o, guard, by)
}

func (s *Service) flag(project, key string) object[store.Flag] {
	return object[store.Flag]{
		what:     "flag " + key,
		load:     func(ctx context.Context) (store.Flag, error) { return s.EditableFlag(ctx, project, key) },
		version:  func(f store.Flag) int64 { return f.Version },
		complete: completeFlag,
		check:    s.checkVariationsInUse,
		write: func(ctx context.Context, f store.Flag, ifVersion int64, by store.Attribution) (store.Flag, error) {
			f.UpdatedAt = by.At
			return s.store.UpdateFlag(ctx, f, ifVersion, by)
		},
	}
}

// EditableFlag is a flag that is not archived; an archived one gives a FlagArchivedError.
func (s *Service) EditableFlag(ctx context.Context, project, key string) (store.Flag, error) {
	f, err := s.store.Flag(ctx, project, key)
	if err == nil && f.Archived {
		err = &FlagArchivedError{Key: key}
	}
	return f, err
}
