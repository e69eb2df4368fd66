package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// An attacker who guesses sign-in tokens gets no more attempts by using several replicas. If Redis dies, people can
// still sign in.
func TestReplicasLimitSignInsTogether(t *testing.T) {
	t.Parallel()
	redis := storetest.StartRedis(t)
	settings := flagdtest.Settings{DatabaseURL: storetest.PostgresURL(t), RedisURL: redis.URL()}
	var replicas [2]*flagdtest.Server
	for i := range replicas {
		settings.DataDir = t.TempDir()
		replicas[i] = flagdtest.Start(t, settings)
	}
	// If each replica counted alone, together they would allow twice the limit. An attempt that Redis did not count
	// in time is not counted on the other replica.
	const limit = 20
	allowed := 0
	for signIn(t, replicas[allowed%2]) == http.StatusUnauthorized {
		allowed++
	}
	require.GreaterOrEqual(t, allowed, limit)
	require.Less(t, allowed, 2*limit-10)
	redis.Kill(t)
	for _, replica := range replicas {
		require.Equal(t, http.StatusUnauthorized, signIn(t, replica), "each counts by itself")
	}
}

// signIn tries an invalid token and gives the status.
func signIn(t *testing.T, server *flagdtest.Server) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/v1/session", strings.NewReader(`{"token": "guessed"}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}
