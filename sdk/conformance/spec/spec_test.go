// Package spec tests the provider against OpenFeature's specification, through OpenFeature's client and a real
// server. The scenarios in features are written from the requirements of the specification, and name their numbers.
package spec

import (
	"context"
	"testing"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestSpecification runs every scenario for each way of evaluating.
func TestSpecification(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]struct {
		options []tidegate.Option
		tags    string
	}{
		"in-process": {nil, ""},
		"remote":     {[]tidegate.Option{tidegate.WithRemote(patience)}, "~@in-process"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop := stock(t)
			server := streamtest.Start(t, shop, streamtest.Options{})
			suite := godog.TestSuite{
				Name: name,
				ScenarioInitializer: func(scenario *godog.ScenarioContext) {
					register(scenario, &world{shop: shop, server: server, options: mode.options})
				},
				Options: &godog.Options{
					Format: "progress", Paths: []string{"features"}, Tags: mode.tags, Strict: true, NoColors: true,
					Output: t.Output(), TestingT: t,
				},
			}
			require.Zero(t, suite.Run())
		})
	}
}

// register names the steps.
func register(scenario *godog.ScenarioContext, w *world) {
	scenario.Before(func(ctx context.Context, _ *godog.Scenario) (context.Context, error) { return ctx, w.begin() })
	scenario.After(func(ctx context.Context, _ *godog.Scenario, failed error) (context.Context, error) {
		return ctx, w.end()
	})
	w.registerLife(scenario)
	w.registerEvaluation(scenario)
	w.registerContexts(scenario)
	w.registerHooks(scenario)
	w.registerEvents(scenario)
	w.registerTracking(scenario)
}
