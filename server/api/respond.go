package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/tidegate-io/tidegate/server/problem"
)

// wire is how documents are written: an empty list is [], never null.
var wire = json.JoinOptions(jsonv1.OmitEmptyWithLegacySemantics(true), json.Deterministic(true))

// respond writes document as the answer.
func respond(w http.ResponseWriter, r *http.Request, status int, document any) {
	body, err := json.Marshal(document, wire)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The status is sent: an error now means that the caller has gone away.
	_, _ = w.Write(append(body, '\n'))
}

// respondVersioned writes document with its version as the ETag, or 304 where the caller has that version.
func respondVersioned(w http.ResponseWriter, r *http.Request, status int, version int64, document any) {
	tag := etag(version)
	w.Header().Set("ETag", tag)
	if r.Method == http.MethodGet && status == http.StatusOK && hasTag(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	respond(w, r, status, document)
}

func etag(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }

// hasTag compares weakly, as If-None-Match does.
func hasTag(header, tag string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(one string) bool {
		one = strings.TrimSpace(one)
		return one == "*" || strings.TrimPrefix(one, "W/") == tag
	})
}

// list is the body of a list; next is absent on the last page.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}
