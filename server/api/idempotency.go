package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/go-chi/chi/v5"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

const (
	idempotencyHeader = "Idempotency-Key"
	// maxIdempotencyKey is the greatest length of a key, as openapi.yaml gives it.
	maxIdempotencyKey = 255
	// answerTimeout bounds how long looking up or keeping an answer may take.
	answerTimeout = time.Second
)

// applyOnce answers a repeated write with the same Idempotency-Key like the first request with that key. The store
// leaves a receipt in the transaction of the write. So a request that fails although it has a receipt was applied: by
// another attempt, or by this one before the answer of its commit was lost. Finding that out is the task of respond,
// which also keeps the answer.
func (a *API) applyOnce(router http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get(idempotencyHeader)
			if key == "" || !isWrite(r) {
				next.ServeHTTP(w, r)
				return
			}
			request, err := a.identify(w, r, key)
			if err != nil {
				problem.Write(w, r, err)
				return
			}
			applying := &once{request: request, router: router}
			if !a.repeat(w, r, applying) {
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), onceKey{}, applying)))
			}
		})
	}
}

// isWrite tells whether the matched operation changes something. A viewer may call no such operation.
func isWrite(r *http.Request) bool {
	needed := describe(r).Needed
	return r.Method != http.MethodGet && needed != "" && needed != store.RoleViewer
}

// identify reads the whole body. The body can be read again afterwards.
func (a *API) identify(w http.ResponseWriter, r *http.Request, key string) (store.Request, error) {
	if len(key) > maxIdempotencyKey ||
		strings.ContainsFunc(key, func(c rune) bool { return c > unicode.MaxASCII || unicode.IsControl(c) }) {
		return store.Request{}, problem.BadRequest(
			"The header Idempotency-Key must have at most 255 ASCII characters, for instance a UUID.",
		)
	}
	if described := a.operations.of(r); !described.Open && !described.TakesKey {
		return store.Request{}, problem.BadRequest(
			"What this request makes is shown once, so it cannot be answered again: leave Idempotency-Key out.",
		)
	}
	content, err := body.Read(w, r, maxSegmentBody)
	if err != nil {
		return store.Request{}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(content))
	p, _ := auth.PrincipalFrom(r.Context())
	return store.Request{
		ID:          digest(string(p.Actor.Kind), p.Actor.Name, key),
		Fingerprint: digest(r.Method, r.URL.RequestURI(), r.Header.Get("If-Match"), string(content)),
	}, nil
}

// digest hashes a list of texts. Two different lists have different digests.
func digest(texts ...string) []byte {
	all := sha256.New()
	for _, text := range texts {
		one := sha256.Sum256([]byte(text))
		all.Write(one[:])
	}
	return all.Sum(nil)
}

// repeat answers a request that was applied already. It tells whether it has answered: it also answers if it cannot
// be known whether the request was applied.
func (a *API) repeat(w http.ResponseWriter, r *http.Request, applying *once) bool {
	ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
	defer cancel()
	receipt, err := a.Store.Receipt(ctx, applying.request.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return false
	case err != nil:
		problem.Write(w, r, err)
	case !bytes.Equal(receipt.Fingerprint, applying.request.Fingerprint):
		problem.Write(w, r, &problem.Error{
			Status: http.StatusUnprocessableEntity,
			Slug:   "idempotency-key-reused",
			Detail: "The Idempotency-Key belongs to another request, with another method, path, If-Match or body. Choose a new key for each change.",
		})
	default:
		w.Header().Set("Idempotent-Replayed", "true")
		a.answerAgain(w, r, applying.router, receipt)
	}
	return true
}

// matches tells whether the pattern of the request's route ends with the text.
func matches(r *http.Request, end string) bool {
	return strings.HasSuffix(chi.RouteContext(r.Context()).RoutePattern(), end)
}

// pathOf is the request's path below BasePath.
func pathOf(r *http.Request) string {
	if route := chi.RouteContext(r.Context()); route != nil && route.RoutePath != "" {
		return route.RoutePath
	}
	return r.URL.Path
}

// once is a write that has to be applied once.
type once struct {
	request store.Request
	// router serves the reading of a resource whose answer was not kept.
	router http.Handler
}

type onceKey struct{}

// onceFrom gives the write that is being applied. It is nil if the write may be applied any number of times.
func onceFrom(ctx context.Context) *once {
	applying, _ := ctx.Value(onceKey{}).(*once)
	return applying
}

// withoutOnce is the context for a reading in place of the write.
func withoutOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, onceKey{}, (*once)(nil))
}

// requestFrom gives the request that a write has to be applied once for, or nil.
func requestFrom(ctx context.Context) *store.Request {
	if applying := onceFrom(ctx); applying != nil {
		return &applying.request
	}
	return nil
}
