// Package optimistic repeats writes that found, when it came to storing, that others had been faster.
package optimistic

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

const (
	// maxAttempts is how often a write is tried when others write at the same time.
	maxAttempts = 12
	// firstWait and longestWait bound the random wait between two attempts, which doubles: those who met once would meet
	// again if they went on at once.
	firstWait   = time.Millisecond
	longestWait = 100 * time.Millisecond
)

// Write calls attempt, which loads, checks and stores, again for as long as others are faster: after a
// store.ErrMoved, and after a store.ErrConflict unless the caller named the version that must be current, for then
// the conflict is theirs.
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
