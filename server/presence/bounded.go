package presence

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

const (
	// cacheTimeout is how long a caller waits for the cache, to report or to read.
	cacheTimeout = time.Second
	// cachePause is how long a cache that did not answer in time is not asked again.
	cachePause = 5 * time.Second
)

var errHangs = fmt.Errorf("%w: the cache did not answer in time a moment ago", store.ErrUnavailable)

// bounded is a cache with a time limit. After a request that took too long, the cache is not asked for a while:
// callers get an error at once.
type bounded struct {
	cache store.InstanceCache
	until atomic.Pointer[time.Time] // when it may be asked again
}

func (b *bounded) PutInstances(ctx context.Context, instances []store.Instance, now time.Time) error {
	return b.ask(ctx, func(ctx context.Context) error { return b.cache.PutInstances(ctx, instances, now) })
}

func (b *bounded) CachedInstances(
	ctx context.Context, ref store.EnvironmentRef, since, now time.Time,
) (instances []store.Instance, complete bool, err error) {
	err = b.ask(ctx, func(ctx context.Context) (err error) {
		instances, complete, err = b.cache.CachedInstances(ctx, ref, since, now)
		return err
	})
	return instances, complete, err
}

func (b *bounded) ask(ctx context.Context, f func(context.Context) error) error {
	if until := b.until.Load(); until != nil && time.Now().Before(*until) {
		return errHangs
	}
	ctx, cancel := context.WithTimeout(ctx, cacheTimeout)
	defer cancel()
	err := f(ctx)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		until := time.Now().Add(cachePause)
		b.until.Store(&until)
	}
	return err
}
