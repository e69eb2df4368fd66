package observe_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/observe"
)

func newRouter(log *bytes.Buffer, registry *prometheus.Registry) http.Handler {
	router := chi.NewRouter()
	router.Use(observe.NewRequests(slog.New(slog.NewTextHandler(log, nil)), registry).Middleware)
	router.Post("/things/{thing}", func(w http.ResponseWriter, r *http.Request) {
		if chi.URLParam(r, "thing") == "bomb" {
			panic("boom with a secret")
		}
		w.WriteHeader(http.StatusCreated)
	})
	return router
}

func TestRequestsAreLoggedMeasuredAndNamed(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	registry := prometheus.NewRegistry()
	router := newRouter(&log, registry)
	r := httptest.NewRequest(http.MethodPost, "/things/one", nil)
	r.Header.Set(observe.HeaderRequestID, "abc-1")
	w := httptest.NewRecorder()
	router.ServeHTTP(w, r)
	assert.Equal(t, "abc-1", w.Header().Get(observe.HeaderRequestID))
	assert.Contains(t, log.String(), "id=abc-1 method=POST route=/things/{thing} path=/things/one status=201")
	families, err := registry.Gather()
	require.NoError(t, err)
	require.Len(t, families, 1)
	assert.Equal(t, uint64(1), families[0].GetMetric()[0].GetHistogram().GetSampleCount())

	for _, forged := range []string{"a\nb", strings.Repeat("x", 200), "ü"} {
		r.Header.Set(observe.HeaderRequestID, forged)
		w = httptest.NewRecorder()
		router.ServeHTTP(w, r)
		assert.NotEqual(t, forged, w.Header().Get(observe.HeaderRequestID))
		assert.NotEmpty(t, w.Header().Get(observe.HeaderRequestID))
	}
}

func TestPanicIsAnAnswerAndALogLine(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	w := httptest.NewRecorder()
	newRouter(&log, prometheus.NewRegistry()).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/things/bomb", nil))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "secret")
	assert.Contains(t, log.String(), "boom")
	assert.Contains(t, log.String(), "observe_test.go", "with its stack")
}
