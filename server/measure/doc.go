// Package measure counts what applications report, for the guards of releases. Recorder evaluates the flag once more
// for each event. So it knows what the context of the event is served. It adds the event to the span of time that is
// open and keeps nothing of a single user. Spans that have ended are stored, each once. Book reads what all replicas
// have stored and knows where the guards of every release stand. Checker looks at the values elsewhere that guards
// ask for.
package measure

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// Store is the part of a store.Store that this package works with.
type Store interface {
	store.Measurements
	ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error)
	ListOpenReleases(ctx context.Context) ([]store.Release, error)
	ListDeployments(
		ctx context.Context,
		ref store.EnvironmentRef,
		filter store.DeploymentFilter,
	) ([]store.Deployment, error)
	ListInstances(ctx context.Context, ref store.EnvironmentRef, since time.Time) ([]store.Instance, error)
}

// Snapshots are what this replica serves now.
type Snapshots interface {
	Snapshot(ref store.EnvironmentRef) (*evaluator.Snapshot, error)
}

// storeTimeout bounds one question to the store.
const storeTimeout = 5 * time.Second
