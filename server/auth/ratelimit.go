package auth

import (
	"sync"
	"time"
)

// Limiter counts attempts per key in a sliding window: however they fall, no window of its length has more than the
// limit. It is made by NewLimiter.
type Limiter struct {
	mu      sync.Mutex
	allowed map[string][]time.Time // the attempts that were allowed, oldest first; at most limit of each key
	swept   time.Time
	limit   int
	window  time.Duration
	now     func() time.Time
}

// NewLimiter allows limit attempts of each key, at least one, in any window.
func NewLimiter(limit int, window time.Duration, now func() time.Time) *Limiter {
	return &Limiter{limit: limit, window: window, now: now, swept: now(), allowed: map[string][]time.Time{}}
}

// Allow counts an attempt. Where there were too many it returns false and how long it takes until one is allowed.
func (l *Limiter) Allow(key string) (ok bool, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
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

// sweep forgets, once per window, the keys that have not been used for one.
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
