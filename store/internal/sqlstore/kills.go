package sqlstore

import (
	"context"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// SetKill does not raise the version of the configuration, because nobody has edited it.
func (s *Store) SetKill(
	ctx context.Context, ref store.FlagRef, kill *release.Kill, by store.Attribution,
) (after store.FlagConfig, err error) {
	err = s.write(ctx, by, func(tx *writeTx) error {
		revision, before, err := tx.lockConfig(ctx, ref)
		if err != nil {
			return err
		}
		after = before
		if (before.Kill == nil) == (kill == nil) {
			return errUnchanged
		}
		after.Kill, after.Revision = kill, revision
		return tx.changeKill(ctx, before, after)
	})
	if err != nil {
		verb := "kill"
		if kill == nil {
			verb = "restore"
		}
		return store.FlagConfig{}, s.wrap(err, verb, "%s", describe(ref))
	}
	return after, nil
}

// changeKill writes and records that a flag was killed or restored.
func (tx *writeTx) changeKill(ctx context.Context, before, after store.FlagConfig) error {
	was, is := document(before.Kill), document(after.Kill)
	encoded, err := encodeNullable(is)
	if err != nil {
		return err
	}
	err = tx.FlagConfigKill(ctx, db.FlagConfigKillParams{
		Kill:        encoded,
		Revision:    after.Revision,
		Project:     after.Project,
		Environment: after.Environment,
		Flag:        after.Flag,
	})
	if err != nil {
		return err
	}
	return tx.record(ctx, after.EnvironmentRef, after.Revision, subject{store.ChangeKill, after.Flag}, was, is)
}

// document is a kill as it is recorded. It is nil if there is no kill.
func document(kill *release.Kill) any {
	if kill == nil {
		return nil
	}
	return *kill
}
