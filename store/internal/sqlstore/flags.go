package sqlstore

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func flagOf(row db.Flag) (store.Flag, error) {
	variations, err := decode[[]evaluator.Variation](fmt.Sprintf("variations of flag %q", row.Flag), row.Variations)
	if err != nil {
		return store.Flag{}, err
	}
	tags, err := decode[[]string](fmt.Sprintf("tags of flag %q", row.Flag), row.Tags)
	if err != nil {
		return store.Flag{}, err
	}
	return store.Flag{
		Project:     row.Project,
		Key:         row.Flag,
		Name:        row.Name,
		Description: row.Description,
		Type:        evaluator.Type(row.Type),
		Purpose:     store.Purpose(row.Purpose),
		Variations:  variations,
		ClientSide:  row.ClientSide,
		Tags:        tags,
		Owner:       row.Owner,
		Archived:    row.Archived,
		Version:     row.Version,
		CreatedAt:   timeOf(row.CreatedAt),
		UpdatedAt:   timeOf(row.UpdatedAt),
	}, nil
}

func flagRow(f store.Flag) (db.Flag, error) {
	variations, err := encodeList(f.Variations)
	if err != nil {
		return db.Flag{}, err
	}
	tags, err := encodeList(f.Tags)
	if err != nil {
		return db.Flag{}, err
	}
	return db.Flag{
		Project:     f.Project,
		Flag:        f.Key,
		Name:        f.Name,
		Description: f.Description,
		Type:        string(f.Type),
		Purpose:     string(f.Purpose),
		Variations:  variations,
		ClientSide:  f.ClientSide,
		Tags:        tags,
		Owner:       f.Owner,
		Archived:    f.Archived,
		Version:     f.Version,
		CreatedAt:   micros(f.CreatedAt),
		UpdatedAt:   micros(f.UpdatedAt),
	}, nil
}

// CreateFlag stores a flag and its configuration in each environment.
func (s *Store) CreateFlag(
	ctx context.Context,
	f store.Flag,
	config evaluator.FlagConfig,
	by store.Attribution,
) (store.Flag, error) {
	f.Archived, f.Version, f.CreatedAt, f.UpdatedAt = false, 1, by.At, by.At
	row, err := flagRow(f)
	if err != nil {
		return store.Flag{}, s.wrap(err, "create", "flag %q", f.Key)
	}
	created, err := flagOf(row)
	if err != nil {
		return store.Flag{}, s.wrap(err, "create", "flag %q", f.Key)
	}
	err = s.write(ctx, by, func(tx *writeTx) error {
		if _, err := tx.lockProject(ctx, f.Project); err != nil {
			return err
		}
		if err := tx.FlagInsert(ctx, db.FlagInsertParams(row)); err != nil {
			return err
		}
		return tx.recordEverywhere(ctx, f.Project, subject{store.ChangeFlag, f.Key}, nil, created,
			func(ref store.EnvironmentRef, revision int64) error {
				return tx.insertConfig(ctx, store.FlagRef{EnvironmentRef: ref, Flag: f.Key}, config, revision)
			})
	})
	if err != nil {
		return store.Flag{}, s.wrap(err, "create", "flag %q", f.Key)
	}
	return created, nil
}

// Flag reads a flag, archived or not.
func (s *Store) Flag(ctx context.Context, project, key string) (store.Flag, error) {
	row, err := s.queries().FlagGet(ctx, db.FlagGetParams{Project: project, Flag: key})
	if err != nil {
		return store.Flag{}, s.wrap(err, "read", "flag %q", key)
	}
	return flagOf(row)
}

// ListFlags gives the flags of a project: those that are archived if the filter says so, otherwise the others.
func (s *Store) ListFlags(ctx context.Context, project string, filter store.FlagFilter) ([]store.Flag, error) {
	rows, err := s.queries().FlagList(ctx, db.FlagListParams{
		Project: project, Archived: filter.Archived, After: filter.After, N: rowLimit(filter.Limit),
	})
	if err != nil {
		return nil, s.wrap(err, "list", "flags of project %q", project)
	}
	return tryConvert(rows, flagOf)
}

// UpdateFlag changes everything but the type, which never changes.
func (s *Store) UpdateFlag(
	ctx context.Context,
	f store.Flag,
	ifVersion int64,
	by store.Attribution,
) (store.Flag, error) {
	updated, err := s.editFlag(ctx, f.Project, f.Key, ifVersion, by, func(current *store.Flag) {
		f.Type, f.Archived, f.Version, f.CreatedAt = current.Type, current.Archived, current.Version, current.CreatedAt
		*current = f
	})
	if err != nil {
		return store.Flag{}, s.wrap(err, "update", "flag %q", f.Key)
	}
	return updated, nil
}

// ArchiveFlag takes the flag out of every environment.
func (s *Store) ArchiveFlag(ctx context.Context, project, key string, ifVersion int64, by store.Attribution) error {
	_, err := s.editFlag(ctx, project, key, ifVersion, by, func(current *store.Flag) { current.Archived = true })
	return s.wrap(err, "archive", "flag %q", key)
}

// editFlag writes what edit makes of a flag that is not archived.
func (s *Store) editFlag(
	ctx context.Context, project, key string, ifVersion int64, by store.Attribution, edit func(*store.Flag),
) (after store.Flag, err error) {
	err = s.write(ctx, by, func(tx *writeTx) error {
		before, err := tx.lockFlag(ctx, project, key)
		if err != nil {
			return err
		}
		if err := checkVersion(fmt.Sprintf("flag %q", key), before.Version, ifVersion); err != nil {
			return err
		}
		after = before
		edit(&after)
		after.Version, after.UpdatedAt = before.Version+1, by.At
		if after, err = tx.updateFlag(ctx, after); err != nil {
			return err
		}
		return tx.recordEverywhere(ctx, project, subject{store.ChangeFlag, key}, before, after,
			func(ref store.EnvironmentRef, revision int64) error {
				return tx.FlagConfigTouch(ctx, db.FlagConfigTouchParams{
					Revision: revision, Project: project, Environment: ref.Environment, Flag: key,
				})
			})
	})
	return after, err
}

// lockFlag reads a flag under the lock of its project. An archived one is not found.
func (tx *writeTx) lockFlag(ctx context.Context, project, key string) (store.Flag, error) {
	if _, err := tx.lockProject(ctx, project); err != nil {
		return store.Flag{}, err
	}
	row, err := tx.FlagGet(ctx, db.FlagGetParams{Project: project, Flag: key})
	if err != nil {
		return store.Flag{}, err
	}
	if row.Archived {
		return store.Flag{}, store.ErrNotFound
	}
	return flagOf(row)
}

// updateFlag writes f and gives it as it is stored.
func (tx *writeTx) updateFlag(ctx context.Context, f store.Flag) (store.Flag, error) {
	row, err := flagRow(f)
	if err != nil {
		return store.Flag{}, err
	}
	err = tx.FlagUpdate(ctx, db.FlagUpdateParams{
		Name:        row.Name,
		Description: row.Description,
		Purpose:     row.Purpose,
		Variations:  row.Variations,
		ClientSide:  row.ClientSide,
		Tags:        row.Tags,
		Owner:       row.Owner,
		Archived:    row.Archived,
		Version:     row.Version,
		UpdatedAt:   row.UpdatedAt,
		Project:     row.Project,
		Flag:        row.Flag,
	})
	if err != nil {
		return store.Flag{}, err
	}
	return flagOf(row)
}
