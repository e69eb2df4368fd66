package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/web"
)

func TestApp(t *testing.T) {
	t.Parallel()
	app, err := web.NewApp(fstest.MapFS{
		"index.html": {Data: []byte("<app>")}, "favicon.svg": {Data: []byte("<svg/>")},
		"assets/app-1a2b.js": {Data: []byte("let x")}, ".gitkeep": {Data: []byte("keep")},
	}, true)
	require.NoError(t, err)
	for _, c := range []struct {
		method, path string
		status       int
		body, cache  string
	}{
		{"GET", "/", 200, "<app>", "no-cache"},
		{"GET", "/index.html", 200, "<app>", "no-cache"},
		{"GET", "/projects/default/flags/a.b", 200, "<app>", "no-cache"},
		{"GET", "/../../etc/passwd", 200, "<app>", "no-cache"},
		{"GET", "/.gitkeep", 200, "<app>", "no-cache"},
		{"GET", "/assets", 200, "<app>", "no-cache"},
		{"GET", "/favicon.svg", 200, "<svg/>", "no-cache"},
		{"GET", "/assets/app-1a2b.js", 200, "let x", "public, max-age=31536000, immutable"},
		{"GET", "/assets/gone-9f.js", 404, "There is no", "no-store"},
		{"POST", "/projects", 404, "There is nothing", "no-store"},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
			assert.Equal(t, c.status, w.Code)
			assert.Contains(t, w.Body.String(), c.body)
			assert.Equal(t, c.cache, w.Header().Get("Cache-Control"))
			if c.status == http.StatusOK {
				assert.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'self'")
				assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
			}
		})
	}
}

func TestAppSendsWhatTheBuildHasCompressed(t *testing.T) {
	t.Parallel()
	app, err := web.NewApp(fstest.MapFS{
		"index.html": {Data: []byte("<app>")}, "assets/small-1a.js": {Data: []byte("let y")},
		"assets/app-1a.js": {Data: []byte("let x")}, "assets/app-1a.js.gz": {Data: []byte("packed")},
	}, true)
	require.NoError(t, err)
	for _, c := range []struct{ path, accepts, encoding, body string }{
		{"/assets/app-1a.js", "gzip, deflate, br", "gzip", "packed"},
		{"/assets/app-1a.js", "br, gzip;q=0.5", "gzip", "packed"},
		{"/assets/app-1a.js", "gzip;q=0.0", "", "let x"},
		{"/assets/app-1a.js", "br", "", "let x"},
		{"/assets/app-1a.js", "", "", "let x"},
		{"/assets/small-1a.js", "gzip", "", "let y"},
	} {
		t.Run(c.path+" "+c.accepts, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, c.path, nil)
			r.Header.Set("Accept-Encoding", c.accepts)
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			assert.Equal(t, c.encoding, w.Header().Get("Content-Encoding"))
			assert.Equal(t, c.body, w.Body.String())
			assert.Contains(t, w.Header().Get("Content-Type"), "javascript")
		})
	}
}

func TestAppThatWasNotBuilt(t *testing.T) {
	t.Parallel()
	app, err := web.NewApp(fstest.MapFS{}, false)
	require.NoError(t, err)
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/projects", nil))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Contains(t, w.Body.String(), "make run")
}

func TestReferenceShowsEveryOperationAndSchema(t *testing.T) {
	t.Parallel()
	reference, err := web.NewReference(openapi.Spec, openapi.OFREP, openapi.SDK)
	require.NoError(t, err)
	w := httptest.NewRecorder()
	reference.ServePage(w, httptest.NewRequest(http.MethodGet, "/api/docs", nil))
	page := w.Body.String()
	assert.Equal(t, strings.Count(string(openapi.Spec), "operationId:"), strings.Count(page, `class="method"`))
	for _, text := range []string{`id="updateFlagConfig"`, `id="schema-FlagConfig"`, "releaser", "everybody", "If-Match"} {
		assert.Contains(t, page, text)
	}
	assert.NotContains(t, page, "x-go-type")
	assert.NotContains(t, page, "<script")

	w = httptest.NewRecorder()
	reference.ServeSpec(w, httptest.NewRequest(http.MethodGet, "/api/openapi.yaml", nil))
	assert.Equal(t, string(openapi.Spec), w.Body.String())
	w = httptest.NewRecorder()
	reference.ServeOFREP(w, httptest.NewRequest(http.MethodGet, "/api/ofrep.yaml", nil))
	assert.Equal(t, string(openapi.OFREP), w.Body.String())
	assert.Contains(t, page, `href="/api/ofrep.yaml"`)
	w = httptest.NewRecorder()
	reference.ServeSDK(w, httptest.NewRequest(http.MethodGet, "/api/sdk.yaml", nil))
	assert.Equal(t, string(openapi.SDK), w.Body.String())
	assert.Contains(t, page, `href="/api/sdk.yaml"`)
}
