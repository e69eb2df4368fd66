package demo

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/store"
)

// planFlags plans the life of every flag. It is made in the first days, soon tried before production, and later
// opened in production.
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
		Project:     project,
		Key:         f.key,
		Name:        f.name,
		Description: f.description,
		Type:        cmp.Or(f.kind, evaluator.TypeBoolean),
		Purpose:     f.purpose,
		Variations:  f.variations,
		ClientSide:  f.clientSide,
		Tags:        f.tags,
		Owner:       f.owner,
	}
	first := edit.FirstServed{Off: f.off}
	if len(f.variations) > 0 {
		first.Fallthrough = f.variations[0].Key
	}
	_, err := s.edits.CreateFlag(ctx, created, first, by(f.owner, "", at))
	return err
}

// configure is an edit of the flag's configuration by its owner.
func (s *shop) configure(
	environment string,
	f flag,
	reason string,
	change change,
) func(context.Context, time.Time) error {
	return func(ctx context.Context, at time.Time) error {
		_, err := s.edits.UpdateFlagConfig(
			ctx,
			flagRef(environment, f.key),
			func(c evaluator.FlagConfig) (evaluator.FlagConfig, error) {
				change(&c)
				return c, nil
			},
			edit.Guard{},
			by(f.owner, reason, at),
		)
		return err
	}
}
