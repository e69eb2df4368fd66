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
