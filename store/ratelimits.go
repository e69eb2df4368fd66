package store

import (
	"context"
	"time"
)

// RateLimits counts events under a key, for all replicas together. It is fast, but it may lose its counts at any
// time. So a replica also counts by itself.
type RateLimits interface {
	// Allow counts one event of key at now, unless there were limit or more in the window before now: then it counts
	// nothing, and tells how long it takes until one is allowed. However the events fall, and whichever replica they
	// reach, no window of that length has more than limit.
	Allow(
		ctx context.Context,
		key string,
		limit int,
		window time.Duration,
		now time.Time,
	) (ok bool, retryAfter time.Duration, err error)
}
