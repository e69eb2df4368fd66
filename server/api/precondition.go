package api

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/server/optimistic"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
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

// write calls attempt, which loads, checks and stores, again for as long as others are faster. Where the caller named a
// version, attempt checks it every time.
func write[T any](ctx context.Context, guard precondition, attempt func() (T, error)) (T, error) {
	return optimistic.Write(ctx, guard.given, attempt)
}
