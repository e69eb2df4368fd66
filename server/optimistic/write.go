// Package optimistic repeats writes that failed because other writers were faster.
package optimistic

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

const (
	// maxAttempts is how often a write is tried while others write at the same time.
	maxAttempts = 12
	// firstWait and longestWait bound the random wait between two attempts. The bound of the wait
	// doubles each time. Without a wait, two writers that collided once would collide again.
	firstWait   = time.Millisecond
	longestWait = 100 * time.Millisecond
)

// Write calls attempt, which loads, checks and stores. It calls attempt again after a store.ErrMoved, because another
// writer was faster. If named is false, it also calls attempt again after a store.ErrConflict. If named is true, the
// caller has named the version that must be current. Then the conflict is the caller's, and Write returns it.
func Write[T any](ctx context.Context, named bool, attempt func() (T, error)) (written T, err error) {
	wait := firstWait
	for range maxAttempts {
		written, err = attempt()
		if !errors.Is(err, store.ErrMoved) && (named || !errors.Is(err, store.ErrConflict)) {
			break
		}
		select {
		case <-ctx.Done():
			return written, err
		case <-time.After(rand.N(wait) + 1):
		}
		wait = min(2*wait, longestWait)
	}
	return written, err
}
