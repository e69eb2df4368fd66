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

// TraceHook adds an event feature_flag.evaluation to the span in which a flag is evaluated, if that is recorded.
type TraceHook struct {
	openfeature.UnimplementedHook
}

// NewTraceHook returns the hook.
func NewTraceHook() *TraceHook { return &TraceHook{} }

// Finally adds the event, for evaluations that failed too.
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

// attributeOf gives the attribute of a value of a flag; objects are their JSON, for attributes have no members.
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
		// A code default may be anything, a channel for instance; its type says more than nothing.
		return attribute.String(name, fmt.Sprintf("%T", value))
	}
	return attribute.String(name, string(text))
}
