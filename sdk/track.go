package tidegate

import (
	"context"
	"encoding/json"
	"math"

	"github.com/open-feature/go-sdk/openfeature"
)

// What the server takes of a tracking event: the bytes of its name, and of its context, encoded.
const (
	maxTrackedName    = 256
	maxTrackedContext = 16 << 10
)

// Track queues a tracking event for the server, with the value of details and the evaluation context: guards of
// releases attribute it to what the context is served. It never waits for the network; what is too much, or cannot be
// encoded as JSON, is dropped and logged. Other attributes of details are not sent.
func (p *Provider) Track(_ context.Context, name string, evalCtx openfeature.EvaluationContext, details openfeature.TrackingEventDetails) {
	if p.reports == nil {
		return
	}
	attributes := evalCtx.Attributes() // a copy
	if key := evalCtx.TargetingKey(); key != "" {
		attributes[openfeature.TargetingKey] = key
	}
	// Encoded here: whoever has made the context may change what it refers to afterwards.
	encoded, err := json.Marshal(attributes)
	value := details.Value()
	if err != nil || len(encoded) > maxTrackedContext || name == "" || len(name) > maxTrackedName || math.IsNaN(value) || math.IsInf(value, 0) {
		p.reports.refuse()
		return
	}
	p.reports.add(reportEvent{Kind: kindTrack, Name: name, Value: &value, Context: encoded})
}
