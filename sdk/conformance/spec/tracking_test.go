package spec

import (
	"context"
	"fmt"

	"github.com/cucumber/godog"
	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"
)

func (w *world) registerTracking(scenario *godog.ScenarioContext) {
	scenario.Step(`^"([^"]*)" is tracked with the value ([\d.]+)$`, w.track)
	scenario.Step(`^the server is told of "([^"]*)" with the value ([\d.]+) and the context (\{.*\})$`, w.serverIsTold)
	scenario.Step(`^the server is told of nothing else$`, func(ctx context.Context) { require.Len(godog.T(ctx), w.gateway.told(""), 1) })
}

func (w *world) track(ctx context.Context, name string, value float64) {
	w.api.SetEvaluationContext(w.contextOf("API"))
	w.client.SetEvaluationContext(w.contextOf("client"))
	ctx = openfeature.WithTransactionContext(ctx, w.contextOf("transaction"))
	w.client.Track(ctx, name, w.contextOf("invocation"), openfeature.NewTrackingEventDetails(value))
}

func (w *world) serverIsTold(ctx context.Context, name string, value float64, attributes string) error {
	want, err := parse(attributes)
	if err != nil {
		return fmt.Errorf("the context %s: %w", attributes, err)
	}
	eventually(ctx, "the event", func() bool { return len(w.gateway.told(name)) > 0 })
	told := w.gateway.told(name)[0]
	require.InDelta(godog.T(ctx), value, told["value"], 0)
	require.Equal(godog.T(ctx), want, told["context"])
	return nil
}
