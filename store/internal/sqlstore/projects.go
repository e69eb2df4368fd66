package sqlstore

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func projectOf(row db.Project) store.Project {
	return store.Project{Key: row.Project, Name: row.Name, Version: row.Version, CreatedAt: timeOf(row.CreatedAt)}
}

// CreateProject stores a project without environments, so there is no Change that could record it.
func (s *Store) CreateProject(ctx context.Context, p store.Project, by store.Attribution) (store.Project, error) {
	row := db.Project{Project: p.Key, Name: p.Name, Version: 1, CreatedAt: micros(by.At)}
	err := s.write(ctx, by, func(tx *writeTx) error {
		return tx.ProjectInsert(ctx, db.ProjectInsertParams(row))
	})
	if err != nil {
		return store.Project{}, s.wrap(err, "create", "project %q", p.Key)
	}
	return projectOf(row), nil
}

// Project reads a project.
func (s *Store) Project(ctx context.Context, key string) (store.Project, error) {
	row, err := s.queries().ProjectGet(ctx, key)
	if err != nil {
		return store.Project{}, s.wrap(err, "read", "project %q", key)
	}
	return projectOf(row), nil
}

// ListProjects orders by key.
func (s *Store) ListProjects(ctx context.Context) ([]store.Project, error) {
	rows, err := s.queries().ProjectList(ctx)
	if err != nil {
		return nil, s.wrap(err, "list", "projects")
	}
	return convert(rows, projectOf), nil
}

// UpdateProject changes the name.
func (s *Store) UpdateProject(
	ctx context.Context,
	p store.Project,
	ifVersion int64,
	by store.Attribution,
) (store.Project, error) {
	var after store.Project
	err := s.write(ctx, by, func(tx *writeTx) error {
		row, err := tx.lockProject(ctx, p.Key)
		if err != nil {
			return err
		}
		if err := checkVersion(fmt.Sprintf("project %q", p.Key), row.Version, ifVersion); err != nil {
			return err
		}
		before := projectOf(row)
		after = before
		after.Name = p.Name
		after.Version++
		err = tx.ProjectUpdate(ctx, db.ProjectUpdateParams{Name: after.Name, Version: after.Version, Project: p.Key})
		if err != nil {
			return err
		}
		return tx.recordEverywhere(ctx, p.Key, subject{store.ChangeProject, p.Key}, before, after,
			func(store.EnvironmentRef, int64) error { return nil })
	})
	if err != nil {
		return store.Project{}, s.wrap(err, "update", "project %q", p.Key)
	}
	return after, nil
}
