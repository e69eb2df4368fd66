package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func releaseOf(row db.Release) (store.Release, error) {
	spec, err := decode[release.Spec](fmt.Sprintf("spec of the release of flag %q", row.Flag), row.Spec)
	if err != nil {
		return store.Release{}, err
	}
	state, err := decode[release.State](fmt.Sprintf("state of the release of flag %q", row.Flag), row.State)
	if err != nil {
		return store.Release{}, err
	}
	return store.Release{
		EnvironmentRef: store.EnvironmentRef{Project: row.Project, Environment: row.Environment},
		Release:        release.Release{ID: row.ID, Flag: row.Flag, Version: row.Version, Spec: spec, State: state},
		UpdatedAt:      timeOf(row.UpdatedAt),
	}, nil
}

func releaseRow(r store.Release) (db.Release, error) {
	spec, err := encode(r.Spec)
	if err != nil {
		return db.Release{}, err
	}
	state, err := encode(r.State)
	if err != nil {
		return db.Release{}, err
	}
	return db.Release{
		Project:     r.Project,
		Environment: r.Environment,
		Flag:        r.Flag,
		ID:          r.ID,
		Version:     r.Version,
		Phase:       string(r.State.Phase),
		Spec:        spec,
		State:       state,
		UpdatedAt:   micros(r.UpdatedAt),
	}, nil
}

// PutRelease records the configuration first, then the release, which names the configuration's version.
func (s *Store) PutRelease(
	ctx context.Context, r store.Release, config *store.ConfigWrite, ifVersion int64, by store.Attribution,
) (stored store.Release, err error) {
	ref := store.FlagRef{EnvironmentRef: r.EnvironmentRef, Flag: r.Flag}
	err = s.write(ctx, by, func(tx *writeTx) error {
		if config != nil {
			written, err := tx.changeConfig(ctx, ref, config.Config, config.IfVersion)
			if err != nil {
				return err
			}
			r.State.ConfigVersion = written.Version
		}
		stored, err = tx.changeRelease(ctx, ref, r, ifVersion)
		return err
	})
	if err != nil {
		return store.Release{}, s.wrap(err, "put", "release of %s", describe(ref))
	}
	return stored, nil
}

// changeRelease replaces a release and records it, as one revision.
func (tx *writeTx) changeRelease(
	ctx context.Context,
	ref store.FlagRef,
	r store.Release,
	ifVersion int64,
) (store.Release, error) {
	// The flag must be there, and not archived.
	revision, _, err := tx.lockConfig(ctx, ref)
	if err != nil {
		return store.Release{}, err
	}
	var before any
	r.Version = 1
	row, err := tx.ReleaseGet(ctx, releaseKey(ref))
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return store.Release{}, err
	default:
		known, err := releaseOf(row)
		if err != nil {
			return store.Release{}, err
		}
		before = known.Release
		r.Version = known.Version + 1
	}
	if err := checkVersion("the release of "+describe(ref), r.Version-1, ifVersion); err != nil {
		return store.Release{}, err
	}
	r.UpdatedAt = tx.by.At
	if row, err = releaseRow(r); err != nil {
		return store.Release{}, err
	}
	if err := tx.ReleasePut(ctx, db.ReleasePutParams(row)); err != nil {
		return store.Release{}, err
	}
	stored, err := releaseOf(row)
	if err != nil {
		return store.Release{}, err
	}
	return stored, tx.record(
		ctx,
		ref.EnvironmentRef,
		revision,
		subject{store.ChangeRelease, ref.Flag},
		before,
		stored.Release,
	)
}

// Release reads the release of a flag that is not archived.
func (s *Store) Release(ctx context.Context, ref store.FlagRef) (store.Release, error) {
	row, err := s.queries().ReleaseGet(ctx, releaseKey(ref))
	if err != nil {
		return store.Release{}, s.wrap(err, "read", "release of %s", describe(ref))
	}
	return releaseOf(row)
}

// ListReleases leaves out the releases of archived flags.
func (s *Store) ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error) {
	rows, err := s.queries().ReleaseListByEnvironment(ctx, db.ReleaseListByEnvironmentParams(ref))
	if err != nil {
		return nil, s.wrap(err, "list", "releases of %s/%s", ref.Project, ref.Environment)
	}
	return tryConvert(rows, releaseOf)
}

// ListOpenReleases leaves out the releases of archived flags.
func (s *Store) ListOpenReleases(ctx context.Context) ([]store.Release, error) {
	rows, err := s.queries().ReleaseListOpen(ctx)
	if err != nil {
		return nil, s.wrap(err, "list", "open releases")
	}
	return tryConvert(rows, releaseOf)
}

func releaseKey(ref store.FlagRef) db.ReleaseGetParams {
	return db.ReleaseGetParams{Project: ref.Project, Environment: ref.Environment, Flag: ref.Flag}
}
