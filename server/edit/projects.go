package edit

import (
	"context"

	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// CreateProject makes a project without environments. Its name is its key unless given.
func (s *Service) CreateProject(ctx context.Context, p store.Project, by store.Attribution) (store.Project, error) {
	err := checkKey("project", p.Key)
	if err == nil {
		p, err = completeProject(store.Project{}, p)
	}
	if err != nil {
		return p, err
	}
	p.CreatedAt = by.At
	return s.store.CreateProject(ctx, p, by)
}

// UpdateProject changes the name of a project.
func (s *Service) UpdateProject(
	ctx context.Context, key string, change Change[store.Project], guard Guard, by store.Attribution,
) (store.Project, error) {
	return update(ctx, object[store.Project]{
		what:     "project " + key,
		load:     func(ctx context.Context) (store.Project, error) { return s.store.Project(ctx, key) },
		version:  func(p store.Project) int64 { return p.Version },
		complete: completeProject,
		write:    s.store.UpdateProject,
	}, change, guard, by)
}

func completeProject(_, p store.Project) (store.Project, error) {
	var f invalid.Fields
	p.Name = nameOr(&f, p.Name, p.Key)
	return p, f.Err()
}
