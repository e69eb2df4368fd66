package e2e_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"

	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestGoProviderReports has flagd take what the Go provider tracks and counts, in both of its modes.
func TestGoProviderReports(t *testing.T) {
	t.Parallel()
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir()})
	server.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/new-checkout", flagdtest.Map{"type": "boolean"}, nil)
	user := openfeature.NewEvaluationContext("ada", map[string]any{"plan": "pro"})
	for kind, options := range map[string][]tidegate.Option{"server": nil, "client": {tidegate.WithRemote(0)}} {
		provider := tidegate.NewProvider(server.URL, server.SDKKey(t, "production", kind), options...)
		require.NoError(t, provider.Init(openfeature.EvaluationContext{}))
		provider.BooleanEvaluation(t.Context(), "new-checkout", false, openfeature.FlattenedContext{"targetingKey": "ada"})
		provider.Track(t.Context(), "checkout.paid", user, openfeature.NewTrackingEventDetails(12.5))
		provider.Shutdown()
	}
	answer, err := http.Get(server.URL + "/metrics")
	require.NoError(t, err)
	defer answer.Body.Close()
	metrics, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	// No release asks for them.
	require.Contains(t, string(metrics), `tidegate_events_total{outcome="unused"} 2`)
	require.Contains(t, string(metrics), `tidegate_events_total{outcome="dropped"} 0`)
}
