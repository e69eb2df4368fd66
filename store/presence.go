package store

import (
	"context"
	"time"
)

// InstanceCache lets replicas share which instances are alive, beside the store.
type InstanceCache interface {
	// PutInstances stores what is known of instances at now. A later call takes the place of an earlier one.
	PutInstances(ctx context.Context, instances []Instance, now time.Time) error
	// CachedInstances gives the instances that were seen at or after since. Complete tells whether the cache has been
	// there since then: one that has lost what it held knows, for a while, only some of those that are alive.
	CachedInstances(
		ctx context.Context,
		ref EnvironmentRef,
		since, now time.Time,
	) (instances []Instance, complete bool, err error)
}
