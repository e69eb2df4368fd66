// Package api is the REST API: it implements the operations of openapi.yaml on the store.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/server/feed"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// Snapshots are what this replica serves now.
type Snapshots interface {
	Snapshot(ref store.EnvironmentRef) (*evaluator.Snapshot, error)
	// Await returns when the replica has reached the revision, or ctx ends.
	Await(ctx context.Context, ref store.EnvironmentRef, revision int64) error
}

// Releases moves releases and takes in deployments.
type Releases interface {
	Put(
		ctx context.Context,
		ref store.FlagRef,
		spec release.Spec,
		ifVersion int64,
		by store.Attribution,
	) (store.Release, error)
	Start(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error)
	Promote(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error)
	// PromoteTo refuses a step that is not the next one.
	PromoteTo(ctx context.Context, ref store.FlagRef, step int, by store.Attribution) (store.Release, error)
	Pause(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error)
	Resume(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error)
	Revert(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error)
	// Approve approves the step, or the next that needs it where step is nil.
	Approve(ctx context.Context, ref store.FlagRef, step *int, by store.Attribution) (store.Release, error)
	Kill(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.FlagConfig, error)
	Restore(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.FlagConfig, error)
	// Fleet gives who is alive, by service and version.
	Fleet(ctx context.Context, ref store.EnvironmentRef, now time.Time) ([]store.Instance, error)
	// Situation says where a release stands at the moment.
	Situation(ctx context.Context, r store.Release, now time.Time) (release.Situation, error)
	Deploy(
		ctx context.Context,
		d store.Deployment,
		by store.Attribution,
	) (stored store.Deployment, changed bool, err error)
	// Preview tells what Deploy would do.
	Preview(ctx context.Context, d store.Deployment, now time.Time) (control.Preview, error)
}

// Guards know what is measured of releases.
type Guards interface {
	Standing(ctx context.Context, r store.Release) (release.Standing, error)
	Series(ctx context.Context, r store.Release) (map[string][]release.Point, error)
}

// Dependencies are what the API works with. All of them are needed.
type Dependencies struct {
	Store     store.Store
	Snapshots Snapshots
	Releases  Releases
	Guards    Guards
	// Edits changes what people and tools may change.
	Edits *edit.Service
	// Hooks takes in the events of webhooks.
	Hooks *hooks.Receiver
	// URL is where people and tools reach the server, without a slash at its end.
	URL     string
	Feed    *feed.Feed
	Streams *stream.Streams
	Auth    *auth.Authenticator
	// SignIns limits the attempts to sign in.
	SignIns *auth.Limiter
	SDKKeys *auth.SDKKeys
	Now     func() time.Time
	Log     *slog.Logger
	// SecureCookies is set where people reach the server by HTTPS.
	SecureCookies bool
	// Version is that of the server, for the account menu of the web app.
	Version string
}

// API implements openapi.ServerInterface.
type API struct {
	Dependencies
	operations operations
}

var _ openapi.ServerInterface = (*API)(nil)

// New returns the API. It fails where openapi.yaml cannot be read.
func New(d Dependencies) (*API, error) {
	all, err := readOperations(openapi.Spec)
	return &API{Dependencies: d, operations: all}, err
}

// BasePath is where Handler has to be mounted.
const BasePath = "/api/v1"

// compressionLevel makes the list of a thousand flags a tenth of its size and costs a millisecond or two.
const compressionLevel = 5

// Handler returns the routes, relative to BasePath.
func (a *API) Handler() http.Handler {
	router := chi.NewRouter()
	router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.NotFound("There is no %s in this API. /api/docs describes it.", r.URL.Path))
	})
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, &problem.Error{
			Status: http.StatusMethodNotAllowed, Slug: "method-not-allowed",
			Detail: r.Method + " is not a method of this resource. /api/docs describes it.",
		})
	})
	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(http.HandlerFunc(denyCrossSite))
	router.Use(sameSite.Handler, refuseUnreadable, middleware.Compress(compressionLevel, "application/json"))
	return openapi.HandlerWithOptions(a, openapi.ChiServerOptions{
		BaseRouter:       router,
		Middlewares:      []openapi.MiddlewareFunc{a.Auth.Middleware(describe), a.applyOnce(router)},
		ErrorHandlerFunc: badParameter,
	})
}

