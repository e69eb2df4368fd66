package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestProjectsAndEnvironments(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	var list struct {
		Items []struct {
			Key        string
			Production bool
		}
	}
	server.Must(t, http.StatusOK, http.MethodGet, project+"/environments", nil).Decode(t, &list)
	assert.Equal(t, []struct {
		Key        string
		Production bool
	}{{"development", false}, {"staging", false}, {"production", true}}, list.Items)

	extra := project + "/environments/canary"
	server.Must(t, http.StatusCreated, http.MethodPut, extra, `{"name": "Canary", "position": 9}`)
	server.Must(t, http.StatusConflict, http.MethodPut, extra, `{}`)
	config := server.Must(t, http.StatusOK, http.MethodGet, project+"/flags/hello/environments/canary", nil)
	assert.Contains(t, string(config.Body), `"enabled":false`, "every flag is there, off")
	server.Must(t, http.StatusOK, http.MethodPatch, extra, `{"production": true}`, "If-Match", `"1"`)
	server.Must(t, http.StatusPreconditionFailed, http.MethodPatch, extra, `{"production": false}`, "If-Match", `"1"`)
	server.Must(t, http.StatusBadRequest, http.MethodPut, project+"/environments/a%20b", `{}`)

	server.Must(t, http.StatusCreated, http.MethodPut, "/projects/shop", `{"name": "Shop"}`)
	server.Must(t, http.StatusConflict, http.MethodPut, "/projects/shop", `{}`)
	renamed := server.Must(t, http.StatusOK, http.MethodPatch, "/projects/shop", `{"name": "The shop"}`)
	assert.Contains(t, string(renamed.Body), "The shop")
	cached := server.Call(t, http.MethodGet, "/projects/shop", nil, "If-None-Match", renamed.Header.Get("ETag"))
	assert.Equal(t, http.StatusNotModified, cached.Status)
	for _, path := range []string{"/projects/none", "/projects/none/flags", "/projects/none/segments", "/projects/none/environments",
		project + "/environments/none/changes", project + "/environments/none/fleet", project + "/environments/none/releases", "/nothing"} {
		missing := server.Must(t, http.StatusNotFound, http.MethodGet, path, nil)
		assert.Contains(t, readProblem(t, missing).Detail, "There is no")
	}
	server.Must(t, http.StatusMethodNotAllowed, http.MethodDelete, "/projects/default", nil)
}

func TestAllowedOriginsOfAnEnvironment(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	const path = project + "/environments/production"
	var e struct{ AllowedOrigins []string }
	server.Must(t, http.StatusOK, http.MethodGet, path, nil).Decode(t, &e)
	assert.Equal(t, []string{}, e.AllowedOrigins)

	origins := []string{"https://shop.example", "http://localhost:5173", "http://[::1]:8080"}
	server.Must(t, http.StatusOK, http.MethodPatch, path, map[string]any{"allowedOrigins": origins}).Decode(t, &e)
	assert.Equal(t, origins, e.AllowedOrigins)
	server.Must(t, http.StatusOK, http.MethodPatch, path, `{"name": "Live"}`).Decode(t, &e)
	assert.Equal(t, origins, e.AllowedOrigins, "a patch of something else leaves them")

	for _, origin := range []string{"", "*", "null", "shop.example", "https://shop.example/", "https://Shop.example", "https://shop.example:443",
		"ftp://shop.example", "https://a b", "https://*.shop.example", "https://user@shop.example"} {
		refused := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, path, map[string]any{"allowedOrigins": []string{"https://ok.example", origin}})
		assert.Equal(t, "/allowedOrigins/1", readProblem(t, refused).Errors[0].Pointer, origin)
	}
	many := make([]string, 51)
	for i := range many {
		many[i] = "https://shop.example"
	}
	server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, path, map[string]any{"allowedOrigins": many})
	server.Must(t, http.StatusOK, http.MethodPatch, path, `{"allowedOrigins": []}`).Decode(t, &e)
	assert.Empty(t, e.AllowedOrigins)
}
