package observe

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// Middleware makes a span of every request to the REST API and of every webhook. The span belongs to the caller's
// trace if there is one. Streams of events get no span, because they last for an hour. The files of the web app get
// none either.
func (t *Tracing) Middleware(next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		traced := strings.HasPrefix(r.URL.Path, "/api/v1/") || strings.HasPrefix(r.URL.Path, "/hooks/")
		if !traced || strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
			next.ServeHTTP(w, r)
			return
		}
		r, span := t.start(r)
		defer span.End()
		wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(wrapped, r)
		route := chi.RouteContext(r.Context()).RoutePattern()
		span.SetName(r.Method + " " + route)
		span.SetAttributes(semconv.HTTPRoute(route))
		finish(span, wrapped.Status())
	})
}

// start begins the span of a request.
func (t *Tracing) start(r *http.Request, attributes ...attribute.KeyValue) (*http.Request, trace.Span) {
	ctx := t.propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	attributes = append(attributes, semconv.HTTPRequestMethodKey.String(r.Method), semconv.URLPath(r.URL.Path))
	ctx, span := t.tracer.Start(
		ctx,
		r.Method,
		trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attributes...),
	)
	return r.WithContext(ctx), span
}

// finish notes how a request ended. If a handler wrote nothing, the status is 200.
func finish(span trace.Span, status int) {
	if status == 0 {
		status = http.StatusOK
	}
	span.SetAttributes(semconv.HTTPResponseStatusCode(status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, http.StatusText(status))
	}
}

// traceparentLength is the length of version 00 of the header. flagsAt is the position of the low digit of its flags.
// The lowest bit of this digit says that the caller has sampled the request.
const (
	traceparentLength = len("00-00000000000000000000000000000000-0000000000000000-00")
	flagsAt           = traceparentLength - 1
)

// sampled tells whether the caller of an evaluation has asked for a trace. Without tracing it costs one comparison.
// With tracing it also looks at the headers. It never allocates.
func (t *Tracing) sampled(r *http.Request) bool {
	if t == nil {
		return false
	}
	header := r.Header["Traceparent"]
	return len(header) == 1 && len(header[0]) >= traceparentLength &&
		strings.IndexByte("13579bdf", header[0][flagsAt]) >= 0
}

// evaluate serves an evaluation in a span.
func (t *Tracing) evaluate(w *statusRecorder, r *http.Request, endpoint string, next http.Handler) {
	r, span := t.start(r, attribute.String("tidegate.endpoint", endpoint))
	defer span.End()
	span.SetName("evaluate " + endpoint)
	next.ServeHTTP(w, r)
	finish(span, w.status)
}
