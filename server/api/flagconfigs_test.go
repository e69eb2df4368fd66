package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

const helloInProduction = project + "/flags/hello/environments/production"

func TestFlip(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	response := server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"enabled": true}`,
		"Content-Type", "application/merge-patch+json", "Tidegate-Reason", "Launch day")
	assert.Equal(t, `"2"`, response.Header.Get("ETag"))

	explained := server.Must(t, http.StatusOK, http.MethodPost, helloInProduction+"/explain", `{"context": {}}`)
	assert.Contains(t, string(explained.Body), `"value":true`, "the writer reads its write")

	changes := server.Must(t, http.StatusOK, http.MethodGet, production+"/changes?kind=flagConfig&key=hello", nil)
	assert.Contains(t, string(changes.Body), "Launch day")
	again := server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"enabled": true}`)
	assert.Equal(t, `"2"`, again.Header.Get("ETag"), "nothing changed, so there is no new version")
}

// A caller whose change comes too late gets the current document, in the form of a GET.
func TestConflictsCarryWhatThereIsNow(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusCreated, http.MethodPut, project+"/segments/beta", `{}`)
	var webhook struct{ ID string }
	server.Must(t, http.StatusCreated, http.MethodPost, project+"/webhooks", `{"name": "ci", "kind": "generic"}`).Decode(t, &webhook)
	for path, patch := range map[string]string{
		helloInProduction: `{"enabled": true}`, project + "/flags/hello": `{"name": "Hello"}`, project + "/segments/beta": `{"name": "Beta"}`,
		production: `{"name": "Live"}`, project: `{"name": "Shop"}`, project + "/release-policies/careful": `{"name": "Slow"}`,
		project + "/webhooks/" + webhook.ID: `{"name": "pipeline"}`,
	} {
		server.Must(t, http.StatusOK, http.MethodPatch, path, patch, "If-Match", `"1"`)
		now := server.Must(t, http.StatusOK, http.MethodGet, path, nil)
		refused := server.Must(t, http.StatusPreconditionFailed, http.MethodPatch, path, patch, "If-Match", `"1"`)
		assert.Equal(t, now.Header.Get("ETag"), refused.Header.Get("ETag"))
		assert.JSONEq(t, string(now.Body), string(readProblem(t, refused).Current), path)
	}
	refused := server.Must(t, http.StatusPreconditionFailed, http.MethodDelete, project+"/flags/hello", nil, "If-Match", `"1"`)
	assert.Contains(t, string(readProblem(t, refused).Current), `"name":"Hello"`)
}

func TestPreconditions(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	for _, c := range []struct {
		name, ifMatch string
		status        int
	}{
		{"the current version", `"1"`, 200},
		{"one of several", `"7", "2"`, 200},
		{"any", `*`, 200},
		{"none", ``, 200},
		{"a stale version", `"1"`, 412},
		{"a weak tag", `W/"5"`, 412},
		{"a foreign tag", `"abc"`, 412},
		{"without quotes", `5`, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			var headers []string
			if c.ifMatch != "" {
				headers = []string{"If-Match", c.ifMatch}
			}
			enabled := `{"enabled": true}`
			if strings.Contains(string(server.Call(t, http.MethodGet, helloInProduction, nil).Body), `"enabled":true`) {
				enabled = `{"enabled": false}`
			}
			response := server.Must(t, c.status, http.MethodPatch, helloInProduction, enabled, headers...)
			if c.status == http.StatusPreconditionFailed {
				assert.Equal(t, int64(5), readProblem(t, response).CurrentVersion)
			}
		})
	}
}

