package tidegate

import (
	"bytes"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"
)

// Tracking does not wait, and memory is bounded, even with many events and a slow server.
func TestTrackingIsBounded(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	provider := NewProvider("http://127.0.0.1:1", "sdk-any", WithLogger(slog.New(slog.NewTextHandler(&logged, nil))),
		WithInitTimeout(time.Millisecond), WithReportInterval(time.Hour))
	user := openfeature.NewEvaluationContext("user-1", nil)
	for range 12_000 {
		provider.Track(t.Context(), "flood", user, openfeature.TrackingEventDetails{})
	}
	require.Len(t, provider.reports.queue, 10_000)
	provider.Track(t.Context(), "", user, openfeature.TrackingEventDetails{})
	provider.Track(t.Context(), "no number", user, openfeature.NewTrackingEventDetails(math.Inf(1)))
	provider.Track(t.Context(), "a function", openfeature.NewEvaluationContext("", map[string]any{"f": func() {}}), openfeature.TrackingEventDetails{})
	large := openfeature.NewEvaluationContext("", map[string]any{"text": strings.Repeat("x", 1<<16)})
	provider.Track(t.Context(), "too large", large, openfeature.TrackingEventDetails{})
	require.Error(t, provider.Init(openfeature.EvaluationContext{}))
	provider.Shutdown()
	require.Contains(t, logged.String(), "there were more than could be sent\" events=2000")
	require.Contains(t, logged.String(), "at most 16 KiB\" events=4")
}
