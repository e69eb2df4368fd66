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

// list is the body of a list; next is absent on the last page.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// listed is the answer with the document of each thing.
func listed[T, D any](things []T, document func(T) D) answer {
	return plain(http.StatusOK, list[D]{Items: documents(things, document)})
}

func documents[T, D any](things []T, document func(T) D) []D {
	items := make([]D, len(things))
	for i, thing := range things {
		items[i] = document(thing)
	}
	return items
}

// page is a part of a list that is asked for.
type page struct {
	// after is the key of the last thing before the page; empty for the first page.
	after string
	limit int
}

// more is how many things to read for the page: one beyond it, which tells whether it is the last.
func (p page) more() int { return p.limit + 1 }

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

// paged answers with the page that the query's cursor and limit ask for. Read gives the things on the page and one
// more, if there is one. Key is the text of a thing that a cursor holds.
func paged[T, D any](
	r *http.Request, cursor string, limit int, read func(page) ([]T, error), key func(T) string, document func(T) D,
) (answer, error) {
	p, err := parsePage(r, cursor, limit)
	if err != nil {
		return none, err
	}
	things, err := read(p)
	if err != nil {
		return none, err
	}
	var next string
	if len(things) > p.limit {
		things = things[:p.limit]
		next = base64.RawURLEncoding.EncodeToString([]byte(key(things[p.limit-1])))
	}
	return plain(http.StatusOK, list[D]{Items: documents(things, document), Next: next}), nil
}