func TestFallthroughTakesTurns(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	rollout := `{"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 25000}, {"variation": "off", "weight": 75000}]}}}`
	response := server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, rollout)
	assert.NotContains(t, string(response.Body), `"fallthrough":{"variation"`)
	response = server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"fallthrough": {"variation": "off"}}`)
	assert.Contains(t, string(response.Body), `"fallthrough":{"variation":"off"}`)
}

func TestInvalidConfigurations(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	for _, c := range []struct {
		name, body string
		status     int
		pointers   []string
	}{
		{"text for a boolean", `{"enabled": "yes"}`, 400, []string{"/enabled"}},
		{"null for a boolean", `{"enabled": null}`, 422, []string{"/enabled"}},
		{"unknown field", `{"enable": true}`, 400, []string{"/enable"}},
		{"unknown field within", `{"rules": [{"id": "a", "clauses": [], "serve": {"variation": "on"}, "weight": 1}]}`, 400, []string{"/rules/0/weight"}},
		{"object for a list", `{"rules": {}}`, 400, []string{"/rules"}},
		{"unknown operator", `{"rules": [{"id": "a", "clauses": [{"attribute": "x", "operator": "is", "values": [1]}], "serve": {"variation": "on"}}]}`, 422, []string{"/rules/0/clauses/0/operator"}},
		{"unknown variation", `{"targets": [{"variation": "maybe", "values": ["u"]}]}`, 422, []string{"/targets/0/variation"}},
		{"a weight with a fraction", `{"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 0.5}]}}}`, 400, []string{"/fallthrough/rollout/weights/0/weight"}},
		{"weights that do not sum up", `{"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 1}]}}}`, 422, []string{"/fallthrough/rollout/weights"}},
		{"unknown prerequisite", `{"prerequisites": [{"flag": "none", "variation": "on"}]}`, 422, []string{"/prerequisites/0"}},
		{"unknown off variation", `{"offVariation": "none"}`, 422, []string{"/offVariation"}},
		{"array", `[]`, 400, []string{}},
		{"empty", ``, 400, []string{}},
		{"cut off", `{"enabled": tr`, 400, []string{"/enabled"}},
		{"duplicate field", `{"enabled": true, "enabled": false}`, 400, []string{"/enabled"}},
		{"more behind the end", `{"enabled": true} {}`, 400, []string{""}},
		{"a character that cannot be stored", `{"targets": [{"variation": "on", "values": ["a", "b\u0000"]}]}`, 400, []string{"/targets/0/values/1"}},
		{"too deep", strings.Repeat(`{"fallthrough":`, 200) + "1" + strings.Repeat(`}`, 200), 400, []string{strings.Repeat("/fallthrough", 128)}},
		{"too large", `{"offVariation": "` + strings.Repeat("x", 1<<20) + `"}`, 413, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			response := server.Must(t, c.status, http.MethodPatch, helloInProduction, c.body)
			assert.Equal(t, c.pointers, readProblem(t, response).pointers(), "%s", response.Body)
		})
	}
	t.Run("form", func(t *testing.T) {
		server.Must(t, http.StatusUnsupportedMediaType, http.MethodPatch, helloInProduction, `a=b`, "Content-Type", "application/x-www-form-urlencoded")
	})
	t.Run("reason that is no text", func(t *testing.T) {
		for _, reason := range []string{"\xff", "a\tb"} {
			server.Must(t, http.StatusBadRequest, http.MethodPatch, helloInProduction, `{"enabled": true}`, "Tidegate-Reason", reason)
		}
		server.Must(t, http.StatusBadRequest, http.MethodPatch, helloInProduction, `{"enabled": true}`, "Tidegate-Reason", strings.Repeat("x", 1001))
	})
	t.Run("path or query that is no text", func(t *testing.T) {
		for _, path := range []string{project + "/flags/%00", project + "/flags/%ff", production + "/changes?key=%00", production + "/deployments?service=%ff"} {
			server.Must(t, http.StatusBadRequest, http.MethodGet, path, nil)
		}
	})
	t.Run("parameters of the wrong type", func(t *testing.T) {
		for query, said := range map[string]string{
			"/flags?limit=x": `The parameter limit must be an integer, not "x".`, "/flags?archived=maybe": `The parameter archived must be true or false, not "maybe".`,
		} {
			assert.Equal(t, said, readProblem(t, server.Must(t, http.StatusBadRequest, http.MethodGet, project+query, nil)).Detail)
		}
	})
	t.Run("unchanged by all of these", func(t *testing.T) {
		assert.Equal(t, `"1"`, server.Must(t, http.StatusOK, http.MethodGet, helloInProduction, nil).Header.Get("ETag"))
	})
}

// TestConcurrentWritersWithoutIfMatch: such writers lose no change and see no conflict.
func TestConcurrentWritersWithoutIfMatch(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	fields := []string{`{"enabled": true}`, `{"offVariation": null}`, `{"targets": [{"variation": "on", "values": ["u"]}]}`, `{"fallthrough": {"variation": "off"}}`}
	statuses := make([]int, len(fields))
	var writers sync.WaitGroup
	for i, body := range fields {
		writers.Go(func() { statuses[i] = server.Call(t, http.MethodPatch, helloInProduction, body).Status })
	}
	writers.Wait()
	assert.Equal(t, []int{200, 200, 200, 200}, statuses)
	var config struct {
		Enabled      bool
		OffVariation *string
		Targets      []any
		Fallthrough  struct{ Variation string }
		Version      int
	}
	server.Must(t, http.StatusOK, http.MethodGet, helloInProduction, nil).Decode(t, &config)
	assert.True(t, config.Enabled)
	assert.Nil(t, config.OffVariation)
	assert.Len(t, config.Targets, 1)
	assert.Equal(t, "off", config.Fallthrough.Variation)
	assert.Equal(t, 5, config.Version)
}

func TestChangesFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://elsewhere.example"},
	} {
		server.Must(t, http.StatusForbidden, http.MethodPatch, helloInProduction, `{"enabled": true}`, headers...)
	}
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"enabled": true}`, "Sec-Fetch-Site", "same-origin")
}

func TestViewersReadEverything(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	viewer := server.WithRole(t, "viewer", "", "")
	for _, path := range []string{
		"/session", "/projects", project, project + "/environments", production, production + "/deployments", production + "/fleet",
		production + "/changes", production + "/releases", project + "/flags", project + "/flags/hello", helloInProduction, project + "/segments",
	} {
		response := viewer.Must(t, http.StatusOK, http.MethodGet, path, nil)
		assert.NotContains(t, string(response.Body), "null", "lists are never null: %s", path)
	}
}
