package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/servertest"
)

const (
	project    = "/projects/default"
	production = project + "/environments/production"
)

// problem is the part of a problem that tests read.
type problem struct {
	Type           string
	Detail         string
	CurrentVersion int64
	Current        json.RawMessage
	Errors         []struct{ Pointer, Detail string }
}

// TestHead asks whether something is there, as load balancers and scripts do.
func TestHead(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	response := server.Must(t, http.StatusOK, http.MethodHead, helloInProduction, nil)
	assert.Equal(t, `"1"`, response.Header.Get("ETag"))
	assert.Empty(t, response.Body)
	server.Must(t, http.StatusNotFound, http.MethodHead, project+"/flags/none", nil)
}

func readProblem(t *testing.T, r servertest.Response) (p problem) {
	t.Helper()
	assert.Equal(t, "application/problem+json", r.Header.Get("Content-Type"))
	r.Decode(t, &p)
	return p
}

// pointers are the fields that the problem names.
func (p problem) pointers() []string {
	pointers := []string{}
	for _, e := range p.Errors {
		pointers = append(pointers, e.Pointer)
	}
	return pointers
}

// startWithFlag runs a server with one boolean flag, hello.
func startWithFlag(t *testing.T) *servertest.Server {
	t.Helper()
	server := servertest.Start(t)
	server.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/hello", `{"type": "boolean"}`)
	return server
}

func TestFlagOfEveryType(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	for _, c := range []struct{ name, body, off, on string }{
		{"boolean", `{"type": "boolean"}`, "off", "on"},
		{"string", `{"type": "string", "variations": [{"key": "a", "value": "A"}, {"key": "b", "value": "B"}]}`, "b", "a"},
		{"number", `{"type": "number", "variations": [{"key": "a", "value": 1.5}, {"key": "off", "value": 0}, {"key": "on", "value": 7}]}`, "off", "on"},
		{"object", `{"type": "object", "variations": [{"key": "a", "value": {"x": [1, null]}}], "offVariation": "a"}`, "a", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var flag struct {
				Environments map[string]struct {
					Enabled bool
					Serves  []struct{ Variation string }
				}
			}
			server.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/"+c.name, c.body).Decode(t, &flag)
			require.Len(t, flag.Environments, 3)
			assert.False(t, flag.Environments["production"].Enabled)
			assert.Equal(t, c.off, flag.Environments["production"].Serves[0].Variation)

			var config struct {
				Fallthrough  struct{ Variation string }
				OffVariation string
			}
			server.Must(t, http.StatusOK, http.MethodGet, project+"/flags/"+c.name+"/environments/production", nil).Decode(t, &config)
			assert.Equal(t, c.on, config.Fallthrough.Variation)
		})
	}
}

func TestInvalidFlags(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	for _, c := range []struct {
		name, key, body string
		status          int
		pointers        []string
	}{
		{"unknown type", "x", `{"type": "bool"}`, 422, []string{"/type"}},
		{"no type", "x", `{}`, 422, []string{"/type"}},
		{"no variations", "x", `{"type": "string"}`, 422, []string{"/variations"}},
		{"value of another type", "x", `{"type": "string", "variations": [{"key": "a", "value": 1}]}`, 422, []string{"/variations/0/value"}},
		{"two empty texts", "x", `{"type": "string", "variations": [{"key": "a", "value": ""}, {"key": "b", "value": "b"}, {"key": "c", "value": ""}]}`, 422, []string{"/variations/2/value"}},
		{"two empty objects", "x", `{"type": "object", "variations": [{"key": "a", "value": {}}, {"key": "b", "value": { }}]}`, 422, []string{"/variations/1/value"}},
		{"unknown variations", "x", `{"type": "boolean", "offVariation": "aus", "fallthroughVariation": "an"}`, 422, []string{"/offVariation", "/fallthroughVariation"}},
		{"unknown purpose and an empty tag", "x", `{"type": "boolean", "purpose": "fun", "tags": ["a", " "]}`, 422, []string{"/purpose", "/tags/1"}},
		{"unknown field", "x", `{"type": "boolean", "enabled": true}`, 400, []string{"/enabled"}},
		{"wrong type in a list", "x", `{"type": "boolean", "tags": ["a", 1]}`, 400, []string{"/tags/1"}},
		{"bad key", "a%20b", `{"type": "boolean"}`, 400, []string{}},
		{"taken key", "hello", `{"type": "boolean"}`, 409, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			response := server.Must(t, c.status, http.MethodPut, project+"/flags/"+c.key, c.body)
			assert.Equal(t, c.pointers, readProblem(t, response).pointers(), "%s", response.Body)
		})
	}
}

