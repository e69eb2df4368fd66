package problem_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/problem"
)

func TestUnmatchedRequestsAreProblems(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/things/{key}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /v1/things/{key}", func(http.ResponseWriter, *http.Request) {})
	problem.HandleUnmatched(mux, "/v1/")
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{http.MethodGet, "/v1/things/a", http.StatusOK, ""},
		{http.MethodPut, "/v1/things/a", http.StatusMethodNotAllowed, "GET, POST"},
		{"BREW", "/v1/things/a", http.StatusMethodNotAllowed, "GET, POST"},
		{http.MethodGet, "/v1/others", http.StatusNotFound, ""},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), test.method, test.path, nil))
		require.Equal(t, test.status, w.Code, "%s %s", test.method, test.path)
		require.Equal(t, test.allow, w.Header().Get("Allow"))
		if test.status != http.StatusOK {
			require.Equal(t, problem.MediaType, w.Header().Get("Content-Type"))
			require.True(t, json.Valid(w.Body.Bytes()))
		}
	}
}
