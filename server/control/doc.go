// Package control drives releases. Releases is what people and deployment events call. Loop does what happens by
// itself. Both only observe, let package release decide, and apply the decision. Every decision is one transaction.
// It is guarded by the versions of everything that it was based on. So nothing is overwritten and nothing happens
// twice, whatever else happens at the same moment.
package control

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// Store is the part of a store.Store that this package works with.
type Store interface {
	store.Deployments
	store.Releases
	store.Leases

	Environment(ctx context.Context, ref store.EnvironmentRef) (store.Environment, error)
	ReleasePolicy(ctx context.Context, project, key string) (store.ReleasePolicy, error)
	Segment(ctx context.Context, project, key string) (store.Segment, error)
	Flag(ctx context.Context, project, key string) (store.Flag, error)
	FlagConfig(ctx context.Context, ref store.FlagRef) (store.FlagConfig, error)
	SetKill(ctx context.Context, ref store.FlagRef, kill *release.Kill, by store.Attribution) (store.FlagConfig, error)
	SetFleetLatch(ctx context.Context, ref store.FlagRef, latch release.Latch, by store.Attribution) error
	Cursor(ctx context.Context, ref store.EnvironmentRef) (store.Cursor, error)
	Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error)
	Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error)
	ListSubjects(ctx context.Context, ref store.EnvironmentRef, after int64, limit int) ([]store.Subject, error)
	ListEnvironments(ctx context.Context, project string) ([]store.Environment, error)
	ListInstances(ctx context.Context, ref store.EnvironmentRef, since time.Time) ([]store.Instance, error)
}

// releaseActor is the author of changes that no person asks for at that moment.
var releaseActor = store.Actor{Kind: store.ActorRelease, Name: "release"}
