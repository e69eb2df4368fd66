package auth_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/store"
)

func newLimiter(limit int, now func() time.Time, shared store.RateLimits) *auth.Limiter {
	return auth.NewLimiter(limit, time.Minute, now, shared, slog.New(slog.DiscardHandler))
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	limiter := newLimiter(2, func() time.Time { return now }, nil)
	allow := func(key string) bool { ok, _ := limiter.Allow(t.Context(), key); return ok }
	assert.True(t, allow("a"))
	assert.True(t, allow("a"))
	assert.False(t, allow("a"))
	assert.True(t, allow("b"), "others are not held up")
	now = now.Add(45 * time.Second)
	ok, wait := limiter.Allow(t.Context(), "a")
	require.False(t, ok)
	assert.Equal(t, 15*time.Second, wait)
	now = now.Add(15 * time.Second)
	assert.True(t, allow("a"))
}

func TestLimiterAllowsNoMoreAcrossTheEdgeOfAWindow(t *testing.T) {
	t.Parallel()
	const limit = 20
	now := time.Unix(0, 0)
	limiter := newLimiter(limit, func() time.Time { return now }, nil)
	allowed := func() (n int) {
		for range 2 * limit {
			if ok, _ := limiter.Allow(t.Context(), "a"); ok {
				n++
			}
		}
		return n
	}
	now = now.Add(59 * time.Second)
	assert.Equal(t, limit, allowed())
	now = now.Add(2 * time.Second)
	assert.Zero(t, allowed())
	_, wait := limiter.Allow(t.Context(), "a")
	assert.Equal(t, 58*time.Second, wait)
	now = now.Add(wait)
	assert.Equal(t, limit, allowed())
}

// otherReplicas counts as if other replicas had used up the shared limit.
type otherReplicas struct{ err error }

func (o *otherReplicas) Allow(context.Context, string, int, time.Duration, time.Time) (bool, time.Duration, error) {
	return false, 7 * time.Second, o.err
}

func TestLimiterHoldsForAllReplicasAndGoesOnAlone(t *testing.T) {
	t.Parallel()
	others := &otherReplicas{}
	limiter := newLimiter(2, time.Now, others)
	ok, wait := limiter.Allow(t.Context(), "a")
	require.False(t, ok)
	assert.Equal(t, 7*time.Second, wait)

	others.err = errors.New("away")
	ok, _ = limiter.Allow(t.Context(), "a")
	assert.True(t, ok)
	ok, _ = limiter.Allow(t.Context(), "a")
	assert.False(t, ok, "this replica has counted all along")
}
