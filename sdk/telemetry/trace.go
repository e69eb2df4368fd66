package telemetry

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/telemetry"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// TraceHook adds an event feature_flag.evaluation to the span around the evaluation, if the span is recorded.
type TraceHook struct {
	openfeature.UnimplementedHook
}

// NewTraceHook returns the hook.
func NewTraceHook() *TraceHook { return &TraceHook{} }

// Finally adds the event, also for evaluations that failed.
func (*TraceHook) Finally(
	ctx context.Context, hook openfeature.HookContext, details openfeature.InterfaceEvaluationDetails, _ openfeature.HookHints,
) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	event := telemetry.CreateEvaluationEvent(hook, details)
	// The conventions want text; the version that Tidegate's provider gives is a number.
	if version, ok := details.FlagMetadata["version"].(int64); ok {
		event.Attributes[telemetry.VersionKey] = fmt.Sprint(version)
	}
	attributes := make([]attribute.KeyValue, 0, len(event.Attributes))
	for name, value := range event.Attributes {
		attributes = append(attributes, attributeOf(name, value))
	}
	span.AddEvent(event.Name, trace.WithAttributes(attributes...))
}

// attributeOf gives the attribute for a value of a flag. Objects are given as JSON, because attributes have no
// members.
func attributeOf(name string, value any) attribute.KeyValue {
	switch v := value.(type) {
	case string:
		return attribute.String(name, v)
	case bool:
		return attribute.Bool(name, v)
	case int64:
		return attribute.Int64(name, v)
	case float64:
		return attribute.Float64(name, v)
	}
	text, err := json.Marshal(value)
	if err != nil {
		// A code default may be anything, for instance a channel. Its type says more than nothing.
		return attribute.String(name, fmt.Sprintf("%T", value))
	}
	return attribute.String(name, string(text))
}
