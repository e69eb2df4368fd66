package tidegate

import (
	"math/rand/v2"
	"time"
)

// backoff gives random waits whose bound doubles (full jitter), so that many clients that lost one server do not come
// back together.
type backoff struct {
	first, most time.Duration
	failures    int
}

func (b *backoff) next() time.Duration {
	bound := b.most
	if shift := min(b.failures, 30); b.first<<shift < b.most {
		bound = b.first << shift
	}
	b.failures++
	return jitter(bound)
}

func (b *backoff) reset() { b.failures = 0 }

// jitter is a random time up to bound.
func jitter(bound time.Duration) time.Duration {
	if bound <= 0 {
		return 0
	}
	return rand.N(bound)
}
