package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path"

	"github.com/go-chi/chi/v5"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// The ends of the patterns of operations that are not answered again like the others.
const (
	accessTokensPath = "/access-tokens"
	sdkKeysPath      = "/sdk-keys"
	webhooksPath     = "/webhooks"
	secretPath       = "/secret"
	deploymentsPath  = "/deployments"
	releasePath      = "/release"
)

// maxKeptAnswer is the size above which an answer is not kept: a retry then reads the resource.
const maxKeptAnswer = 64 << 10

// answer is an answer that is kept. Its form is in the database: fields may be added, never changed.
type answer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

// recorder holds an answer back until it is known to be the right one.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: make(http.Header)} }

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(data []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(data)
}

func (r *recorder) succeeded() bool { return r.status >= 200 && r.status < 300 }

// encode gives the form in which the answer is kept; ok is false if it is not worth keeping.
func (r *recorder) encode() (encoded []byte, ok bool) {
	if !r.succeeded() || r.body.Len() > maxKeptAnswer {
		return nil, false
	}
	kept := answer{Status: r.status, Header: make(map[string]string, len(r.header)), Body: r.body.Bytes()}
	for name := range r.header {
		kept.Header[name] = r.header.Get(name)
	}
	encoded, err := json.Marshal(kept)
	return encoded, err == nil
}

// replay sends the answer.
func (r *recorder) replay(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	// The status is sent: an error now means that the caller has gone away.
	_, _ = w.Write(r.body.Bytes())
}

// answerAgain answers a request that was applied: with the answer that was kept, or else with the resource as it is now.
func (a *API) answerAgain(w http.ResponseWriter, r *http.Request, router http.Handler, receipt store.Receipt) {
	if receipt.Answer == nil {
		a.answerAfresh(w, r, router, receipt)
		return
	}
	var kept answer
	if err := json.Unmarshal(receipt.Answer, &kept); err != nil {
		problem.Write(w, r, err)
		return
	}
	for name, value := range kept.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(kept.Status)
	// The status is sent: an error now means that the caller has gone away.
	_, _ = w.Write(kept.Body)
}

func (a *API) answerAfresh(w http.ResponseWriter, r *http.Request, router http.Handler, receipt store.Receipt) {
	target := pathOf(r)
	switch {
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
		return
	case holdsSecret(r):
		problem.Write(w, r, problem.Conflict("This request was applied already: it made the secret of %s, which can be shown only once. "+
			"Revoke or replace it, and make another with a new Idempotency-Key.", receipt.Subject))
		return
	case r.Method == http.MethodPost && matches(r, deploymentsPath):
		a.answerDeployment(w, r, receipt.Subject)
		return
	case r.Method == http.MethodPost:
		// The path of a verb is below that of what it moves.
		target = path.Dir(target)
	}
	route := chi.NewRouteContext()
	route.RoutePath = target
	reading := r.Clone(context.WithValue(r.Context(), chi.RouteCtxKey, route))
	reading.Method, reading.Body, reading.ContentLength = http.MethodGet, http.NoBody, 0
	reading.Header.Del("If-None-Match")
	found := newRecorder()
	router.ServeHTTP(found, reading)
	if found.succeeded() && creates(r) {
		found.status = http.StatusCreated
	}
	found.replay(w)
}

// creates tells whether the operation is one that answers 201: every PUT but that of a release, which may replace one.
func creates(r *http.Request) bool {
	return r.Method == http.MethodPut && !matches(r, releasePath)
}

func (a *API) answerDeployment(w http.ResponseWriter, r *http.Request, id string) {
	d, err := a.Store.Deployment(r.Context(), environmentRef(chi.URLParam(r, "project"), chi.URLParam(r, "environment")), id)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respond(w, r, http.StatusOK, d.Deployment)
}
