package sqlstore

import (
	"context"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func sdkKeyOf(row db.SDKKey) store.SDKKey {
	return store.SDKKey{
		EnvironmentRef: store.EnvironmentRef{Project: row.Project, Environment: row.Environment},
		ID:             row.ID,
		Name:           row.Name,
		Kind:           store.SDKKeyKind(row.Kind),
		Prefix:         row.Prefix,
		Hash:           row.Hash,
		CreatedAt:      timeOf(row.CreatedAt),
		RevokedAt:      timeOrNil(row.RevokedAt),
	}
}

// CreateSDKKey stores a key.
func (s *Store) CreateSDKKey(ctx context.Context, k store.SDKKey, by store.Attribution) error {
	row := db.SDKKey{
		Project:     k.Project,
		Environment: k.Environment,
		ID:          k.ID,
		Name:        k.Name,
		Kind:        string(k.Kind),
		Prefix:      k.Prefix,
		Hash:        k.Hash,
		CreatedAt:   micros(k.CreatedAt),
		RevokedAt:   microsOrNull(k.RevokedAt),
	}
	err := s.write(ctx, by, func(tx *writeTx) error {
		revision, err := tx.raise(ctx, k.EnvironmentRef)
		if err != nil {
			return err
		}
		if err := tx.SDKKeyInsert(ctx, db.SDKKeyInsertParams(row)); err != nil {
			return err
		}
		return tx.record(ctx, k.EnvironmentRef, revision, subject{store.ChangeSDKKey, k.ID}, nil, sdkKeyOf(row))
	})
	return s.wrap(err, "create", "SDK key %q in %s/%s", k.ID, k.Project, k.Environment)
}

// ListSDKKeys orders by environment, time of creation and id.
func (s *Store) ListSDKKeys(ctx context.Context, ref store.EnvironmentRef) ([]store.SDKKey, error) {
	if ref == (store.EnvironmentRef{}) {
		return s.workingSDKKeys(ctx)
	}
	rows, err := s.queries().SDKKeyListByEnvironment(ctx, db.SDKKeyListByEnvironmentParams(ref))
	if err != nil {
		return nil, s.wrap(err, "list", "SDK keys")
	}
	return convert(rows, sdkKeyOf), nil
}

// workingSDKKeys lists the working keys of all environments, with the allowed origins of the environments. It fails
// with store.ErrUnavailable while a backup is being put into the database: a missing key would then look like a
// revoked one.
func (s *Store) workingSDKKeys(ctx context.Context) ([]store.SDKKey, error) {
	var keys []store.SDKKey
	err := s.engine.Read(ctx, func(q db.Querier) error {
		environments, err := q.EnvironmentListAll(ctx)
		if err != nil {
			return err
		}
		if err := requireWhole(ctx, q, environments); err != nil {
			return err
		}
		rows, err := q.SDKKeyListWorking(ctx)
		if err != nil {
			return err
		}
		origins := make(map[store.EnvironmentRef][]string, len(environments))
		for _, e := range environments {
			origins[store.EnvironmentRef{Project: e.Project, Environment: e.Environment}] = originsOf(e.AllowedOrigins)
		}
		keys = convert(rows, sdkKeyOf)
		for i := range keys {
			keys[i].AllowedOrigins = origins[keys[i].EnvironmentRef]
		}
		return nil
	})
	if err != nil {
		return nil, s.wrap(err, "list", "SDK keys")
	}
	return keys, nil
}

// RevokeSDKKey ends a key. If it is revoked several times, the first time stands, and only the first is a Change.
func (s *Store) RevokeSDKKey(ctx context.Context, ref store.EnvironmentRef, id string, by store.Attribution) error {
	err := s.write(ctx, by, func(tx *writeTx) error {
		revision, err := tx.raise(ctx, ref)
		if err != nil {
			return err
		}
		row, err := tx.SDKKeyGet(ctx, db.SDKKeyGetParams{Project: ref.Project, Environment: ref.Environment, ID: id})
		if err != nil {
			return err
		}
		if row.RevokedAt != nil {
			return errUnchanged
		}
		before := sdkKeyOf(row)
		row.RevokedAt = microsOrNull(&by.At)
		err = tx.SDKKeyRevoke(ctx, db.SDKKeyRevokeParams{
			RevokedAt: row.RevokedAt, Project: ref.Project, Environment: ref.Environment, ID: id,
		})
		if err != nil {
			return err
		}
		return tx.record(ctx, ref, revision, subject{store.ChangeSDKKey, id}, before, sdkKeyOf(row))
	})
	return s.wrap(err, "revoke", "SDK key %q in %s/%s", id, ref.Project, ref.Environment)
}
