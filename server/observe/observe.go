// Package observe has the middleware for every request: request ids, logs, metrics and the recovery from panics.
package observe

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/supervise"
)

// HeaderRequestID names a request in answers and logs. If the caller sends an id, it is kept.
const HeaderRequestID = "X-Request-Id"

// maxRequestID bounds the length of an id that a caller sends.
const maxRequestID = 128

// Requests measures and logs requests.
type Requests struct {
	log      *slog.Logger
	duration *prometheus.HistogramVec
}

// NewRequests registers the measurements with reg.
func NewRequests(log *slog.Logger, reg prometheus.Registerer) *Requests {
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "tidegate_http_request_duration_seconds",
		Help:    "How long requests took, by route; streams are not among them.",
		Buckets: []float64{0.001, 0.005, 0.02, 0.1, 0.5, 2, 10},
	}, []string{"method", "route", "status"})
	reg.MustRegister(duration)
	return &Requests{log: log, duration: duration}
}

// Middleware gives each request an id, recovers from panics, logs and measures.
func (o *Requests) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := requestID(r)
		w.Header().Set(HeaderRequestID, id)
		wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		start := time.Now()
		defer o.finish(wrapped, r, id, start)
		next.ServeHTTP(wrapped, r)
	})
}

func (o *Requests) finish(w middleware.WrapResponseWriter, r *http.Request, id string, start time.Time) {
	if reason := recover(); reason != nil {
		o.recovered(w, r, id, reason)
	}
	status, took := w.Status(), time.Since(start)
	if status == 0 {
		status = http.StatusOK
	}
	if w.Header().Get("Content-Type") == "text/event-stream" {
		return
	}
	route := chi.RouteContext(r.Context()).RoutePattern()
	o.duration.WithLabelValues(knownMethod(r.Method), route, strconv.Itoa(status)).Observe(took.Seconds())
	level := slog.LevelDebug
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		level = slog.LevelInfo
	}
	log := o.log
	if span := trace.SpanContextFromContext(r.Context()); span.IsSampled() {
		log = log.With("trace", span.TraceID().String())
	}
	log.Log(
		r.Context(),
		level,
		"request",
		"id",
		id,
		"method",
		knownMethod(r.Method),
		"route",
		route,
		"path",
		clip(r.URL.Path),
		"status",
		status,
		"bytes",
		w.BytesWritten(),
		"duration",
		took.Round(time.Microsecond),
	)
}

// recovered answers a request whose handler has panicked. If the answer has already begun, it writes nothing.
func (o *Requests) recovered(w middleware.WrapResponseWriter, r *http.Request, id string, reason any) {
	if err, is := reason.(error); is && errors.Is(err, http.ErrAbortHandler) {
		panic(reason)
	}
	o.log.ErrorContext(
		r.Context(),
		"panic in a handler",
		"id",
		id,
		"path",
		clip(r.URL.Path),
		"panic",
		fmt.Sprint(reason),
		"stack",
		string(debug.Stack()),
	)
	supervise.From(
		r.Context(),
	).Recovered(
		supervise.Piece{Name: "request", Detail: chi.RouteContext(r.Context()).RoutePattern()},
		reason,
	)
	if w.Status() == 0 {
		problem.Write(w, r, fmt.Errorf("panic: %v", reason))
	}
}

// knownMethod returns the method of a request, or "other". Otherwise clients could create new metrics with invented
// methods.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet,
		http.MethodHead,
		http.MethodPost,
		http.MethodPut,
		http.MethodPatch,
		http.MethodDelete,
		http.MethodOptions:
		return method
	default:
		return "other"
	}
}

// maxLoggedPath bounds how much of a path a log line shows.
const maxLoggedPath = 256

func clip(path string) string {
	if len(path) <= maxLoggedPath {
		return path
	}
	return path[:maxLoggedPath] + "…"
}

func requestID(r *http.Request) string {
	id := r.Header.Get(HeaderRequestID)
	if id == "" || len(id) > maxRequestID {
		return uuid.NewString()
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' {
			return uuid.NewString()
		}
	}
	return id
}
