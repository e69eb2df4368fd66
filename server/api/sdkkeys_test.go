package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSDKKeyWorksAtOnceUntilRevoked(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"enabled": true}`)
	for _, kind := range []string{"server", "client"} {
		var key struct{ ID, Key, Prefix string }
		server.Must(t, http.StatusCreated, http.MethodPost, production+"/sdk-keys", `{"name": "shop", "kind": "`+kind+`"}`).Decode(t, &key)
		assert.True(t, strings.HasPrefix(key.Key, key.Prefix))
		want := http.StatusOK
		if kind == "client" {
			want = http.StatusNotFound // the flag is not marked clientSide
		}
		assert.Equal(t, want, evaluate(t, server.URL, key.Key))

		confused := server.As(key.Key).Must(t, http.StatusUnauthorized, http.MethodGet, "/projects", nil)
		assert.Contains(t, readProblem(t, confused).Detail, "SDK key")
		listed := server.Must(t, http.StatusOK, http.MethodGet, production+"/sdk-keys", nil)
		assert.NotContains(t, string(listed.Body), key.Key, "a secret is shown once")
		server.Must(t, http.StatusNoContent, http.MethodDelete, production+"/sdk-keys/"+key.ID, nil)
		assert.Equal(t, http.StatusUnauthorized, evaluate(t, server.URL, key.Key))
	}
	invalid := server.Must(t, http.StatusUnprocessableEntity, http.MethodPost, production+"/sdk-keys", `{"name": " ", "kind": "mobile"}`)
	assert.Equal(t, []string{"/name", "/kind"}, readProblem(t, invalid).pointers())
	server.Must(t, http.StatusNotFound, http.MethodPost, project+"/environments/none/sdk-keys", `{"name": "shop", "kind": "server"}`)
	server.Must(t, http.StatusNotFound, http.MethodDelete, production+"/sdk-keys/none", nil)
}

// evaluate asks OFREP for the flag hello.
func evaluate(t *testing.T, url, key string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/ofrep/v1/evaluate/flags/hello", strings.NewReader(`{"context": {"targetingKey": "user-1"}}`))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return response.StatusCode
}
