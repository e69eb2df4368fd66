package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// Every answer of every listener has the header against guessing its type, and says what it may load.
func TestEveryAnswerIsSecured(t *testing.T) {
	t.Parallel()
	s := servertest.StartOn(t, servertest.Backend(t), server.Config{Flagd: server.FlagdProtocols{Addr: "127.0.0.1:0", SyncAddr: "127.0.0.1:0"}})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, url := range []string{s.URL, s.EvaluationURL, s.SyncURL} {
		for _, path := range []string{
			"/", "/favicon.ico", "/assets/none.js", "/a//b/../c", "/api/docs", "/api/openapi.yaml", "/api/none", "/api/v1/projects", "/api/v1/session",
			"/hooks/github", "/hooks/generic/none", "/hooks/a/b/c/d", "/ofrep/v1/evaluate/flags", "/ofrep/v1/none", "/sdk/v1/snapshot", "/sdk/v1/none",
			"/livez", "/readyz", "/metrics", "/flagd.evaluation.v1.Service/ResolveAll", "/flagd.sync.v1.FlagSyncService/FetchAllFlags", "/none.Service/None",
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, "BREW"} {
				r, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader("{}"))
				require.NoError(t, err)
				r.Header.Set("Origin", "https://other.example")
				response, err := client.Do(r)
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())
				what := method + " " + url + path
				assert.Equal(t, []string{"nosniff"}, response.Header["X-Content-Type-Options"], what)
				require.Len(t, response.Header["Content-Security-Policy"], 1, what)
				policy := response.Header.Get("Content-Security-Policy")
				page := response.StatusCode == http.StatusOK && strings.HasPrefix(response.Header.Get("Content-Type"), "text/html")
				assert.Equal(t, page, strings.HasPrefix(policy, "default-src 'self'"), "%s has the policy %s", what, policy)
				assert.Contains(t, policy, "frame-ancestors 'none'", what)
			}
		}
	}
}
