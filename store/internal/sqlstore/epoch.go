package sqlstore

import (
	"context"
	"crypto/rand"
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

// BeginEpoch tells everybody who knows the database that it is another one now, and gives the name of its new life. It is
// for a database that was restored from a backup: its revisions count on from there, and whoever has seen later ones, of
// the life before, must not take the new ones for the same. Replicas notice at their next poll, without a restart.
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
		return "", s.wrap(err, "begin epoch")
	}
	return epoch, nil
}
