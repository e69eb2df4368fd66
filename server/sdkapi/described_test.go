package sdkapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/openapitest"
)

// described is sdk.yaml. It is read once for all tests.
var described = sync.OnceValues(func() (*openapitest.Description, error) { return openapitest.Read(openapi.SDK) })

func description(t testing.TB) *openapitest.Description {
	t.Helper()
	d, err := described()
	require.NoError(t, err)
	return d
}

// requireDescribed checks an answer against sdk.yaml. HEAD is GET without the body, so sdk.yaml does not describe it.
func requireDescribed(t testing.TB, r *http.Request, status int, header http.Header, body []byte) {
	t.Helper()
	if strings.HasPrefix(r.URL.Path, "/sdk/v1/") && r.Method != http.MethodHead {
		description(t).RequireAnswer(t, r, status, header, body)
	}
}

// requireDescribedEvent checks an event of an SDK's stream against sdk.yaml.
func requireDescribedEvent(t testing.TB, m message) {
	t.Helper()
	event := map[string]any{}
	for name, value := range map[string]string{"id": m.id, "event": m.name} {
		if value != "" {
			event[name] = value
		}
	}
	for name, value := range map[string]string{"data": m.data, "retry": m.retry} {
		if value != "" {
			event[name] = json.RawMessage(value)
		}
	}
	encoded, err := json.Marshal(event)
	require.NoError(t, err)
	require.True(t, description(t).CheckJSON(t, "Event", encoded))
}
