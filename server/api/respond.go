package api

import (
	"context"
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

// answer is what a handler answers, before it is encoded.
type answer struct {
	status   int
	document any // nil: none
	// version becomes the ETag unless it is 0.
	version int64
	// fixed tells that the document changes only with the version. A caller who has the version needs no document.
	fixed bool
}

// none is the answer of a handler that gives an error.
var none answer

// plain is an answer without a version.
func plain(status int, document any) answer { return answer{status: status, document: document} }

// tagged is an answer with the version of the part that can be edited. The document also has parts that change while
// the version stays the same.
func tagged(status int, version int64, document any) answer {
	return answer{status: status, document: document, version: version}
}

// versioned is an answer that changes with its version alone.
func versioned(status int, version int64, document any) answer {
	return answer{status: status, document: document, version: version, fixed: true}
}

// noContent is the answer if there is nothing to show afterwards.
func noContent() answer { return answer{status: http.StatusNoContent} }

// respond answers r with what handle gives. Every handler answers through it, except that of a stream. So a request
// with an Idempotency-Key gets its first answer again, and a conflict carries the current document.
func (a *API) respond(w http.ResponseWriter, r *http.Request, handle func() (answer, error)) {
	given, err := handle()
	var ready encodedAnswer
	if err == nil {
		ready, err = given.encode(r)
	}
	applying := onceFrom(r.Context())
	switch {
	case err == nil:
		if applying != nil {
			a.keep(r, applying.request, ready)
		}
		ready.send(w)
	case applying == nil || !a.repeat(w, r, applying):
		problem.Write(w, r, a.withCurrent(r.Context(), err))
	}
}

// encodedAnswer is an answer as it is sent and kept. The database holds this form: fields may be added, but never
// changed.
type encodedAnswer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

// encode makes the answer to r. It is 304 if the reader has the version already.
func (given answer) encode(r *http.Request) (encodedAnswer, error) {
	ready := encodedAnswer{Status: given.status, Header: make(map[string]string)}
	if given.version != 0 {
		ready.Header["ETag"] = etag(given.version)
	}
	if given.fixed && r.Method == http.MethodGet && hasTag(r.Header.Get("If-None-Match"), ready.Header["ETag"]) {
		ready.Status = http.StatusNotModified
		return ready, nil
	}
	if ready.Status == http.StatusOK && created(r.Context()) {
		ready.Status = http.StatusCreated
	}
	if given.document == nil {
		return ready, nil
	}
	body, err := json.Marshal(given.document, wire)
	ready.Header["Content-Type"], ready.Header["Cache-Control"] = "application/json", "no-store"
	ready.Body = append(body, '\n')
	return ready, err
}

func (ready encodedAnswer) send(w http.ResponseWriter) {
	for name, value := range ready.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(ready.Status)
	// The status is sent: an error now means that the caller has gone away.
	_, _ = w.Write(ready.Body)
}

func etag(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }

// hasTag compares weakly, as If-None-Match does.
func hasTag(header, tag string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(one string) bool {
		one = strings.TrimSpace(one)
		return one == "*" || strings.TrimPrefix(one, "W/") == tag
	})
}

type createdKey struct{}

// asCreated makes the answer to a request say 201 in place of 200.
func asCreated(ctx context.Context) context.Context {
	return context.WithValue(ctx, createdKey{}, true)
}

func created(ctx context.Context) bool { return ctx.Value(createdKey{}) != nil }
