package sqlstore

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func flagConfigOf(row db.FlagConfig) (store.FlagConfig, error) {
	what := fmt.Sprintf("configuration of flag %q in %s/%s", row.Flag, row.Project, row.Environment)
	config, err := decode[evaluator.FlagConfig](what, row.Config)
	if err != nil {
		return store.FlagConfig{}, err
	}
	kill, err := decodeNullable[release.Kill]("kill in the "+what, row.Kill)
	if err != nil {
		return store.FlagConfig{}, err
	}
	return store.FlagConfig{
		FlagRef: store.FlagRef{
			EnvironmentRef: store.EnvironmentRef{Project: row.Project, Environment: row.Environment},
			Flag:           row.Flag,
		},
		Config:    config,
		FleetOpen: row.FleetOpen, FleetWarning: row.FleetWarning,
		Kill:      kill,
		Version:   row.Version,
		Revision:  row.Revision,
		UpdatedAt: timeOf(row.UpdatedAt),
		UpdatedBy: row.UpdatedBy,
	}, nil
}

// FlagConfig reads the configuration of a flag that is not archived.
func (s *Store) FlagConfig(ctx context.Context, ref store.FlagRef) (store.FlagConfig, error) {
	row, err := s.queries().FlagConfigGet(ctx, configKey(ref))
	if err != nil {
		return store.FlagConfig{}, s.wrap(err, "read", "configuration of %s", describe(ref))
	}
	return flagConfigOf(row)
}

// ListFlagConfigs orders by flag key, then environment key.
func (s *Store) ListFlagConfigs(ctx context.Context, ref store.EnvironmentRef) ([]store.FlagConfig, error) {
	var rows []db.FlagConfig
	var err error
	if ref.Environment == "" {
		rows, err = s.queries().FlagConfigListByProject(ctx, ref.Project)
	} else {
		rows, err = s.queries().FlagConfigListByEnvironment(ctx, db.FlagConfigListByEnvironmentParams(ref))
	}
	if err != nil {
		return nil, s.wrap(err, "list", "configurations of project %q", ref.Project)
	}
	return tryConvert(rows, flagConfigOf)
}

// UpdateFlagConfig replaces the configuration.
func (s *Store) UpdateFlagConfig(
	ctx context.Context, ref store.FlagRef, config evaluator.FlagConfig, ifVersion int64, by store.Attribution,
) (after store.FlagConfig, err error) {
	err = s.write(ctx, by, func(tx *writeTx) error {
		after, err = tx.changeConfig(ctx, ref, config, ifVersion)
		return err
	})
	if err != nil {
		return store.FlagConfig{}, s.wrap(err, "update", "configuration of %s", describe(ref))
	}
	return after, nil
}

// SetFleetLatch does not raise the version of the configuration, because nobody has edited it.
func (s *Store) SetFleetLatch(ctx context.Context, ref store.FlagRef, latch release.Latch, by store.Attribution) error {
	err := s.write(ctx, by, func(tx *writeTx) error {
		revision, config, err := tx.lockConfig(ctx, ref)
		if err != nil {
			return err
		}
		if (release.Latch{Open: config.FleetOpen, Warning: config.FleetWarning}) == latch {
			return errUnchanged
		}
		config.FleetOpen, config.FleetWarning, config.Revision = latch.Open, latch.Warning, revision
		if err := tx.updateConfig(ctx, config); err != nil {
			return err
		}
		return tx.record(
			ctx,
			ref.EnvironmentRef,
			revision,
			subject{store.ChangeFlagConfig, ref.Flag},
			config.Config,
			config.Config,
		)
	})
	return s.wrap(err, "set", "fleet availability of %s", describe(ref))
}

// changeConfig replaces a configuration and records it, as one revision.
func (tx *writeTx) changeConfig(
	ctx context.Context, ref store.FlagRef, config evaluator.FlagConfig, ifVersion int64,
) (store.FlagConfig, error) {
	revision, before, err := tx.lockConfig(ctx, ref)
	if err != nil {
		return store.FlagConfig{}, err
	}
	if err := checkVersion("the configuration of "+describe(ref), before.Version, ifVersion); err != nil {
		return store.FlagConfig{}, err
	}
	after := before
	after.Config = config
	if !sameLatch(before.Config.Availability, config.Availability) {
		after.FleetOpen, after.FleetWarning = false, ""
	}
	after.Version++
	after.Revision = revision
	after.UpdatedAt, after.UpdatedBy = timeOf(micros(tx.by.At)), tx.by.Actor.Name
	if err := tx.updateConfig(ctx, after); err != nil {
		return store.FlagConfig{}, err
	}
	err = tx.record(
		ctx,
		ref.EnvironmentRef,
		revision,
		subject{store.ChangeFlagConfig, ref.Flag},
		before.Config,
		after.Config,
	)
	return after, err
}

// sameLatch tells whether two availabilities ask the same of the fleet. If they ask something else, the stored state
// says nothing about it. It is unknown until somebody has looked, and an unknown state is closed.
func sameLatch(a, b *evaluator.Availability) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Service == b.Service && a.Version == b.Version && a.Scope == b.Scope
}

// lockConfig locks the environment and gives its next revision and the current configuration.
func (tx *writeTx) lockConfig(ctx context.Context, ref store.FlagRef) (int64, store.FlagConfig, error) {
	revision, err := tx.raise(ctx, ref.EnvironmentRef)
	if err != nil {
		return 0, store.FlagConfig{}, err
	}
	row, err := tx.FlagConfigGet(ctx, configKey(ref))
	if err != nil {
		return 0, store.FlagConfig{}, err
	}
	config, err := flagConfigOf(row)
	return revision, config, err
}

func (tx *writeTx) insertConfig(
	ctx context.Context,
	ref store.FlagRef,
	config evaluator.FlagConfig,
	revision int64,
) error {
	encoded, err := encode(config)
	if err != nil {
		return err
	}
	err = tx.FlagConfigInsert(ctx, db.FlagConfigInsertParams{
		Project:     ref.Project,
		Environment: ref.Environment,
		Flag:        ref.Flag,
		Config:      encoded,
		Version:     1,
		Revision:    revision,
		UpdatedAt:   micros(tx.by.At),
		UpdatedBy:   tx.by.Actor.Name,
	})
	if err != nil {
		return fmt.Errorf("insert configuration of %s: %w", describe(ref), err)
	}
	return nil
}

func (tx *writeTx) updateConfig(ctx context.Context, c store.FlagConfig) error {
	encoded, err := encode(c.Config)
	if err != nil {
		return err
	}
	return tx.FlagConfigUpdate(ctx, db.FlagConfigUpdateParams{
		Config:       encoded,
		FleetOpen:    c.FleetOpen,
		FleetWarning: c.FleetWarning,
		Version:      c.Version,
		Revision:     c.Revision,
		UpdatedAt:    micros(c.UpdatedAt),
		UpdatedBy:    c.UpdatedBy,
		Project:      c.Project,
		Environment:  c.Environment,
		Flag:         c.Flag,
	})
}

func configKey(ref store.FlagRef) db.FlagConfigGetParams {
	return db.FlagConfigGetParams{Project: ref.Project, Environment: ref.Environment, Flag: ref.Flag}
}

func describe(ref store.FlagRef) string {
	return fmt.Sprintf("flag %q in %s/%s", ref.Flag, ref.Project, ref.Environment)
}
