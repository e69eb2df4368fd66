package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// epochSetting is the row of settings that names the life of the database.
const epochSetting = "epoch"

// Prepare gives a new database its epoch.
func Prepare(ctx context.Context, engine Engine) error {
	err := engine.Write(ctx, func(q db.Querier) error {
		return q.SettingInsert(ctx, db.SettingInsertParams{Name: epochSetting, Value: rand.Text()})
	})
	if err != nil {
		return fmt.Errorf("write epoch: %w", engine.StoreError(err))
	}
	return nil
}

// BeginEpoch tells everybody who knows the database that it is another one now, and gives the name of its new life.
// It is for a database that was restored from a backup: its revisions count on from there, and whoever has seen later
// ones, of the life before, must not take the new ones for the same. Replicas notice at their next poll, without a
// restart.
func (s *Store) BeginEpoch(ctx context.Context) (epoch string, err error) {
	epoch = rand.Text()
	err = s.engine.Write(ctx, func(q db.Querier) error {
		n, err := q.SettingUpdate(ctx, db.SettingUpdateParams{Name: epochSetting, Value: epoch})
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return "", s.wrap(err, "begin", "epoch")
	}
	return epoch, nil
}

// errIncomplete says that the database has tables without what every database has: a backup is being put into it.
var errIncomplete = fmt.Errorf(
	"%w: the database has no environment or no epoch; it is being restored, or was never started with",
	store.ErrUnavailable,
)

// requireWhole fails with errIncomplete unless the database has environments, these, and an epoch. Of what pg_restore
// fills one after the other, settings, which has the epoch, comes after all that evaluation needs.
func requireWhole(ctx context.Context, q db.Querier, environments []db.Environment) error {
	if len(environments) == 0 {
		return errIncomplete
	}
	first := environments[0]
	_, err := q.EnvironmentCursor(
		ctx,
		db.EnvironmentCursorParams{Project: first.Project, Environment: first.Environment},
	)
	if errors.Is(err, sql.ErrNoRows) {
		return errIncomplete
	}
	return err
}
