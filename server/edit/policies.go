package edit

import (
	"context"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// CreateReleasePolicy makes a policy. Its name is its key unless given, and a rollback reverts.
func (s *Service) CreateReleasePolicy(
	ctx context.Context,
	p store.ReleasePolicy,
	by store.Attribution,
) (store.ReleasePolicy, error) {
	err := checkKey("release policy", p.Key)
	if err == nil {
		p, err = completeReleasePolicy(store.ReleasePolicy{}, p)
	}
	if err != nil {
		return p, err
	}
	return s.store.CreateReleasePolicy(ctx, p, by)
}

// UpdateReleasePolicy changes a policy. Releases that were prepared with it before stay as they are.
func (s *Service) UpdateReleasePolicy(
	ctx context.Context, project, key string, change Change[store.ReleasePolicy], guard Guard, by store.Attribution,
) (store.ReleasePolicy, error) {
	return update(ctx, s.releasePolicy(project, key), change, guard, by)
}

// DeleteReleasePolicy deletes a policy.
func (s *Service) DeleteReleasePolicy(
	ctx context.Context,
	project, key string,
	guard Guard,
	by store.Attribution,
) error {
	o := s.releasePolicy(project, key)
	o.write = func(ctx context.Context, p store.ReleasePolicy, ifVersion int64, by store.Attribution) (store.ReleasePolicy, error) {
		return p, s.store.DeleteReleasePolicy(ctx, project, key, ifVersion, by)
	}
	return remove(ctx, o, guard, by)
}

func (s *Service) releasePolicy(project, key string) object[store.ReleasePolicy] {
	return object[store.ReleasePolicy]{
		what: "release policy " + key,
		load: func(ctx context.Context) (store.ReleasePolicy, error) {
			return s.store.ReleasePolicy(ctx, project, key)
		},
		version:  func(p store.ReleasePolicy) int64 { return p.Version },
		complete: completeReleasePolicy,
		write:    s.store.UpdateReleasePolicy,
	}
}

func completeReleasePolicy(_, p store.ReleasePolicy) (store.ReleasePolicy, error) {
	var f invalid.Fields
	p.Name = nameOr(&f, p.Name, p.Key)
	f.AtMost("/description", p.Description, maxDescription)
	if p.OnRollback == "" {
		p.OnRollback = release.OnRollbackRevert
	}
	f.Compiled(release.ValidatePolicy(p.Policy))
	return p, f.Err()
}
