package flagdrpc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

// nameOrigins sets the origins of the environment: only their pages may evaluate.
func (r *rig) nameOrigins(t *testing.T, origins ...string) {
	t.Helper()
	environment, err := r.Store.Environment(t.Context(), streamtest.Production)
	require.NoError(t, err)
	environment.AllowedOrigins = origins
	_, err = r.Store.UpdateEnvironment(t.Context(), environment, store.AnyVersion, store.Attribution{})
	require.NoError(t, err)
	require.NoError(t, r.replica.Keys.Reload(t.Context()))
}

// ask sends a request in the Connect protocol.
func (r *rig) ask(t *testing.T, method, procedure string, headers map[string]string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.url+procedure, strings.NewReader(`{}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	for name, text := range headers {
		request.Header.Set(name, text)
	}
	response, err := r.client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response
}

const (
	resolveAll = "/flagd.evaluation.v1.Service/ResolveAll"
	fetchAll   = "/flagd.sync.v1.FlagSyncService/FetchAllFlags"
)

func TestBoundKeysAreNotForPages(t *testing.T) {
	t.Parallel()
	const shop, evil = "https://shop.example", "https://evil.example"
	r := open(t, settings{bound: true})
	for _, procedure := range []string{resolveAll, fetchAll} {
		for _, origin := range []string{evil, "null", "http://127.0.0.1", r.url} {
			answer := r.ask(t, http.MethodPost, procedure, map[string]string{"Origin": origin})
			require.Equal(t, http.StatusForbidden, answer.StatusCode, "%s of %s", procedure, origin)
			require.Empty(t, answer.Header.Get("Access-Control-Allow-Origin"))
		}
		require.Equal(t, http.StatusOK, r.ask(t, http.MethodPost, procedure, nil).StatusCode, "who is no page is let in")
	}
	preflight := map[string]string{"Origin": evil, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
	answer := r.ask(t, http.MethodOptions, resolveAll, preflight)
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
	require.Empty(t, answer.Header.Get("Access-Control-Allow-Origin"))
	preflight["Access-Control-Request-Headers"] = "content-type, x-api-key"
	require.Equal(t, http.StatusNoContent, r.ask(t, http.MethodOptions, resolveAll, preflight).StatusCode, "its own key decides")

	r.nameOrigins(t, shop)
	answer = r.ask(t, http.MethodPost, resolveAll, map[string]string{"Origin": shop})
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, []string{shop}, answer.Header["Access-Control-Allow-Origin"])
	require.Contains(t, answer.Header["Vary"], "Origin")
	require.Equal(t, http.StatusNoContent, r.ask(t, http.MethodOptions, resolveAll, map[string]string{"Origin": shop}).StatusCode)
	require.Equal(t, http.StatusForbidden, r.ask(t, http.MethodPost, resolveAll, map[string]string{"Origin": evil}).StatusCode)
}

func TestPagesThatSendAKeyAreOfTheOriginsNamed(t *testing.T) {
	t.Parallel()
	const shop, other = "https://shop.example", "https://other.example"
	r := open(t, settings{})
	key := "Bearer " + r.ServerKey
	answer := r.ask(t, http.MethodPost, resolveAll, map[string]string{"Origin": other, "Authorization": key})
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, "*", answer.Header.Get("Access-Control-Allow-Origin"), "no origins are named")

	r.nameOrigins(t, shop)
	for _, procedure := range []string{resolveAll, fetchAll} {
		answer = r.ask(t, http.MethodPost, procedure, map[string]string{"Origin": other, "Authorization": key})
		require.Equal(t, http.StatusForbidden, answer.StatusCode)
		require.Empty(t, answer.Header.Get("Access-Control-Allow-Origin"))
	}
	answer = r.ask(t, http.MethodPost, resolveAll, map[string]string{"Origin": shop, "Authorization": key})
	require.Equal(t, []string{shop}, answer.Header["Access-Control-Allow-Origin"])
}
