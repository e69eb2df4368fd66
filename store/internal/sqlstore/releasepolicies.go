package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func releasePolicyOf(row db.ReleasePolicy) (store.ReleasePolicy, error) {
	p, err := decode[store.ReleasePolicy](fmt.Sprintf("release policy %q", row.Policy), row.Document)
	p.Project, p.Key, p.Version = row.Project, row.Policy, row.Version
	p.CreatedAt, p.UpdatedAt = timeOf(row.CreatedAt), timeOf(row.UpdatedAt)
	return p, err
}

// standardPolicies are the policies, by key, of a project that has stored none. They have the age of the project.
func standardPolicies(project db.Project) map[string]store.ReleasePolicy {
	policies := make(map[string]store.ReleasePolicy)
	for _, standard := range release.StandardPolicies() {
		policies[standard.Key] = store.ReleasePolicy{
			Project:     project.Project,
			Key:         standard.Key,
			Name:        standard.Name,
			Description: standard.Description,
			Policy:      standard.Policy,
			Version:     1,
			CreatedAt:   timeOf(project.CreatedAt),
			UpdatedAt:   timeOf(project.CreatedAt),
		}
	}
	return policies
}

// ReleasePolicy reads a policy, or the standard one that nobody has changed.
func (s *Store) ReleasePolicy(ctx context.Context, project, key string) (store.ReleasePolicy, error) {
	q := s.queries()
	row, err := q.ProjectGet(ctx, project)
	if err != nil {
		return store.ReleasePolicy{}, s.wrap(err, "read", "project %q", project)
	}
	policy, _, err := readReleasePolicy(ctx, q, row, key)
	return policy, s.wrap(err, "read", "release policy %q", key)
}

// readReleasePolicy gives a policy. If there is none it gives store.ErrNotFound. If the policy was deleted, it also
// gives the version at which that happened.
func readReleasePolicy(
	ctx context.Context, q db.Querier, project db.Project, key string,
) (policy store.ReleasePolicy, deletedAt int64, err error) {
	row, err := q.ReleasePolicyGet(ctx, db.ReleasePolicyGetParams{Project: project.Project, Policy: key})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if standard, is := standardPolicies(project)[key]; is {
			return standard, 0, nil
		}
		return store.ReleasePolicy{}, 0, store.ErrNotFound
	case err != nil:
		return store.ReleasePolicy{}, 0, err
	case row.Archived:
		return store.ReleasePolicy{}, row.Version, store.ErrNotFound
	default:
		policy, err = releasePolicyOf(row)
		return policy, 0, err
	}
}

// ListReleasePolicies gives the stored policies and the standard ones that nobody has changed.
func (s *Store) ListReleasePolicies(ctx context.Context, project string) ([]store.ReleasePolicy, error) {
	parent, err := s.queries().ProjectGet(ctx, project)
	if err != nil {
		return nil, s.wrap(err, "read", "project %q", project)
	}
	rows, err := s.queries().ReleasePolicyList(ctx, project)
	if err != nil {
		return nil, s.wrap(err, "list", "release policies of project %q", project)
	}
	policies := standardPolicies(parent)
	for _, row := range rows {
		if row.Archived {
			delete(policies, row.Policy)
		} else if policies[row.Policy], err = releasePolicyOf(row); err != nil {
			return nil, err
		}
	}
	list := make([]store.ReleasePolicy, 0, len(policies))
	for _, p := range policies {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b store.ReleasePolicy) int { return cmp.Compare(a.Key, b.Key) })
	return list, nil
}

// CreateReleasePolicy continues the versions of a deleted policy with the same key, so that no version means two
// things.
func (s *Store) CreateReleasePolicy(
	ctx context.Context, p store.ReleasePolicy, by store.Attribution,
) (created store.ReleasePolicy, err error) {
	err = s.write(ctx, by, func(tx *writeTx) error {
		project, err := tx.lockProject(ctx, p.Project)
		if err != nil {
			return err
		}
		_, deletedAt, err := readReleasePolicy(ctx, tx, project, p.Key)
		if err == nil {
			return store.ErrExists
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		created = p
		created.Version, created.CreatedAt, created.UpdatedAt = deletedAt+1, timeOf(
			micros(by.At),
		), timeOf(
			micros(by.At),
		)
		return tx.putReleasePolicy(ctx, created, false, nil, created)
	})
	return created, s.wrap(err, "create", "release policy %q", p.Key)
}

// UpdateReleasePolicy replaces everything but the key.
func (s *Store) UpdateReleasePolicy(
	ctx context.Context, p store.ReleasePolicy, ifVersion int64, by store.Attribution,
) (after store.ReleasePolicy, err error) {
	err = s.write(ctx, by, func(tx *writeTx) error {
		before, err := tx.lockReleasePolicy(ctx, p.Project, p.Key, ifVersion)
		if err != nil {
			return err
		}
		after = p
		after.Version, after.CreatedAt, after.UpdatedAt = before.Version+1, before.CreatedAt, timeOf(micros(by.At))
		return tx.putReleasePolicy(ctx, after, false, before, after)
	})
	return after, s.wrap(err, "update", "release policy %q", p.Key)
}

// DeleteReleasePolicy keeps a row, so that a deleted standard policy does not come back.
func (s *Store) DeleteReleasePolicy(
	ctx context.Context,
	project, key string,
	ifVersion int64,
	by store.Attribution,
) error {
	err := s.write(ctx, by, func(tx *writeTx) error {
		before, err := tx.lockReleasePolicy(ctx, project, key, ifVersion)
		if err != nil {
			return err
		}
		after := before
		after.Version, after.UpdatedAt = before.Version+1, by.At
		return tx.putReleasePolicy(ctx, after, true, before, nil)
	})
	return s.wrap(err, "delete", "release policy %q", key)
}

// lockReleasePolicy reads a policy under the lock of its project.
func (tx *writeTx) lockReleasePolicy(
	ctx context.Context,
	project, key string,
	ifVersion int64,
) (store.ReleasePolicy, error) {
	parent, err := tx.lockProject(ctx, project)
	if err != nil {
		return store.ReleasePolicy{}, err
	}
	policy, _, err := readReleasePolicy(ctx, tx, parent, key)
	if err != nil {
		return store.ReleasePolicy{}, err
	}
	return policy, checkVersion(fmt.Sprintf("release policy %q", key), policy.Version, ifVersion)
}

// putReleasePolicy writes a policy and records the change in every environment.
func (tx *writeTx) putReleasePolicy(
	ctx context.Context,
	p store.ReleasePolicy,
	archived bool,
	before, after any,
) error {
	document, err := encode(p)
	if err != nil {
		return err
	}
	err = tx.ReleasePolicyPut(ctx, db.ReleasePolicyPutParams{
		Project: p.Project, Policy: p.Key, Document: document, Archived: archived, Version: p.Version,
		CreatedAt: micros(p.CreatedAt), UpdatedAt: micros(p.UpdatedAt),
	})
	if err != nil {
		return err
	}
	return tx.recordEverywhere(ctx, p.Project, subject{store.ChangeReleasePolicy, p.Key}, before, after,
		func(store.EnvironmentRef, int64) error { return nil })
}
