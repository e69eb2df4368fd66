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

// BeginEpoch begins a new life of the database and gives its name, the epoch. It is for a database that was restored
// from a backup. Its revisions count on from the backup. Clients and replicas may have seen later revisions of the
// life before, and must not take the new ones for the same. Replicas notice the new epoch at their next poll, without
// a restart.
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

// errIncomplete says that the database has tables, but not the rows that every database has. The reason is that a
// backup is being put into it.
var errIncomplete = fmt.Errorf(
	"%w: the database has no environment or no epoch; it is being restored, or was never started with",
	store.ErrUnavailable,
)

// requireWhole fails with errIncomplete unless the database has environments (the ones given) and an epoch.
// pg_restore fills one table after another. The epoch is in the table settings, which comes after all tables that
// evaluation needs.
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
