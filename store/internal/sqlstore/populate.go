package sqlstore

import (
	"context"
	"fmt"
	"math"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// populate gives a new environment every flag and segment of its project. Siblings are the other environments,
// ordered by position.
func (tx *writeTx) populate(
	ctx context.Context,
	ref store.EnvironmentRef,
	revision int64,
	siblings []db.Environment,
) error {
	models, err := tx.firstConfigs(ctx, siblings)
	if err != nil {
		return err
	}
	flags, err := tx.FlagList(ctx, db.FlagListParams{Project: ref.Project, N: math.MaxInt64})
	if err != nil {
		return fmt.Errorf("list flags of project %q: %w", ref.Project, err)
	}
	for _, row := range flags {
		flag, err := flagOf(row)
		if err != nil {
			return err
		}
		config := closedConfig(flag, models[flag.Key])
		if err := tx.insertConfig(
			ctx,
			store.FlagRef{EnvironmentRef: ref, Flag: flag.Key},
			config,
			revision,
		); err != nil {
			return err
		}
	}
	segments, err := tx.SegmentList(ctx, ref.Project)
	if err != nil {
		return fmt.Errorf("list segments of project %q: %w", ref.Project, err)
	}
	for _, segment := range segments {
		if err := tx.putSegmentRevision(ctx, ref, segment.Segment, revision); err != nil {
			return err
		}
	}
	return nil
}

// firstConfigs gives the configurations of the first environment by flag key.
func (tx *writeTx) firstConfigs(
	ctx context.Context,
	environments []db.Environment,
) (map[string]evaluator.FlagConfig, error) {
	configs := make(map[string]evaluator.FlagConfig)
	if len(environments) == 0 {
		return configs, nil
	}
	first := environments[0]
	rows, err := tx.FlagConfigListByEnvironment(ctx, db.FlagConfigListByEnvironmentParams{
		Project: first.Project, Environment: first.Environment,
	})
	if err != nil {
		return nil, fmt.Errorf("list configurations of environment %s/%s: %w", first.Project, first.Environment, err)
	}
	for _, row := range rows {
		config, err := flagConfigOf(row)
		if err != nil {
			return nil, err
		}
		configs[row.Flag] = config.Config
	}
	return configs, nil
}

// closedConfig is a configuration that is off. When it is switched on, it still serves the off variation, until
// somebody decides otherwise. The availability and prerequisites, which limit the flag, stay as in the model.
func closedConfig(flag store.Flag, model evaluator.FlagConfig) evaluator.FlagConfig {
	config := evaluator.FlagConfig{
		OffVariation:  model.OffVariation,
		Fallthrough:   model.Fallthrough,
		Prerequisites: model.Prerequisites,
		Availability:  model.Availability,
	}
	switch {
	case config.OffVariation != nil:
		config.Fallthrough = evaluator.Serve{Variation: *config.OffVariation}
	case config.Fallthrough.Variation == "" && config.Fallthrough.Rollout == nil && len(flag.Variations) > 0:
		config.Fallthrough = evaluator.Serve{Variation: flag.Variations[0].Key}
	}
	return config
}
