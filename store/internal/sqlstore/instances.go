package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func instanceOf(row db.Instance) store.Instance {
	return store.Instance{
		EnvironmentRef: store.EnvironmentRef{Project: row.Project, Environment: row.Environment},
		Service:        row.Service,
		InstanceID:     row.Instance,
		Version:        row.Version,
		StartedAt:      timeOf(row.StartedAt),
		SeenAt:         timeOf(row.SeenAt),
		Revision:       row.Revision,
		Shadow:         row.Shadow,
	}
}

// PutInstances stores all of them or none. A late report never replaces a newer one.
func (s *Store) PutInstances(ctx context.Context, instances []store.Instance) error {
	// Replicas that write the same instances lock the rows in the same order, so they cannot deadlock.
	ordered := slices.Clone(instances)
	slices.SortFunc(ordered, func(a, b store.Instance) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.Environment, b.Environment),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.InstanceID, b.InstanceID))
	})
	err := s.engine.Write(ctx, func(q db.Querier) error {
		for _, i := range ordered {
			err := q.InstancePut(ctx, db.InstancePutParams{
				Project:     i.Project,
				Environment: i.Environment,
				Service:     i.Service,
				Instance:    i.InstanceID,
				Version:     i.Version,
				StartedAt:   micros(i.StartedAt),
				SeenAt:      micros(i.SeenAt),
				Revision:    i.Revision,
				Shadow:      i.Shadow,
			})
			if err != nil {
				return s.wrap(
					err,
					"put",
					"instance %q of service %q in %s/%s",
					i.InstanceID,
					i.Service,
					i.Project,
					i.Environment,
				)
			}
		}
		return nil
	})
	return s.wrap(err, "put", "instances")
}

// ListInstances gives the fleet of an environment.
func (s *Store) ListInstances(
	ctx context.Context,
	ref store.EnvironmentRef,
	since time.Time,
) ([]store.Instance, error) {
	rows, err := s.queries().InstanceList(ctx, db.InstanceListParams{
		Project: ref.Project, Environment: ref.Environment, Since: micros(since),
	})
	if err != nil {
		return nil, s.wrap(err, "list", "instances of %s/%s", ref.Project, ref.Environment)
	}
	return convert(rows, instanceOf), nil
}

// DeleteInstances forgets the instances that were last seen before the given time.
func (s *Store) DeleteInstances(ctx context.Context, before time.Time) error {
	err := s.engine.Write(ctx, func(q db.Querier) error { return q.InstanceDeleteBefore(ctx, micros(before)) })
	return s.wrap(err, "delete", "instances")
}