func TestListFlagsInPages(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	for i := range 5 {
		server.Must(t, http.StatusCreated, http.MethodPut, fmt.Sprintf("%s/flags/flag-%d", project, i), `{"type": "boolean"}`)
	}
	var keys []string
	for path := project + "/flags?limit=2"; path != ""; {
		var page struct {
			Items []struct{ Key string }
			Next  string
		}
		server.Must(t, http.StatusOK, http.MethodGet, path, nil).Decode(t, &page)
		for _, flag := range page.Items {
			keys = append(keys, flag.Key)
		}
		path = ""
		if page.Next != "" {
			path = project + "/flags?limit=2&cursor=" + page.Next
		}
	}
	assert.Equal(t, []string{"flag-0", "flag-1", "flag-2", "flag-3", "flag-4"}, keys)
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "limit=", "cursor=%21"} {
		response := server.Call(t, http.MethodGet, project+"/flags?"+query, nil)
		assert.Equal(t, http.StatusBadRequest, response.Status, query)
	}
}

func TestUpdateFlag(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	flag := project + "/flags/hello"
	read := server.Must(t, http.StatusOK, http.MethodGet, flag, nil)

	updated := server.Must(t, http.StatusOK, http.MethodPatch, flag, string(read.Body), "If-Match", read.Header.Get("ETag"))
	assert.Equal(t, `"2"`, updated.Header.Get("ETag"), "what was read can be sent back")
	stale := server.Must(t, http.StatusPreconditionFailed, http.MethodPatch, flag, `{"name": "Hello"}`, "If-Match", `"1"`)
	assert.Equal(t, int64(2), readProblem(t, stale).CurrentVersion)
	assert.Equal(t, `"2"`, stale.Header.Get("ETag"))
	server.Must(t, http.StatusBadRequest, http.MethodPatch, flag, `{"name": "Hello"}`, "If-Match", `2`)

	typed := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, flag, `{"type": "string"}`)
	assert.Equal(t, []string{"/type"}, readProblem(t, typed).pointers())

	used := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, flag, `{"variations": [{"key": "on", "value": true}]}`)
	assert.Len(t, readProblem(t, used).Errors, 3, "the off variation of each environment: %s", used.Body)
	assert.Contains(t, string(used.Body), "production")
}

func TestArchiveFlag(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/needy", `{"type": "boolean"}`)
	needy := project + "/flags/needy/environments/production"
	server.Must(t, http.StatusOK, http.MethodPatch, needy, `{"prerequisites": [{"flag": "hello", "variation": "on"}]}`)

	used := server.Must(t, http.StatusConflict, http.MethodDelete, project+"/flags/hello", nil)
	assert.Contains(t, readProblem(t, used).Detail, "prerequisite of flag needy in production")
	lost := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, project+"/flags/hello",
		`{"variations": [{"key": "off", "value": false}, {"key": "yes", "value": true}]}`)
	assert.Contains(t, string(lost.Body), "prerequisite of flag needy")

	server.Must(t, http.StatusOK, http.MethodPatch, needy, `{"prerequisites": null}`)
	server.Must(t, http.StatusNoContent, http.MethodDelete, project+"/flags/hello", nil)
	server.Must(t, http.StatusConflict, http.MethodPut, project+"/flags/hello", `{"type": "boolean"}`)
	server.Must(t, http.StatusConflict, http.MethodPatch, project+"/flags/hello", `{"name": "x"}`)
	server.Must(t, http.StatusNotFound, http.MethodPost, project+"/flags/hello/environments/production/explain", `{"context": {}}`)
	archived := server.Must(t, http.StatusOK, http.MethodGet, project+"/flags?archived=true", nil)
	assert.Contains(t, string(archived.Body), `"hello"`)
}

// TestFlagConfigOnTheWire compares the form of a configuration with the golden file. Clients rely on this form.
func TestFlagConfigOnTheWire(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/new-cart", `{"type": "boolean"}`)
	golden, err := os.ReadFile(filepath.Join("testdata", "flagconfig.json"))
	require.NoError(t, err)
	written := server.Must(t, http.StatusOK, http.MethodPatch, project+"/flags/hello/environments/production", string(golden))
	read := server.Must(t, http.StatusOK, http.MethodGet, project+"/flags/hello/environments/production", nil)
	assert.JSONEq(t, string(written.Body), string(read.Body))
	times := regexp.MustCompile(`"updatedAt":"[^"]*"`)
	assert.JSONEq(t, string(golden), times.ReplaceAllString(string(read.Body), `"updatedAt":"2026-11-21T00:00:00Z"`))
}
