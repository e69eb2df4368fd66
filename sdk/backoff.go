package tidegate

import (
	"math/rand/v2"
	"time"
)

// backoff gives random waits. Their bound doubles each time (full jitter). So many clients that lost one server do
// not come back at the same time.
type backoff struct {
	first, most time.Duration
	bound       time.Duration // of the wait before; 0 at first
}

func (b *backoff) next() time.Duration {
	switch {
	case b.bound == 0:
		b.bound = min(b.first, b.most)
	case b.bound > b.most/2:
		b.bound = b.most
	default:
		b.bound *= 2
	}
	return jitter(b.bound)
}

func (b *backoff) reset() { b.bound = 0 }

// jitter is a random time up to bound.
func jitter(bound time.Duration) time.Duration {
	if bound <= 0 {
		return 0
	}
	return rand.N(bound)
}
