package auth

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// sharedTimeout is how long an attempt waits for the count of all replicas.
const sharedTimeout = 500 * time.Millisecond

// Limiter counts attempts per key in a sliding window. No window of this length has more attempts than the limit,
// however they are distributed. Only NewLimiter makes one.
type Limiter struct {
	mu      sync.Mutex
	allowed map[string][]time.Time // the attempts that were allowed, oldest first; at most limit of each key
	swept   time.Time
	limit   int
	window  time.Duration
	now     func() time.Time

	shared store.RateLimits
	alone  atomic.Bool // whether the last attempt could not be counted for all replicas
	log    *slog.Logger
}

// NewLimiter allows limit attempts of each key in any window; limit is at least one. With shared, this is the limit
// for all replicas together. While shared fails, it is the limit on each replica. shared may be nil.
func NewLimiter(
	limit int,
	window time.Duration,
	now func() time.Time,
	shared store.RateLimits,
	log *slog.Logger,
) *Limiter {
	return &Limiter{
		limit:   limit,
		window:  window,
		now:     now,
		swept:   now(),
		allowed: map[string][]time.Time{},
		shared:  shared,
		log:     log,
	}
}

// Allow counts an attempt. After too many attempts it returns false and how long to wait for the next.
func (l *Limiter) Allow(ctx context.Context, key string) (ok bool, retryAfter time.Duration) {
	now := l.now()
	ok, retryAfter = l.allowHere(key, now)
	if !ok || l.shared == nil {
		return ok, retryAfter
	}
	ctx, cancel := context.WithTimeout(ctx, sharedTimeout)
	defer cancel()
	ok, retryAfter, err := l.shared.Allow(ctx, key, l.limit, l.window, now)
	if before := l.alone.Swap(err != nil); err != nil {
		if !before {
			l.log.WarnContext(ctx, "attempts cannot be counted for all replicas; each counts by itself", "error", err)
		}
		return true, 0
	}
	return ok, retryAfter
}

// allowHere counts an attempt on this replica.
func (l *Limiter) allowHere(key string, now time.Time) (ok bool, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	recent := l.recent(l.allowed[key], now)
	if len(recent) >= l.limit {
		return false, recent[0].Add(l.window).Sub(now)
	}
	l.allowed[key] = append(recent, now)
	return true, 0
}

// recent drops the attempts that have left the window.
func (l *Limiter) recent(attempts []time.Time, now time.Time) []time.Time {
	for len(attempts) > 0 && now.Sub(attempts[0]) >= l.window {
		attempts = attempts[1:]
	}
	return attempts
}

// sweep runs once per window. It forgets the keys that were not used for one window.
func (l *Limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < l.window {
		return
	}
	l.swept = now
	for key, attempts := range l.allowed {
		if len(l.recent(attempts, now)) == 0 {
			delete(l.allowed, key)
		}
	}
}
