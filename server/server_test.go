package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(int) { http.DefaultClient.CloseIdleConnections() }),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

const flipped = "/projects/default/flags/hello/environments/production"

func TestEmptyStoreGetsItsFirstContentAndNothingElse(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	for path, keys := range map[string][]string{
		"/projects":                                          {"default"},
		"/projects/default/environments":                     {"development", "staging", "production"},
		"/projects/default/flags":                            nil,
		"/projects/default/segments":                         nil,
		"/projects/default/environments/production/sdk-keys": nil,
	} {
		var list struct{ Items []struct{ Key string } }
		s.Must(t, http.StatusOK, http.MethodGet, path, nil).Decode(t, &list)
		var found []string
		for _, item := range list.Items {
			found = append(found, item.Key)
		}
		assert.Equal(t, keys, found, path)
	}
}

func TestRestartKeepsEverything(t *testing.T) {
	t.Parallel()
	backend := servertest.Backend(t)
	s := servertest.StartOn(t, backend, server.Config{})
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/hello", `{"type": "boolean"}`)
	s.Stop(t)
	var welcome bytes.Buffer
	s = servertest.StartOn(t, backend, server.Config{Welcome: &welcome})
	s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/flags/hello", nil)
	assert.Contains(t, welcome.String(), "/sign-in?token=", "nobody is signed in yet")
	assert.NotContains(t, welcome.String(), "curl", "the tour is for the first start")
}

func TestSettingsThatCannotWork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		setting string
		config  server.Config
	}{
		{"addr", server.Config{Addr: "localhost"}},
		{"public-url", server.Config{Addr: ":0", PublicURL: "flags.example.com"}},
		{"bootstrap-admin-token", server.Config{Addr: ":0", BootstrapAdminToken: "short"}},
		{"bootstrap-admin-token", server.Config{Addr: ":0", BootstrapAdminToken: "sdk-short-of-nothing-but-of-another-kind"}},
		{"drain-grace", server.Config{Addr: ":0", DrainGrace: -1}},
		{"evaluation-limit", server.Config{Addr: ":0", EvaluationLimit: -1}},
		{"evaluation-limit", server.Config{Addr: ":0", EvaluationLimit: 2_000_000}},
	} {
		var refused *server.SettingError
		require.ErrorAs(t, c.config.Validate(), &refused)
		assert.Equal(t, c.setting, refused.Setting)
		assert.NotContains(t, refused.Error(), "short", "a secret is not shown")
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	assert.Equal(t, http.StatusOK, get(t, s.URL+"/livez").StatusCode)
	response := get(t, s.URL+"/readyz")
	assert.Equal(t, http.StatusOK, response.StatusCode)
	var ready struct {
		Status       string
		Store        struct{ Reached bool }
		Environments []struct {
			Environment string
			Ready       bool
			Revision    int64
		}
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&ready))
	assert.Equal(t, "ready", ready.Status)
	assert.True(t, ready.Store.Reached)
	assert.Len(t, ready.Environments, 3)
	for _, environment := range ready.Environments {
		assert.True(t, environment.Ready)
		assert.Positive(t, environment.Revision)
	}
	s.Must(t, http.StatusOK, http.MethodGet, "/projects", nil)
	metrics, err := io.ReadAll(get(t, s.URL+"/metrics").Body)
	require.NoError(t, err)
	for _, name := range []string{"tidegate_snapshot_revision", `tidegate_http_request_duration_seconds_count{method="GET",route="/api/v1/projects",status="200"}`, "go_goroutines"} {
		assert.Contains(t, string(metrics), name)
	}
}

// TestStopping: the server says that it will stop, continues to serve for the grace, and then ends the streams in
// order.
func TestStopping(t *testing.T) {
	t.Parallel()
	s := servertest.StartOn(t, servertest.Backend(t), server.Config{DrainGrace: 2 * time.Second})
	events := openEvents(t, s)

	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.Stop(t)
	}()
	require.Eventually(t, func() bool {
		return get(t, s.URL+"/readyz").StatusCode == http.StatusServiceUnavailable
	}, 5*time.Second, time.Millisecond)
	rest, err := io.ReadAll(events)
	require.NoError(t, err, "the stream ends rather than breaks")
	assert.Contains(t, string(rest), "retry:", "it tells when to come back")
	<-stopped
}

func TestTwoReplicasOnOneStore(t *testing.T) {
	t.Parallel()
	backend := servertest.Backend(t)
	one, two := servertest.StartOn(t, backend, server.Config{}), servertest.StartOn(t, backend, server.Config{})
	one.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/hello", `{"type": "boolean"}`)
	events := openEvents(t, two)
	one.Must(t, http.StatusOK, http.MethodPatch, flipped, `{"enabled": true}`)
	for {
		line, err := events.ReadString('\n')
		require.NoError(t, err)
		if strings.HasPrefix(line, "data:") && strings.Contains(line, `"flagConfig"`) {
			break
		}
	}
	explained := two.Must(t, http.StatusOK, http.MethodPost, flipped+"/explain", `{"context": {}}`)
	assert.Contains(t, string(explained.Body), `"value":true`)

	var key struct{ Key string }
	one.Must(t, http.StatusCreated, http.MethodPost, "/projects/default/environments/production/sdk-keys", `{"name": "shop", "kind": "server"}`).Decode(t, &key)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, two.URL+"/sdk/v1/snapshot", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+key.Key)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusOK, response.StatusCode, "a new key works at once on every replica")
}

// openEvents opens the stream of events of a project and reads its first line.
func openEvents(t *testing.T, s *servertest.Server) *bufio.Reader {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/api/v1/projects/default/events", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+servertest.AdminToken)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	require.Equal(t, http.StatusOK, response.StatusCode)
	reader := bufio.NewReader(response.Body)
	for {
		line, err := reader.ReadString('\n')
		require.NoError(t, err)
		if strings.HasPrefix(line, "event: resync") {
			return reader
		}
	}
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	return response
}
