// Package retry paces attempts to reach a service that is away.
package retry

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	shortest = 50 * time.Millisecond
	longest  = 5 * time.Second
)

// Pace spaces attempts: the more of them have failed, the longer it waits. The zero Pace is ready.
type Pace struct {
	failed int
}

// Wait waits before the next attempt, or until ctx ends. The time is random. So replicas that lost a service at the
// same time do not come back at the same time.
func (p *Pace) Wait(ctx context.Context) {
	wait := time.NewTimer(rand.N(p.limit()))
	defer wait.Stop()
	p.failed++
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
}

// Succeeded makes the next wait short again.
func (p *Pace) Succeeded() { p.failed = 0 }

// limit is the upper bound of the next wait. It doubles from shortest to longest.
func (p *Pace) limit() time.Duration {
	limit := shortest
	for range p.failed {
		if limit >= longest {
			return longest
		}
		limit *= 2
	}
	return min(limit, longest)
}
