package control_test

import (
	"context"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/store"
)

// statements is a store whose user is killed at one of its statements. Later statements do not happen. It records the
// name of every statement.
type statements struct {
	control.Store
	kill func() // ends the user

	mu    sync.Mutex
	names []string
	// at is the number of the statement, from zero, at which the user dies; -1 means never. After tells that this
	// statement still happens.
	at    int
	after bool
	dead  bool
}

// do runs one statement.
func (s *statements) do(name string, f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return errDead
	}
	s.names = append(s.names, name)
	if len(s.names)-1 != s.at {
		return f()
	}
	s.dead = true
	defer s.kill()
	if s.after {
		// The answer is lost, so the user does not know whether it happened.
		_ = f()
	}
	return errDead
}

func statement[T any](s *statements, name string, f func() (T, error)) (value T, err error) {
	err = s.do(name, func() error {
		value, err = f()
		return err
	})
	return value, err
}

func (s *statements) AcquireLease(ctx context.Context, name, holder string, now, until time.Time) (bool, error) {
	return statement(s, "AcquireLease", func() (bool, error) { return s.Store.AcquireLease(ctx, name, holder, now, until) })
}

func (s *statements) ReleaseLease(ctx context.Context, name, holder string) error {
	return s.do("ReleaseLease", func() error { return s.Store.ReleaseLease(ctx, name, holder) })
}

func (s *statements) PutRelease(
	ctx context.Context, r store.Release, config *store.ConfigWrite, ifVersion int64, by store.Attribution,
) (store.Release, error) {
	return statement(s, "PutRelease", func() (store.Release, error) { return s.Store.PutRelease(ctx, r, config, ifVersion, by) })
}

func (s *statements) SetFleetLatch(ctx context.Context, ref store.FlagRef, latch release.Latch, by store.Attribution) error {
	return s.do("SetFleetLatch", func() error { return s.Store.SetFleetLatch(ctx, ref, latch, by) })
}

func (s *statements) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	return statement(s, "ListEnvironments", func() ([]store.Environment, error) { return s.Store.ListEnvironments(ctx, project) })
}

func (s *statements) Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	return statement(s, "Definition", func() (evaluator.Definition, error) { return s.Store.Definition(ctx, ref) })
}

func (s *statements) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	return statement(s, "Patch", func() (evaluator.Patch, error) { return s.Store.Patch(ctx, ref, from) })
}

func (s *statements) ListSubjects(ctx context.Context, ref store.EnvironmentRef, after int64, limit int) ([]store.Subject, error) {
	return statement(s, "ListSubjects", func() ([]store.Subject, error) { return s.Store.ListSubjects(ctx, ref, after, limit) })
}

func (s *statements) ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error) {
	return statement(s, "ListReleases", func() ([]store.Release, error) { return s.Store.ListReleases(ctx, ref) })
}

func (s *statements) Release(ctx context.Context, ref store.FlagRef) (store.Release, error) {
	return statement(s, "Release", func() (store.Release, error) { return s.Store.Release(ctx, ref) })
}

func (s *statements) Flag(ctx context.Context, project, key string) (store.Flag, error) {
	return statement(s, "Flag", func() (store.Flag, error) { return s.Store.Flag(ctx, project, key) })
}

func (s *statements) FlagConfig(ctx context.Context, ref store.FlagRef) (store.FlagConfig, error) {
	return statement(s, "FlagConfig", func() (store.FlagConfig, error) { return s.Store.FlagConfig(ctx, ref) })
}

func (s *statements) ListDeployments(
	ctx context.Context, ref store.EnvironmentRef, filter store.DeploymentFilter,
) ([]store.Deployment, error) {
	return statement(s, "ListDeployments", func() ([]store.Deployment, error) { return s.Store.ListDeployments(ctx, ref, filter) })
}

func (s *statements) ListInstances(ctx context.Context, ref store.EnvironmentRef, since time.Time) ([]store.Instance, error) {
	return statement(s, "ListInstances", func() ([]store.Instance, error) { return s.Store.ListInstances(ctx, ref, since) })
}