// denyCrossSite answers a change that a page of another site asks for. Such a request might use the session cookie of
// the user.
func denyCrossSite(w http.ResponseWriter, r *http.Request) {
	problem.Write(w, r, problem.Forbidden("A page of another origin may not make changes here."))
}

// refuseUnreadable answers requests whose path, query or reason is not text that can be stored.
func refuseUnreadable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := url.QueryUnescape(r.URL.RawQuery)
		if err != nil || !readable(r.URL.Path) || !readable(query) || !readable(r.Header.Get("Tidegate-Reason")) {
			problem.Write(
				w,
				r,
				problem.BadRequest(
					"The path, the query and the header Tidegate-Reason must be UTF-8 without control characters.",
				),
			)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// badParameter answers where a parameter could not be read.
func badParameter(w http.ResponseWriter, r *http.Request, err error) {
	var invalid *openapi.InvalidParamFormatError
	if !errors.As(err, &invalid) {
		problem.Write(w, r, problem.BadRequest(problem.Sentence(err.Error())))
		return
	}
	allowed := "must be as /api/docs describes it"
	var number *strconv.NumError
	if errors.As(invalid.Err, &number) {
		allowed = "must be an integer"
		if number.Func == "ParseBool" {
			allowed = "must be true or false"
		}
	}
	problem.Write(
		w,
		r,
		problem.BadRequest(
			fmt.Sprintf(
				"The parameter %s %s, not %q.",
				invalid.ParamName,
				allowed,
				r.URL.Query().Get(invalid.ParamName),
			),
		),
	)
}

// describe says what the matched operation asks for, according to openapi.yaml. Signing in is the only operation that
// is open to everybody. Any other operation without a scope is open to nobody.
func describe(r *http.Request) auth.Route {
	route := auth.Route{Project: chi.URLParam(r, "project"), Environment: chi.URLParam(r, "environment")}
	scopes, scoped := r.Context().Value(openapi.BearerScopes).([]string)
	if scoped && len(scopes) == 1 {
		route.Needed = store.Role(scopes[0])
	}
	pattern := chi.RouteContext(r.Context()).RoutePattern()
	route.Public = !scoped && r.Method == http.MethodPost && pattern == sessionPattern
	return route
}

// settleTimeout bounds how long an answer waits for this replica to serve what was written.
const settleTimeout = time.Second

// settle waits until this replica serves what was just written to the environments, so that the caller reads its own
// write. The write is safe whether or not that happens in time.
func (a *API) settle(ctx context.Context, refs ...store.EnvironmentRef) {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	for _, ref := range refs {
		cursor, err := a.Store.Cursor(ctx, ref)
		if err == nil {
			err = a.Snapshots.Await(ctx, ref, cursor.Revision)
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			a.Log.WarnContext(
				ctx,
				"the write is stored but not served yet",
				"project",
				ref.Project,
				"environment",
				ref.Environment,
				"error",
				err,
			)
		}
	}
}

// settleProject is settle for every environment of the project.
func (a *API) settleProject(ctx context.Context, project string) {
	environments, err := a.Store.ListEnvironments(ctx, project)
	if err != nil {
		a.Log.WarnContext(ctx, "the write is stored but may not be served yet", "project", project, "error", err)
		return
	}
	refs := make([]store.EnvironmentRef, len(environments))
	for i, environment := range environments {
		refs[i] = environment.EnvironmentRef
	}
	a.settle(ctx, refs...)
}

// reloadSDKKeys waits until this replica knows the keys as they are now.
func (a *API) reloadSDKKeys(r *http.Request) {
	if err := a.SDKKeys.Reload(r.Context()); err != nil && r.Context().Err() == nil {
		a.Log.WarnContext(r.Context(), "the change of an SDK key is stored but not in effect here yet", "error", err)
	}
}

func environmentRef(project, environment string) store.EnvironmentRef {
	return store.EnvironmentRef{Project: project, Environment: environment}
}

func flagRef(project, environment, flag string) store.FlagRef {
	return store.FlagRef{EnvironmentRef: environmentRef(project, environment), Flag: flag}
}
