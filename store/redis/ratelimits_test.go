package redis_test

import (
	"crypto/rand"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestRateLimitsHoldForAllReplicasTogether(t *testing.T) {
	t.Parallel()
	url, key := storetest.RedisURL(t), rand.Text()
	one, other := open(t, url).RateLimits(), open(t, url).RateLimits()
	now := time.Now()
	allow := func(limits *redis.RateLimits, key string, after time.Duration) (bool, time.Duration) {
		ok, wait, err := limits.Allow(t.Context(), key, 2, time.Minute, now.Add(after))
		require.NoError(t, err)
		return ok, wait
	}
	requireAllowed := func(limits *redis.RateLimits, key string, after time.Duration) {
		t.Helper()
		ok, _ := allow(limits, key, after)
		require.True(t, ok)
	}
	requireAllowed(one, key, 0)
	requireAllowed(other, key, 30*time.Second)
	for _, limits := range []*redis.RateLimits{one, other} {
		ok, wait := allow(limits, key, 45*time.Second)
		require.False(t, ok)
		require.InDelta(t, 15*time.Second, wait, float64(time.Millisecond))
	}
	requireAllowed(one, key+" of another", 45*time.Second)
	requireAllowed(other, key, time.Minute)
	ok, _ := allow(one, key, time.Minute)
	require.False(t, ok, "the refused were not counted, the allowed were")
	_, wait := allow(one, key, -24*time.Hour)
	require.LessOrEqual(t, wait, time.Minute, "by a clock that is wrong")
}

func TestRateLimitsAllowNoMoreThanTheLimitAtOnce(t *testing.T) {
	t.Parallel()
	limits, key, now := open(t, storetest.RedisURL(t)).RateLimits(), rand.Text(), time.Now()
	const limit = 5
	var allowed atomic.Int32
	var attempts errgroup.Group
	for range 8 * limit {
		attempts.Go(func() error {
			ok, _, err := limits.Allow(t.Context(), key, limit, time.Minute, now)
			if ok {
				allowed.Add(1)
			}
			return err
		})
	}
	require.NoError(t, attempts.Wait())
	require.LessOrEqual(t, allowed.Load(), int32(limit))
	require.Positive(t, allowed.Load())
}
