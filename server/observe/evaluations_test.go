package observe_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/observe"
)

func TestEvaluationsAreMeasuredByEndpointAndStatus(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	handler := observe.NewEvaluations(nil, registry).Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	for _, request := range []struct{ method, path string }{
		{http.MethodPost, "/ofrep/v1/evaluate/flags"},
		{http.MethodPost, "/ofrep/v1/evaluate/flags/hello"},
		{http.MethodOptions, "/ofrep/v1/evaluate/flags/hello"},
		{http.MethodGet, "/ofrep/v1/events"},
	} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(request.method, request.path, nil))
	}
	r := httptest.NewRequest(http.MethodPost, "/ofrep/v1/evaluate/flags/hello", nil)
	r.Header.Set("Authorization", "Bearer k")
	handler.ServeHTTP(httptest.NewRecorder(), r)
	measured := gather(t, registry)
	for _, labels := range []string{`endpoint="bulk",status="418"`, `endpoint="single",status="418"`, `endpoint="single",status="200"`} {
		assert.InDelta(t, 1, measured["tidegate_evaluation_duration_seconds{"+labels+"}"], 0, labels)
	}
	assert.InDelta(t, 3, total(measured), 0, "something else was measured")
}

// discard is a ResponseWriter that costs nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func TestEvaluationsNoAlloc(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates")
	}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
	tracing, err := observe.NewTracing(t.Context(), envOf(map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}), "v1", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tracing.Shutdown(context.WithoutCancel(t.Context()))) })
	for name, c := range map[string]struct {
		tracing *observe.Tracing
		parent  string
	}{
		"tracing off":               {},
		"tracing off, parent":       {parent: sampledParent},
		"tracing on, no parent":     {tracing: tracing},
		"tracing on, not sampled":   {tracing: tracing, parent: unsampledParent},
		"tracing on, broken parent": {tracing: tracing, parent: "01"},
	} {
		handler := observe.NewEvaluations(c.tracing, prometheus.NewRegistry()).Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
		}))
		r := httptest.NewRequest(http.MethodPost, "/ofrep/v1/evaluate/flags/hello", nil)
		if c.parent != "" {
			r.Header.Set("Traceparent", c.parent)
		}
		w := discard{header: make(http.Header)}
		assert.Zero(t, testing.AllocsPerRun(1000, func() { handler.ServeHTTP(w, r) }), name)
	}
}

func BenchmarkEvaluations(b *testing.B) {
	handler := observe.NewEvaluations(nil, prometheus.NewRegistry()).Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	}))
	r := httptest.NewRequest(http.MethodPost, "/ofrep/v1/evaluate/flags/hello", nil)
	w := discard{header: make(http.Header)}
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(w, r)
	}
}

// envOf reads variables from a map.
func envOf(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}
