package api

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

const (
	// maxAttempts is how often a write without If-Match is tried when others write at the same time.
	maxAttempts = 12
	// firstWait and longestWait bound the random wait between two attempts, which doubles: those who met once would meet
	// again if they went on at once.
	firstWait   = time.Millisecond
	longestWait = 100 * time.Millisecond
)

// precondition is a parsed If-Match. The zero precondition holds for every version.
type precondition struct {
	versions []int64
	given    bool
}

// parsePrecondition reads If-Match: empty, "*" or a list of strong ETags. A weak or foreign tag matches nothing.
func parsePrecondition(header string) (precondition, error) {
	header = strings.TrimSpace(header)
	if header == "" || header == "*" {
		return precondition{}, nil
	}
	p := precondition{given: true}
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		opaque := strings.TrimPrefix(one, "W/")
		if len(opaque) < 2 || opaque[0] != '"' || opaque[len(opaque)-1] != '"' {
			return p, problem.BadRequest(`If-Match must hold the ETag of the last reading as it was sent, for instance "7" with its quotes, or *.`)
		}
		if version, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimPrefix(one, `"`), `"`), 10, 64); err == nil {
			p.versions = append(p.versions, version)
		}
	}
	return p, nil
}

// check returns a ConflictError unless the precondition holds for the current version.
func (p precondition) check(what string, current int64) error {
	if !p.given || slices.Contains(p.versions, current) {
		return nil
	}
	return &store.ConflictError{What: what, Current: current}
}

// write calls attempt, which loads, checks and stores. Where the caller named no version, a conflict with another
// writer is not the caller's: the attempt is made again on what is there then.
func write[T any](ctx context.Context, guard precondition, attempt func() (T, error)) (written T, err error) {
	wait := firstWait
	for range maxAttempts {
		written, err = attempt()
		if guard.given || !errors.Is(err, store.ErrConflict) {
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
