package sqlstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func environmentOf(row db.Environment) (store.Environment, error) {
	freezes, err := decode[[]release.Freeze](
		fmt.Sprintf("freezes of environment %s/%s", row.Project, row.Environment),
		row.Freezes,
	)
	if err != nil {
		return store.Environment{}, err
	}
	if len(freezes) == 0 {
		freezes = nil
	}
	return store.Environment{
		EnvironmentRef: store.EnvironmentRef{Project: row.Project, Environment: row.Environment},
		Name:           row.Name,
		Production:     row.Production,
		Position:       row.Position,
		AllowedOrigins: originsOf(row.AllowedOrigins),
		Version:        row.Version,
		Revision:       row.Revision,
		CreatedAt:      timeOf(row.CreatedAt),
		Freezes:        freezes,
	}, nil
}

// originsOf is nil where none are named.
func originsOf(column string) []string {
	if column == "" {
		return nil
	}
	return strings.Split(column, " ")
}

// CreateEnvironment stores the environment at revision 1, with a configuration of every flag.
func (s *Store) CreateEnvironment(
	ctx context.Context, e store.Environment, by store.Attribution,
) (created store.Environment, err error) {
	freezes, err := encodeList(e.Freezes)
	if err != nil {
		return store.Environment{}, err
	}
	row := db.Environment{
		Project:     e.Project,
		Environment: e.Environment,
		Name:        e.Name,
		Production:  e.Production,
		Position:    e.Position,
		Version:     1,
		CreatedAt:   micros(by.At),
		Freezes:     freezes,

		AllowedOrigins: strings.Join(e.AllowedOrigins, " "),
	}
	err = s.write(ctx, by, func(tx *writeTx) error {
		if _, err := tx.lockProject(ctx, e.Project); err != nil {
			return err
		}
		siblings, err := tx.EnvironmentListByProject(ctx, e.Project)
		if err != nil {
			return err
		}
		if err := tx.EnvironmentInsert(ctx, db.EnvironmentInsertParams(row)); err != nil {
			return err
		}
		if row.Revision, err = tx.raise(ctx, e.EnvironmentRef); err != nil {
			return err
		}
		if err := tx.populate(ctx, e.EnvironmentRef, row.Revision, siblings); err != nil {
			return err
		}
		if created, err = environmentOf(row); err != nil {
			return err
		}
		return tx.record(
			ctx,
			e.EnvironmentRef,
			row.Revision,
			subject{store.ChangeEnvironment, e.Environment},
			nil,
			created,
		)
	})
	if err != nil {
		return store.Environment{}, s.wrap(err, "create", "environment %s/%s", e.Project, e.Environment)
	}
	return created, nil
}

// Environment reads an environment.
func (s *Store) Environment(ctx context.Context, ref store.EnvironmentRef) (store.Environment, error) {
	row, err := s.queries().EnvironmentGet(ctx, db.EnvironmentGetParams(ref))
	if err != nil {
		return store.Environment{}, s.wrap(err, "read", "environment %s/%s", ref.Project, ref.Environment)
	}
	return environmentOf(row)
}

// ListEnvironments orders by project, position and key.
func (s *Store) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	var rows []db.Environment
	var err error
	if project == "" {
		rows, err = s.queries().EnvironmentListAll(ctx)
	} else {
		rows, err = s.queries().EnvironmentListByProject(ctx, project)
	}
	if err != nil {
		return nil, s.wrap(err, "list", "environments")
	}
	return tryConvert(rows, environmentOf)
}

// UpdateEnvironment changes the name, production, position, freezes and allowed origins.
func (s *Store) UpdateEnvironment(
	ctx context.Context,
	e store.Environment,
	ifVersion int64,
	by store.Attribution,
) (store.Environment, error) {
	ref := e.EnvironmentRef
	var after store.Environment
	err := s.write(ctx, by, func(tx *writeTx) error {
		revision, err := tx.raise(ctx, ref)
		if err != nil {
			return err
		}
		row, err := tx.EnvironmentGet(ctx, db.EnvironmentGetParams(ref))
		if err != nil {
			return err
		}
		if err := checkVersion(
			fmt.Sprintf("environment %s/%s", ref.Project, ref.Environment),
			row.Version,
			ifVersion,
		); err != nil {
			return err
		}
		before, err := environmentOf(row)
		if err != nil {
			return err
		}
		freezes, err := encodeList(e.Freezes)
		if err != nil {
			return err
		}
		after = before
		before.Revision = revision - 1
		after.Name, after.Production, after.Position, after.AllowedOrigins = e.Name, e.Production, e.Position, e.AllowedOrigins
		after.Freezes = e.Freezes
		after.Version++
		err = tx.EnvironmentUpdate(ctx, db.EnvironmentUpdateParams{
			Name:       after.Name,
			Production: after.Production,
			Position:   after.Position,

			AllowedOrigins: strings.Join(after.AllowedOrigins, " "),

			Version:     after.Version,
			Freezes:     freezes,
			Project:     ref.Project,
			Environment: ref.Environment,
		})
		if err != nil {
			return err
		}
		return tx.record(ctx, ref, revision, subject{store.ChangeEnvironment, ref.Environment}, before, after)
	})
	if err != nil {
		return store.Environment{}, s.wrap(err, "update", "environment %s/%s", ref.Project, ref.Environment)
	}
	return after, nil
}
