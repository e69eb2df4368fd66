package tidegate

import (
	"context"
	"encoding/json"
	"math"

	"github.com/open-feature/go-sdk/openfeature"
)

// The limits of the server for a tracking event: the bytes of its name, and of its encoded context.
const (
	maxTrackedName    = 256
	maxTrackedContext = 16 << 10
)

// Track queues a tracking event for the server, with the value of details and the evaluation context. Guards of
// releases attribute the event to the variation that the context is served. Track never waits for the network. An
// event is dropped and logged if the queue is full, or if it cannot be encoded as JSON. Other attributes of details
// are not sent.
func (p *Provider) Track(_ context.Context, name string, evalCtx openfeature.EvaluationContext, details openfeature.TrackingEventDetails) {
	if p.reports == nil {
		return
	}
	attributes := evalCtx.Attributes() // a copy
	if key := evalCtx.TargetingKey(); key != "" {
		attributes[openfeature.TargetingKey] = key
	}
	// It is encoded here because the caller may later change the values that the context refers to.
	encoded, err := json.Marshal(attributes)
	value := details.Value()
	if err != nil || len(encoded) > maxTrackedContext || name == "" || len(name) > maxTrackedName || math.IsNaN(value) || math.IsInf(value, 0) {
		p.reports.refuse()
		return
	}
	p.reports.add(reportEvent{Kind: kindTrack, Name: name, Value: &value, Context: encoded})
}
