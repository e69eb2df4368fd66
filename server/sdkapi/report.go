package sdkapi

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/server/problem"
)

const (
	// maxErrors is how many dropped events an answer names.
	maxErrors = 20
	// maxIdentity bounds each part of an identity, and maxContext bounds a context. Both are in bytes.
	maxIdentity, maxContext = 256, 16 << 10
	// maxDepth is how deep a context may nest. It is the same limit as in an evaluation.
	maxDepth = 32
	// maxValue keeps the sums of squares exact enough. maxCount bounds the count of one event.
	maxValue = 1e12
	maxCount = 1_000_000_000
)

// fieldError says what is wrong in one event. It names the place by JSON pointer.
type fieldError = openapi.FieldError

// report is a body after it was read.
type report struct {
	source      measure.Source
	events      []measure.TrackingEvent
	evaluations []measure.Evaluations
	dropped     int
	errors      []fieldError
}

// envelope is the body as it is sent. Unknown members are ignored: they may come from a newer SDK.
type envelope struct {
	ServiceName       string           `json:"serviceName"`
	ServiceVersion    string           `json:"serviceVersion"`
	ServiceInstanceID string           `json:"serviceInstanceId"`
	Events            []jsontext.Value `json:"events"`
}

// wireEvent is one event as it is sent.
type wireEvent struct {
	Kind      string         `json:"kind"`
	Name      string         `json:"name"`
	Value     float64        `json:"value"`
	Context   jsontext.Value `json:"context"`
	Flag      string         `json:"flag"`
	Variation string         `json:"variation"`
	Count     int64          `json:"count"`
}

// parse reads a report of at most so many events. An event that cannot be read is dropped; the others are kept.
func parse(data []byte, most int) (report, error) {
	var sent envelope
	if err := body.Lenient(data, &sent); err != nil {
		return report{}, err
	}
	if fields := sent.problems(most); len(fields) > 0 {
		return report{}, problem.Invalid(fields...)
	}
	r := report{
		source: measure.Source{
			Service:  sent.ServiceName,
			Version:  sent.ServiceVersion,
			Instance: sent.ServiceInstanceID,
		},
	}
	for i, encoded := range sent.Events {
		if field, detail := r.add(encoded); detail != "" {
			r.dropped++
			if len(r.errors) < maxErrors {
				r.errors = append(r.errors, problem.Field(fmt.Sprintf("/events/%d%s", i, field), "%s", detail))
			}
		}
	}
	return r, nil
}

func (e *envelope) problems(most int) (fields []fieldError) {
	for _, part := range []struct{ name, value string }{
		{"/serviceName", e.ServiceName}, {"/serviceVersion", e.ServiceVersion}, {"/serviceInstanceId", e.ServiceInstanceID},
	} {
		if len(part.value) > maxIdentity || strings.ContainsRune(part.value, 0) {
			fields = append(
				fields,
				problem.Field(part.name, "must be at most %d bytes, and without the character U+0000", maxIdentity),
			)
		}
	}
	if len(e.Events) == 0 || len(e.Events) > most {
		fields = append(fields, problem.Field("/events", "must hold 1 to %d events", most))
	}
	return fields
}

// add takes one event, or returns what is wrong with it, and where.
func (r *report) add(encoded jsontext.Value) (field, detail string) {
	var e wireEvent
	if err := json.Unmarshal(encoded, &e); err != nil {
		return wrongType(err)
	}
	switch e.Kind {
	case "track":
		return r.addTracked(e)
	case "evaluations":
		return r.addEvaluations(e)
	default:
		return "/kind", `must be "track" or "evaluations"`
	}
}

func (r *report) addTracked(e wireEvent) (field, detail string) {
	if !release.ValidMetric(e.Name) {
		return "/name", fmt.Sprintf("must be a name of 1 to %d bytes without control characters", release.MaxMetric)
	}
	if math.Abs(e.Value) > maxValue {
		return "/value", "must be a number within ±1e12"
	}
	if len(e.Context) > maxContext {
		return "/context", fmt.Sprintf("must be at most %d bytes", maxContext)
	}
	if nestsTooDeep(e.Context) {
		return "/context", fmt.Sprintf("must not nest deeper than %d lists and objects", maxDepth)
	}
	attributes := map[string]any{}
	if len(e.Context) > 0 {
		if err := json.Unmarshal(e.Context, &attributes); err != nil {
			return "/context", "must be an object"
		}
	}
	if key, given := attributes[evaluator.AttributeTargetingKey]; given {
		if _, is := key.(string); !is {
			return "/context/targetingKey", "must be a string"
		}
	}
	r.events = append(r.events, measure.TrackingEvent{Name: e.Name, Value: e.Value, Attributes: attributes})
	return "", ""
}

// nestsTooDeep reads only as far as needed. The context must be valid JSON, if there is one.
func nestsTooDeep(context jsontext.Value) bool {
	decoder := jsontext.NewDecoder(bytes.NewReader(context))
	for {
		if _, err := decoder.ReadToken(); err != nil {
			return false
		}
		if decoder.StackDepth() > maxDepth {
			return true
		}
	}
}

func (r *report) addEvaluations(e wireEvent) (field, detail string) {
	if e.Flag == "" || len(e.Flag) > maxIdentity {
		return "/flag", "must be the key of a flag"
	}
	if e.Count < 1 || e.Count > maxCount {
		return "/count", fmt.Sprintf("must be 1 to %d", maxCount)
	}
	r.evaluations = append(r.evaluations, measure.Evaluations{Flag: e.Flag, Variation: e.Variation, Count: e.Count})
	return "", ""
}

// wrongType names the member of an event that has a wrong type.
func wrongType(err error) (field, detail string) {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return string(semantic.JSONPointer), "has the wrong type"
	}
	return "", "cannot be read"
}
