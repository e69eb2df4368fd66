package telemetry_test

import (
	"context"
	"testing"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/tidegate-io/tidegate/sdk/sdktest"
	"github.com/tidegate-io/tidegate/sdk/telemetry"
)

// evaluate reads one flag of each outcome: a value, a flag that does not exist, and an object.
func evaluate(ctx context.Context, t *testing.T, hooks ...openfeature.Hook) {
	t.Helper()
	flags := sdktest.NewFlags()
	flags.Set("theme", "dark")
	flags.Set("layout", map[string]any{"columns": 2})
	client := sdktest.Client(t, flags)
	client.AddHooks(hooks...)
	user := openfeature.NewEvaluationContext("alice", nil)
	client.String(ctx, "theme", "light", user)
	client.Object(ctx, "no-such-flag", map[string]any{"columns": 1}, user)
	client.Object(ctx, "no-such-flag", make(chan int), user)
}

func TestTraceHookAddsEventsToTheSpan(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	tracer := trace.NewTracerProvider(trace.WithSpanProcessor(recorder)).Tracer("test")
	ctx, span := tracer.Start(t.Context(), "request")
	evaluate(ctx, t, telemetry.NewTraceHook())
	span.End()

	events := recorder.Ended()[0].Events()
	require.Len(t, events, 3)
	for _, event := range events {
		require.Equal(t, "feature_flag.evaluation", event.Name)
	}
	require.ElementsMatch(t, []attribute.KeyValue{
		attribute.String("feature_flag.key", "theme"),
		attribute.String("feature_flag.provider.name", "tidegate"),
		attribute.String("feature_flag.result.reason", "static"),
		attribute.String("feature_flag.result.variant", "set"),
		attribute.String("feature_flag.context.id", "alice"),
		attribute.String("feature_flag.set.id", "sdktest/test"),
		attribute.String("feature_flag.version", "1"),
	}, events[0].Attributes)
	require.Subset(t, events[1].Attributes, []attribute.KeyValue{
		attribute.String("feature_flag.result.reason", "error"),
		attribute.String("error.type", "flag_not_found"),
		attribute.String("feature_flag.result.value", `{"columns":1}`),
	})
	require.Contains(t, events[2].Attributes, attribute.String("feature_flag.result.value", "chan int"))
}

func TestTraceHookWithoutASpan(t *testing.T) {
	t.Parallel()
	require.NotPanics(t, func() { evaluate(t.Context(), t, telemetry.NewTraceHook()) })
}

func TestMetricsHookCountsEvaluations(t *testing.T) {
	t.Parallel()
	reader := metric.NewManualReader()
	hook, err := telemetry.NewMetricsHook(metric.NewMeterProvider(metric.WithReader(reader)))
	require.NoError(t, err)
	evaluate(t.Context(), t, hook)

	var collected metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &collected))
	counts := make(map[string]int64)
	for _, m := range collected.ScopeMetrics[0].Metrics {
		for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
			counts[m.Name+" "+point.Attributes.Encoded(attribute.DefaultEncoder())] = point.Value
		}
	}
	const theme, missing = "feature_flag.key=theme,feature_flag.provider.name=tidegate", "feature_flag.key=no-such-flag,feature_flag.provider.name=tidegate"
	require.Equal(t, map[string]int64{
		"feature_flag.evaluation_requests_total " + theme:                                                                       1,
		"feature_flag.evaluation_requests_total " + missing:                                                                     2,
		"feature_flag.evaluation_success_total " + theme + ",feature_flag.result.reason=static,feature_flag.result.variant=set": 1,
		"feature_flag.evaluation_error_total error.type=flag_not_found," + missing:                                              2,
		"feature_flag.evaluation_active_count " + theme:                                                                         0,
		"feature_flag.evaluation_active_count " + missing:                                                                       0,
	}, counts)
}
