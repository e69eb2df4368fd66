package observe_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// Two traces of callers. The first is sampled, the second is not.
const (
	sampledTrace    = "0af7651916cd43dd8448eb211c80319c"
	sampledParent   = "00-" + sampledTrace + "-b7ad6b7169203331-01"
	unsampledParent = "00-1bf7651916cd43dd8448eb211c80319d-b7ad6b7169203331-00"
)

// receiver is a collector of traces. It receives OTLP over HTTP.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	resource map[string]string
	spans    []*tracepb.Span
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{resource: make(map[string]string)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		var body io.Reader = request.Body
		if request.Header.Get("Content-Encoding") == "gzip" {
			unpacked, err := gzip.NewReader(body)
			assert.NoError(t, err)
			body = unpacked
		}
		content, err := io.ReadAll(body)
		assert.NoError(t, err)
		var export collector.ExportTraceServiceRequest
		assert.NoError(t, proto.Unmarshal(content, &export))
		r.take(&export)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) take(export *collector.ExportTraceServiceRequest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, from := range export.GetResourceSpans() {
		for _, attribute := range from.GetResource().GetAttributes() {
			r.resource[attribute.GetKey()] = attribute.GetValue().GetStringValue()
		}
		for _, scope := range from.GetScopeSpans() {
			r.spans = append(r.spans, scope.GetSpans()...)
		}
	}
}

// named returns the spans with this name.
func (r *receiver) named(name string) []*tracepb.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []*tracepb.Span
	for _, span := range r.spans {
		if span.GetName() == name {
			found = append(found, span)
		}
	}
	return found
}

func TestTracesOfARunningServer(t *testing.T) {
	collecting := newReceiver(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collecting.URL)
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
	tracing, err := observe.NewTracing(t.Context(), os.Getenv, "v1.2.3", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	var log bytes.Buffer
	s := servertest.StartOn(t, servertest.Backend(t), server.Config{Tracing: tracing, Log: slog.New(slog.NewTextHandler(&log, nil))})

	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/hello", `{"type": "boolean"}`, "Traceparent", sampledParent)
	var made struct{ Key string }
	s.Must(t, http.StatusCreated, http.MethodPost, "/projects/default/environments/production/sdk-keys", `{"name": "k", "kind": "server"}`).Decode(t, &made)
	for _, parent := range []string{"", unsampledParent, sampledParent} {
		evaluate(t, s.URL, made.Key, parent)
	}
	s.Stop(t)
	require.NoError(t, tracing.Shutdown(t.Context()))

	assert.Contains(t, log.String(), "trace="+sampledTrace, "the log does not name the trace of a request")
	assert.Equal(t, "tidegate", collecting.resource["service.name"])
	assert.Equal(t, "v1.2.3", collecting.resource["service.version"])
	assert.Equal(t, "test", collecting.resource["deployment.environment.name"])

	requests := collecting.named("PUT /api/v1/projects/{project}/flags/{flag}")
	require.Len(t, requests, 1)
	assert.Equal(t, sampledTrace, hex.EncodeToString(requests[0].GetTraceId()), "the request is not in the caller's trace")
	writes := collecting.named("store CreateFlag")
	require.Len(t, writes, 1)
	assert.Equal(t, requests[0].GetSpanId(), writes[0].GetParentSpanId(), "the write is not part of the request")

	loads := collecting.named("replica load")
	require.NotEmpty(t, loads)
	reads := collecting.named("store Definition")
	require.NotEmpty(t, reads)
	assert.Condition(t, func() bool {
		for _, load := range loads {
			if string(load.GetSpanId()) == string(reads[0].GetParentSpanId()) {
				return true
			}
		}
		return false
	}, "the reading of a definition is not part of a load")

	evaluations := collecting.named("evaluate single")
	require.Len(t, evaluations, 1, "only what the caller has sampled is traced")
	assert.Equal(t, sampledTrace, hex.EncodeToString(evaluations[0].GetTraceId()))
}

func evaluate(t *testing.T, url, key, parent string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/ofrep/v1/evaluate/flags/hello", strings.NewReader(`{"context": {"targetingKey": "u"}}`))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+key)
	if parent != "" {
		r.Header.Set("Traceparent", parent)
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode)
}

func TestTracesThatCannotBeSentAreLoggedOnce(t *testing.T) {
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }))
	t.Cleanup(broken.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", broken.URL)
	t.Setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
	var log strings.Builder
	tracing, err := observe.NewTracing(t.Context(), os.Getenv, "v1", slog.New(slog.NewTextHandler(&log, nil)))
	require.NoError(t, err)
	for range 3 {
		_, span := tracing.Tracer().Start(context.Background(), "lost")
		span.End()
	}
	require.NoError(t, tracing.Shutdown(t.Context()))
	assert.Equal(t, 1, strings.Count(log.String(), "traces cannot be sent"), log.String())
}

func TestTracingIsOffUnlessAskedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environment map[string]string
		wanted      bool
		problem     string
	}{
		"nothing set":            {},
		"an endpoint":            {environment: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, wanted: true},
		"an endpoint of its own": {environment: map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, wanted: true},
		"the exporter alone":     {environment: map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, wanted: true},
		"no exporter":            {environment: map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}},
		"disabled":               {environment: map[string]string{"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}},
		"another exporter":       {environment: map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, problem: "OTEL_TRACES_EXPORTER must be otlp or none"},
		"another protocol":       {environment: map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, problem: "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wanted, err := observe.TracingWanted(func(variable string) string { return c.environment[variable] })
			assert.Equal(t, c.wanted, wanted)
			if c.problem == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.problem)
		})
	}
	tracing, err := observe.NewTracing(t.Context(), func(string) string { return "" }, "v1", nil)
	require.NoError(t, err)
	require.Nil(t, tracing)
	require.NoError(t, tracing.Shutdown(t.Context()))
}
