package telemetry

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/telemetry"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

const scope = "github.com/tidegate-io/tidegate/sdk/telemetry"

// MetricsHook counts evaluations, with the instruments that OpenFeature's hooks have in every language:
//
//   - feature_flag.evaluation_requests_total: by feature_flag.key and feature_flag.provider.name
//   - feature_flag.evaluation_success_total: in addition by feature_flag.result.variant and feature_flag.result.reason
//   - feature_flag.evaluation_error_total: in addition by error.type
//   - feature_flag.evaluation_active_count: evaluations under way, by feature_flag.key and feature_flag.provider.name
type MetricsHook struct {
	requests, successes, failures metric.Int64Counter
	active                        metric.Int64UpDownCounter
}

var _ openfeature.Hook = (*MetricsHook)(nil)

// NewMetricsHook returns a hook that counts with a meter of the provider. It fails if the meter cannot make
// instruments.
func NewMetricsHook(meters metric.MeterProvider) (*MetricsHook, error) {
	meter := meters.Meter(scope)
	var problems [4]error
	h := &MetricsHook{}
	h.requests, problems[0] = meter.Int64Counter("feature_flag.evaluation_requests_total",
		metric.WithUnit("{request}"), metric.WithDescription("Evaluations of flags that were begun."))
	h.successes, problems[1] = meter.Int64Counter("feature_flag.evaluation_success_total",
		metric.WithUnit("{impression}"), metric.WithDescription("Evaluations of flags that gave a value, be it the code default."))
	h.failures, problems[2] = meter.Int64Counter("feature_flag.evaluation_error_total",
		metric.WithUnit("{error}"), metric.WithDescription("Evaluations of flags that failed."))
	h.active, problems[3] = meter.Int64UpDownCounter("feature_flag.evaluation_active_count",
		metric.WithUnit("{request}"), metric.WithDescription("Evaluations of flags under way."))
	if err := errors.Join(problems[:]...); err != nil {
		return nil, fmt.Errorf("make instruments for evaluations: %w", err)
	}
	return h, nil
}

// Before counts an evaluation that begins.
func (h *MetricsHook) Before(ctx context.Context, hook openfeature.HookContext, _ openfeature.HookHints) (*openfeature.EvaluationContext, error) {
	h.requests.Add(ctx, 1, metric.WithAttributes(about(hook)...))
	h.active.Add(ctx, 1, metric.WithAttributes(about(hook)...))
	return nil, nil
}

// After counts an evaluation that gave a value.
func (h *MetricsHook) After(
	ctx context.Context, hook openfeature.HookContext, details openfeature.InterfaceEvaluationDetails, _ openfeature.HookHints,
) error {
	attributes := append(about(hook), attribute.String(telemetry.ResultReasonKey, strings.ToLower(string(details.Reason))))
	if details.Variant != "" {
		attributes = append(attributes, attribute.String(telemetry.ResultVariantKey, details.Variant))
	}
	h.successes.Add(ctx, 1, metric.WithAttributes(attributes...))
	return nil
}

// Error counts nothing, because it does not get the error code. Finally gets it.
func (h *MetricsHook) Error(context.Context, openfeature.HookContext, error, openfeature.HookHints) {}

// Finally counts an evaluation that has ended, and whether it failed.
func (h *MetricsHook) Finally(
	ctx context.Context, hook openfeature.HookContext, details openfeature.InterfaceEvaluationDetails, _ openfeature.HookHints,
) {
	h.active.Add(ctx, -1, metric.WithAttributes(about(hook)...))
	if details.ErrorCode == "" {
		return
	}
	code := attribute.String(telemetry.ErrorTypeKey, strings.ToLower(string(details.ErrorCode)))
	h.failures.Add(ctx, 1, metric.WithAttributes(append(about(hook), code)...))
}

// about gives the attributes that all instruments have.
func about(hook openfeature.HookContext) []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String(telemetry.FlagKey, hook.FlagKey()),
		attribute.String(telemetry.ProviderNameKey, hook.ProviderMetadata().Name),
	}
}
