package auth

import (
	"sync"
	"time"
)

// Limiter counts attempts per key in fixed windows. The zero Limiter allows nothing; use NewLimiter.
type Limiter struct {
	mu       sync.Mutex
	attempts map[string]int
	started  time.Time
	limit    int
	window   time.Duration
	now      func() time.Time
}

// NewLimiter allows limit attempts of each key per window.
func NewLimiter(limit int, window time.Duration, now func() time.Time) *Limiter {
	return &Limiter{limit: limit, window: window, now: now, attempts: map[string]int{}}
}

// Allow counts an attempt. Where there were too many it returns false and how long the window still lasts.
func (l *Limiter) Allow(key string) (ok bool, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.started) >= l.window {
		l.started = now
		clear(l.attempts)
	}
	l.attempts[key]++
	if l.attempts[key] <= l.limit {
		return true, 0
	}
	return false, l.started.Add(l.window).Sub(now)
}
