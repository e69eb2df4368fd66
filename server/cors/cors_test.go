package cors_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/cors"
	"github.com/tidegate-io/tidegate/store"
)

var access = cors.NewAccess([]string{"POST"}, []string{"Authorization"}, []string{"ETag", "Retry-After"})

func TestPreflightIsAnsweredAndNothingElse(t *testing.T) {
	t.Parallel()
	next := access.Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	for method, status := range map[string]int{http.MethodOptions: http.StatusNoContent, http.MethodPost: http.StatusTeapot} {
		w := httptest.NewRecorder()
		next.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		require.Equal(t, status, w.Code)
		require.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
		require.Equal(t, "ETag, Retry-After", w.Header().Get("Access-Control-Expose-Headers"))
		require.Equal(t, method == http.MethodOptions, w.Header().Get("Access-Control-Allow-Methods") == "POST")
	}
}

func TestAPageMaySendWhatItAsksFor(t *testing.T) {
	t.Parallel()
	allowed := func(asked string) string {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodOptions, "/", nil)
		r.Header.Set("Access-Control-Request-Headers", asked)
		require.True(t, access.Allow(w, r))
		require.Equal(t, "Access-Control-Request-Headers", w.Header().Get("Vary"), "caches must tell answers apart")
		return w.Header().Get("Access-Control-Allow-Headers")
	}
	const always = "traceparent, tracestate, baggage, X-Request-Id, Flagd-Selector, Authorization"
	require.Equal(t, always, allowed(""))
	require.Equal(t, always+", x-tenant,sentry-trace", allowed("x-tenant,sentry-trace"))
	require.Equal(t, always, allowed(strings.Repeat("x", 5000)))
}

func TestRestrict(t *testing.T) {
	t.Parallel()
	const shop, other = "https://shop.example", "https://other.example"
	for _, c := range []struct {
		name, origin string
		allowed      []string
		refused      bool
		answeredTo   string
	}{
		{"no origins are named", other, nil, false, "*"},
		{"a page of the origin", shop, []string{shop}, false, shop},
		{"a page of another origin", other, []string{shop}, true, ""},
		{"no page", "", []string{shop}, false, "*"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil)
			r.Header.Set("Origin", c.origin)
			require.False(t, access.Allow(w, r))
			err := cors.Restrict(w.Header(), c.origin, &store.SDKKey{AllowedOrigins: c.allowed})
			require.Equal(t, c.refused, err != nil)
			require.Equal(t, c.answeredTo, w.Header().Get("Access-Control-Allow-Origin"))
			if c.refused {
				require.ErrorContains(t, err, "does not allow pages of "+other)
			}
			if c.allowed != nil {
				require.Equal(t, "Origin", w.Header().Get("Vary"), "caches must tell answers apart")
			}
		})
	}
}
