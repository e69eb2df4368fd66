package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/api"
	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/server/web"
	"github.com/tidegate-io/tidegate/ui"
)

// routes is everything that the server answers. The paths of evaluation and of SDKs come first. Nothing logs on them,
// and evaluation is measured with atomic additions only.
func (s *Server) routes(parts *parts) (http.Handler, error) {
	app, err := web.NewApp(ui.Files())
	if err != nil {
		return nil, err
	}
	reference, err := web.NewReference(openapi.Spec, openapi.OFREP, openapi.SDK)
	if err != nil {
		return nil, err
	}
	people := chi.NewRouter()
	people.Use(middleware.GetHead, s.config.Tracing.Middleware, observe.NewRequests(s.config.Log, s.metrics).Middleware)
	people.Mount(api.BasePath, parts.api.Handler())
	people.Get("/api/openapi.yaml", reference.ServeSpec)
	people.Get("/api/ofrep.yaml", reference.ServeOFREP)
	people.Get("/api/sdk.yaml", reference.ServeSDK)
	people.Get("/api/docs", reference.ServePage)
	people.Mount("/hooks", parts.hooks)
	people.Handle("/api/*", http.HandlerFunc(unknown))
	people.Handle("/*", app)

	root := http.NewServeMux()
	root.Handle("/ofrep/v1/", observe.NewEvaluations(s.config.Tracing, s.metrics).Middleware(parts.ofrep.Routes()))
	root.Handle("/sdk/v1/", parts.sdk.Routes())
	root.HandleFunc("GET /livez", live)
	root.HandleFunc("GET /readyz", s.ready)
	root.Handle("GET /metrics", promhttp.HandlerFor(s.metrics, promhttp.HandlerOpts{}))
	root.Handle("/", people)
	return root, nil
}

// unknown answers paths below /api that do not exist. The web app has no pages there.
func unknown(w http.ResponseWriter, r *http.Request) {
	problem.Write(w, r, problem.NotFound("There is no %s. /api/docs describes the API.", r.URL.Path))
}
