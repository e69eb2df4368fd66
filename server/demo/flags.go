package demo

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// planFlags has every flag made in the first days, tried before production soon, and opened in production later.
func (s *shop) planFlags() {
	flags := slices.Concat(releaseFlags(), experimentFlags(), operationalFlags(), lastingFlags())
	for i, f := range flags {
		made := 13*day - time.Duration(i)*3*hour
		s.at(made, func(ctx context.Context, at time.Time) error { return s.createFlag(ctx, f, at) })
		if f.before != nil {
			s.at(made-hour, s.configure("development", f, "Trying it", f.before))
			s.at(made-26*hour, s.configure("staging", f, "Works in development", f.before))
		}
		if f.production != nil {
			s.at(made-2*day, s.configure("production", f, "Works in staging", f.production))
		}
	}
}

func (s *shop) createFlag(ctx context.Context, f flag, at time.Time) error {
	created := store.Flag{
		Project: project, Key: f.key, Name: f.name, Description: f.description, Type: cmp.Or(f.kind, evaluator.TypeBoolean),
		Purpose: f.purpose, Variations: f.variations, ClientSide: f.clientSide, Tags: append([]string{}, f.tags...), Owner: f.owner,
		CreatedAt: at, UpdatedAt: at,
	}
	if created.Variations == nil {
		created.Variations = []evaluator.Variation{variation("on", true), variation("off", false)}
	}
	off := cmp.Or(f.off, "off")
	config := evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: created.Variations[0].Key}}
	_, err := s.store.CreateFlag(ctx, created, config, by(f.owner, "", at))
	return err
}

// configure is an edit of the flag's configuration by its owner.
func (s *shop) configure(environment string, f flag, reason string, change edit) func(context.Context, time.Time) error {
	return func(ctx context.Context, at time.Time) error {
		ref := flagRef(environment, f.key)
		current, err := s.store.FlagConfig(ctx, ref)
		if err != nil {
			return err
		}
		config := current.Config
		change(&config)
		definition, err := s.store.Definition(ctx, ref.EnvironmentRef)
		if err != nil {
			return err
		}
		stored, err := s.store.Flag(ctx, project, f.key)
		if err != nil {
			return err
		}
		err = evaluator.ValidateConfig(definition, evaluator.Flag{Key: f.key, Type: stored.Type, Variations: stored.Variations, Config: config})
		if err != nil {
			return err
		}
		_, err = s.store.UpdateFlagConfig(ctx, ref, config, current.Version, by(f.owner, reason, at))
		return err
	}
}
