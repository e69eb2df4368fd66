package tidegate

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"
)

// No report is larger than what the server takes, in number and in bytes. No event is lost.
func TestReportsAreCut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options         []Option
		padding         int
		events, batches int
		most            int // bytes that the server takes
	}{
		"by number":           {nil, 10, 2500, 3, 4 << 20},
		"by bytes":            {nil, 16_000, 150, 3, 4 << 20},
		"by number, remotely": {[]Option{WithRemote(0)}, 10, 250, 3, 64 << 10},
		"by bytes, remotely":  {[]Option{WithRemote(0)}, 16_000, 9, 3, 64 << 10},
	} {
		p := NewProvider("http://127.0.0.1:1", "sdk-any", test.options...)
		user := openfeature.NewEvaluationContext("", map[string]any{"padding": strings.Repeat("x", test.padding)})
		for range test.events {
			p.Track(t.Context(), "\x01 every byte of it takes six", user, openfeature.TrackingEventDetails{})
		}
		events, batches := 0, 0
		for batch := p.reports.take(); len(batch) > 0; batch = p.reports.take() {
			body, err := json.Marshal(reportBody{Events: batch})
			require.NoError(t, err)
			require.Less(t, len(body), test.most, name)
			events, batches = events+len(batch), batches+1
		}
		require.Equal(t, test.events, events, name)
		require.Equal(t, test.batches, batches, name)
	}
}
