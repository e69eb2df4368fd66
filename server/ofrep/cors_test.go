package ofrep_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

func TestPreflight(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, server.URL+flagsPath, nil)
	require.NoError(t, err)
	request.Header.Set("Origin", "https://shop.example")
	request.Header.Set("Access-Control-Request-Method", "POST")
	preflight := send(t, request)
	require.Equal(t, http.StatusNoContent, preflight.status)
	require.Equal(t, "*", preflight.header.Get("Access-Control-Allow-Origin"))
	for _, name := range []string{"Authorization", "X-API-Key", "If-None-Match", "Content-Type"} {
		require.Contains(t, preflight.header.Get("Access-Control-Allow-Headers"), name)
	}
	for _, key := range []string{shop.ClientKey, "cli-wrong"} {
		a := post(t, server, flagsPath, key, alice, "Origin", "https://shop.example")
		require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, "ETag, Retry-After", a.header.Get("Access-Control-Expose-Headers"))
	}
}

// An environment that names origins answers only pages of these origins. It answers everybody who is not a browser.
func TestAllowedOrigins(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	allow := func(origins ...string) {
		e, err := shop.Environment(t.Context(), streamtest.Production)
		require.NoError(t, err)
		e.AllowedOrigins = origins
		_, err = shop.UpdateEnvironment(t.Context(), e, store.AnyVersion, streamtest.By())
		require.NoError(t, err)
		require.NoError(t, server.Keys.Reload(t.Context()))
	}
	const ours, others = "https://shop.example", "https://evil.example"
	uri := func() string {
		a := post(t, server, flagsPath, shop.ClientKey, alice)
		return a.body["eventStreams"].([]any)[0].(map[string]any)["endpoint"].(map[string]any)["requestUri"].(string)
	}()
	for _, restricted := range []bool{true, false} {
		if restricted {
			allow(ours, "http://localhost:5173")
		} else {
			allow()
		}
		for _, path := range []string{flagsPath, flagsPath + "/public"} {
			allowed := post(t, server, path, shop.ClientKey, alice, "Origin", ours)
			require.Equal(t, http.StatusOK, allowed.status, allowed.text)
			require.Equal(t, http.StatusOK, post(t, server, path, shop.ClientKey, alice).status, "no browser")
			refused := post(t, server, path, shop.ClientKey, alice, "Origin", others)
			if !restricted {
				require.Equal(t, http.StatusOK, refused.status)
				require.Equal(t, "*", refused.header.Get("Access-Control-Allow-Origin"))
				continue
			}
			require.Equal(t, ours, allowed.header.Get("Access-Control-Allow-Origin"))
			require.Equal(t, "Origin", allowed.header.Get("Vary"))
			require.Equal(t, http.StatusForbidden, refused.status)
			require.Empty(t, refused.header.Get("Access-Control-Allow-Origin"))
			require.Contains(t, refused.body["errorDetails"], others)
		}
	}
	allow(ours)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+uri, nil)
	require.NoError(t, err)
	request.Header.Set("Origin", others)
	require.Equal(t, http.StatusForbidden, send(t, request).status)
	listen(t, server.URL+uri, "Origin", ours)
}
