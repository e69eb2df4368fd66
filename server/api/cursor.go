package api

import (
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/tidegate-io/tidegate/server/problem"
)

const (
	defaultLimit = 100
	maxLimit     = 1000
)

// page is a parsed cursor and limit.
type page struct {
	after string
	limit int
}

// parsePage checks the query's cursor and limit.
func parsePage(r *http.Request, cursor string, limit int) (page, error) {
	switch {
	case !r.URL.Query().Has("limit"):
		limit = defaultLimit
	case limit < 1 || limit > maxLimit:
		return page{}, problem.BadRequest("The parameter limit must be 1 to " + strconv.Itoa(maxLimit) + ".")
	}
	after, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || !readable(string(after)) {
		return page{}, errCursor()
	}
	return page{after: string(after), limit: limit}, nil
}

// revision is the cursor of a list that is ordered by revision; 0 is the first page.
func (p page) revision() (int64, error) {
	if p.after == "" {
		return 0, nil
	}
	revision, err := strconv.ParseInt(p.after, 10, 64)
	if err != nil || revision < 1 {
		return 0, errCursor()
	}
	return revision, nil
}

func errCursor() error {
	return problem.BadRequest("The parameter cursor must be `next` of the page before, unchanged.")
}

// cut takes a page off items, of which one more than the page's limit was asked for, and returns the cursor behind
// its last item, empty on the last page.
func cut[T any](items []T, limit int, key func(T) string) list[T] {
	if len(items) <= limit {
		return list[T]{Items: items}
	}
	items = items[:limit]
	next := base64.RawURLEncoding.EncodeToString([]byte(key(items[limit-1])))
	return list[T]{Items: items, Next: next}
}
