package edit

import (
	"bytes"
	"context"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// UpdateFlagConfig changes what a flag does in one environment. It writes nothing if the result says the same as what
// is stored.
func (s *Service) UpdateFlagConfig(
	ctx context.Context, ref store.FlagRef, change Change[evaluator.FlagConfig], guard Guard, by store.Attribution,
) (store.FlagConfig, error) {
	return update(ctx, s.flagConfig(ref), func(c store.FlagConfig) (_ store.FlagConfig, err error) {
		c.Config, err = change(c.Config)
		return c, err
	}, guard, by)
}

func (s *Service) flagConfig(ref store.FlagRef) object[store.FlagConfig] {
	return object[store.FlagConfig]{
		what:    "the configuration of flag " + ref.Flag + " in " + ref.Environment,
		load:    func(ctx context.Context) (store.FlagConfig, error) { return s.store.FlagConfig(ctx, ref) },
		version: func(c store.FlagConfig) int64 { return c.Version },
		check:   s.checkConfig,
		same: func(before, after store.FlagConfig) (bool, error) {
			return sameConfig(before.Config, after.Config)
		},
		write: func(ctx context.Context, c store.FlagConfig, ifVersion int64, by store.Attribution) (store.FlagConfig, error) {
			return s.store.UpdateFlagConfig(ctx, ref, c.Config, ifVersion, by)
		},
	}
}

// sameConfig reports whether two configurations say the same. The values of clauses and expressions are JSON. A store
// may return JSON in another form than it was given: with other spaces, other escapes and another order of names.
func sameConfig(a, b evaluator.FlagConfig) (bool, error) {
	var forms [2]jsontext.Value
	for i, config := range []evaluator.FlagConfig{a, b} {
		encoded, err := json.Marshal(config, jsonv1.OmitEmptyWithLegacySemantics(true), json.Deterministic(true))
		if err != nil {
			return false, err
		}
		forms[i] = encoded
		if err := forms[i].Format(jsontext.ReorderRawObjects(true), jsontext.PreserveRawStrings(false)); err != nil {
			return false, err
		}
	}
	return bytes.Equal(forms[0], forms[1]), nil
}

// checkConfig checks a changed configuration against the flags and segments of its environment.
//
// If the change adds no new references, everything that it refers to exists: no write may remove what the stored
// configuration refers to, and the version guards that the stored configuration is still the same. Such a
// configuration is accepted if it is valid by what this process serves, although that may be a little older. All
// other configurations are checked against everything that is stored, and at its revision.
func (s *Service) checkConfig(ctx context.Context, before, after store.FlagConfig) (checkedAt, error) {
	ref := before.EnvironmentRef
	if s.served != nil && store.ConfigReferences(after.Config).Within(store.ConfigReferences(before.Config)) {
		if snapshot, err := s.served.Snapshot(ref); err == nil {
			if err = s.validateConfig(ctx, snapshot.Definition(), after); err == nil {
				return nil, nil
			}
		}
	}
	// The definition is read first. So the flag that is read afterwards is not older than the definition's revision.
	definition, err := s.store.Definition(ctx, ref)
	if err != nil {
		return nil, err
	}
	return checkedAt{ref: definition.Revision}, s.validateConfig(ctx, definition, after)
}

func (s *Service) validateConfig(ctx context.Context, definition evaluator.Definition, c store.FlagConfig) error {
	f, err := s.EditableFlag(ctx, c.Project, c.Flag)
	if err != nil {
		return err
	}
	return evaluator.ValidateConfig(
		definition,
		evaluator.Flag{Key: f.Key, Type: f.Type, Variations: f.Variations, Config: c.Config},
	)
}
