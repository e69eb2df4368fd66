package ofrep

import (
	"sync"
	"sync/atomic"
	"time"
)

// Limits bound the evaluation requests of each SDK key, on each replica. They use the generic cell rate algorithm.
// Evenly spread requests at the rate always pass. After a pause, as many requests may come at once as are allowed in
// a second. Requests with one key share one atomic number; there is no lock. Limits are safe for concurrent use.
type Limits struct {
	interval int64 // nanoseconds between requests at the rate
	burst    int64 // how far, in nanoseconds, requests may run ahead of it
	keys     sync.Map
}

// NewLimits allows a number of requests each second. For 0 it returns nil, which allows any number.
func NewLimits(perSecond int) *Limits {
	if perSecond <= 0 {
		return nil
	}
	interval := int64(time.Second) / int64(perSecond)
	return &Limits{interval: interval, burst: int64(time.Second) - interval}
}

// check counts a request, or says when to try again. The key must be a working key: this bounds the number of
// entries.
func (l *Limits) check(key string, now func() time.Time) *failure {
	if l == nil {
		return nil
	}
	if wait := l.Admit(key, now()); wait > 0 {
		return tooMany(wait)
	}
	return nil
}

// Admit counts a request with the key and returns 0. If the limit is reached, it returns how long to wait before the
// next request. The id must belong to a working key: this bounds the number of entries. A nil Limits admits
// everything.
func (l *Limits) Admit(key string, now time.Time) time.Duration {
	if l == nil {
		return 0
	}
	value, known := l.keys.Load(key)
	if !known {
		value, _ = l.keys.LoadOrStore(key, new(atomic.Int64))
	}
	// due is when the next request would be on time at the rate.
	due, at := value.(*atomic.Int64), now.UnixNano()
	for {
		before := due.Load()
		after := max(before, at)
		if wait := after - at - l.burst; wait > 0 {
			return time.Duration(wait)
		}
		if due.CompareAndSwap(before, after+l.interval) {
			return 0
		}
	}
}
