package api

import (
	"context"
	"encoding/json"
	"net/http"
	"path"

	"github.com/go-chi/chi/v5"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// The ends of the route patterns of some operations. These operations need a way of their own to be answered again.
const (
	deploymentsPath = "/deployments"
	releasePath     = "/release"
)

// maxKeptAnswer is the size above which an answer is not kept: a retry then reads the resource.
const maxKeptAnswer = 64 << 10

// keep stores an answer so that it can be given again. It stores no copy of an answer that may show a secret. If
// storing fails, the receipt is still there.
func (a *API) keep(r *http.Request, request store.Request, ready encodedAnswer) {
	if len(ready.Body) > maxKeptAnswer || !a.operations.of(r).Open {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), answerTimeout)
	defer cancel()
	encoded, err := json.Marshal(ready)
	if err == nil {
		err = a.Store.PutAnswer(ctx, request, encoded, a.Now())
	}
	if err != nil {
		a.Log.WarnContext(
			ctx,
			"the answer to a request with an Idempotency-Key is not kept; a retry gets the resource as it is then",
			"error",
			err,
		)
	}
}

// answerAgain answers a request that was applied: with the answer that was kept, or else with the resource as it is
// now.
func (a *API) answerAgain(w http.ResponseWriter, r *http.Request, router http.Handler, receipt store.Receipt) {
	if receipt.Answer == nil {
		a.answerAfresh(w, r, router, receipt)
		return
	}
	var kept encodedAnswer
	if err := json.Unmarshal(receipt.Answer, &kept); err != nil {
		problem.Write(w, r, err)
		return
	}
	kept.send(w)
}

func (a *API) answerAfresh(w http.ResponseWriter, r *http.Request, router http.Handler, receipt store.Receipt) {
	switch {
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	case !a.operations.of(r).Open:
		problem.Write(
			w,
			r,
			problem.Conflict(
				"This request was applied already: it made the secret of %s, which can be shown only once. "+
					"Revoke or replace it, and make another with a new Idempotency-Key.",
				receipt.Subject,
			),
		)
	case r.Method == http.MethodPost && matches(r, deploymentsPath):
		reading := r.WithContext(withoutOnce(r.Context()))
		a.respond(w, reading, func() (answer, error) {
			return a.deploymentAnswer(
				r.Context(),
				environmentRef(chi.URLParam(r, "project"), chi.URLParam(r, "environment")),
				receipt.Subject,
			)
		})
	default:
		router.ServeHTTP(w, readingOf(r))
	}
}

// readingOf is the request that reads what r has changed.
func readingOf(r *http.Request) *http.Request {
	route := chi.NewRouteContext()
	route.RoutePath = pathOf(r)
	if r.Method == http.MethodPost {
		// The path of a verb is one level below the path of the thing that the verb moves.
		route.RoutePath = path.Dir(route.RoutePath)
	}
	ctx := withoutOnce(r.Context())
	if creates(r) {
		ctx = asCreated(ctx)
	}
	reading := r.Clone(context.WithValue(ctx, chi.RouteCtxKey, route))
	reading.Method, reading.Body, reading.ContentLength = http.MethodGet, http.NoBody, 0
	// The writer compresses already.
	reading.Header.Del("Accept-Encoding")
	reading.Header.Del("If-None-Match")
	return reading
}

// creates tells whether the operation answers 201. Every PUT does, except the PUT of a release: it may replace one.
func creates(r *http.Request) bool {
	return r.Method == http.MethodPut && !matches(r, releasePath)
}

func (a *API) deploymentAnswer(ctx context.Context, ref store.EnvironmentRef, id string) (answer, error) {
	d, err := a.Store.Deployment(ctx, ref, id)
	return plain(http.StatusOK, d.Deployment), err
}
