// Package adversarial_test attacks a server as a stranger, a client or a dependency might. Each test covers one kind
// of attack of docs/threat-model.md with inputs of its own. It counts work and what is left behind, and never
// measures time.
package adversarial_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// patience is how long an expected event may take on a machine that is busy with other tests.
const patience = 30 * time.Second

// start runs a server with all listeners, and the settings of config.
func start(t *testing.T, config server.Config) *servertest.Server {
	t.Helper()
	config.Flagd.Addr, config.Flagd.SyncAddr = "127.0.0.1:0", "127.0.0.1:0"
	return servertest.StartOn(t, servertest.Backend(t), config)
}

// get gives the status and the body that anybody gets at an address.
func get(t *testing.T, address string, headers ...string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(content)
}

// readiness is what /readyz tells the admin.
func readiness(t *testing.T, s *servertest.Server) (report struct {
	Status  string
	Failing []struct{ Piece, Of string }
},
) {
	t.Helper()
	status, body := get(t, s.URL+"/readyz", "Authorization", "Bearer "+servertest.AdminToken)
	require.Equal(t, http.StatusOK, status, body)
	require.NoError(t, json.Unmarshal([]byte(body), &report))
	return report
}

// key makes an SDK key of production.
func key(t *testing.T, s *servertest.Server, kind string) (text string) {
	t.Helper()
	var made struct{ Key string }
	s.Must(t, http.StatusCreated, http.MethodPost, "/projects/default/environments/production/sdk-keys",
		`{"name": "`+kind+`", "kind": "`+kind+`"}`).Decode(t, &made)
	return made.Key
}

// requireEvaluates requires that the server evaluates the flag hello for an ordinary client.
func requireEvaluates(t *testing.T, s *servertest.Server, key string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/ofrep/v1/evaluate/flags/hello", strings.NewReader(`{"context": {"targetingKey": "u"}}`))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, string(content))
}
