package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/servertest"
)

const (
	helloRelease = production + "/flags/hello/release"
	spec         = `{"variation": "on", "trigger": {"deployment": {"service": "checkout", "version": ">=2.3.0"}},
		"steps": [{"weight": 1000, "hold": "10m"}, {"weight": 25000, "hold": "30m"}, {"weight": 100000}]}`
)

// patience is how long a test waits for what the loop does by itself. Glance is how often the test looks.
const (
	patience = 10 * time.Second
	glance   = 10 * time.Millisecond
)

// releaseView is the part of a release that tests read.
type releaseView struct {
	Phase, Reason, OnRollback string
	Step, Weight              int
	NextStepAt                *time.Time
	Deployment                *struct{ Version string }
	History                   []struct{ Phase string }
	Waits                     []struct{ Kind, Text string }
	Approvals                 []struct {
		Step   int
		Reason string
	}
}

func awaitPhase(t *testing.T, server *servertest.Server, phase string) (r releaseView) {
	t.Helper()
	return awaitRelease(t, server, func(r releaseView) bool { return r.Phase == phase })
}

func TestReleaseStartsAndRevertsByDeployments(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	before := server.Must(t, http.StatusOK, http.MethodGet, helloInProduction, nil)
	server.Must(t, http.StatusNotFound, http.MethodGet, helloRelease, nil)
	put := server.Must(t, http.StatusOK, http.MethodPut, helloRelease, spec)
	assert.Contains(t, string(put.Body), `"phase":"pending"`)

	report := `{"service": "checkout", "version": "2.3.0", "status": "succeeded", "source": "ci", "externalId": "run-118"}`
	server.Must(t, http.StatusCreated, http.MethodPost, production+"/deployments", report)
	server.Must(t, http.StatusOK, http.MethodPost, production+"/deployments", report)
	started := awaitPhase(t, server, "progressing")
	assert.Equal(t, 1000, started.Weight)
	assert.NotNil(t, started.NextStepAt)
	assert.Equal(t, "2.3.0", started.Deployment.Version)
	assert.Equal(t, "revert", started.OnRollback)
	assert.Len(t, started.History, 2)

	server.Must(t, http.StatusConflict, http.MethodPut, helloRelease, spec)
	server.Must(t, http.StatusConflict, http.MethodDelete, project+"/flags/hello", nil)
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/promote", nil)
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/pause", nil, "Tidegate-Reason", "Looking")
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/resume", nil)
	list := server.Must(t, http.StatusOK, http.MethodGet, project+"/flags", nil)
	assert.Contains(t, string(list.Body), `"release":{"phase":"progressing","variation":"on","weight":25000}`)

	server.Must(t, http.StatusCreated, http.MethodPost, production+"/deployments",
		`{"service": "checkout", "version": "2.2.0", "status": "succeeded", "source": "ci", "externalId": "run-119"}`)
	awaitPhase(t, server, "reverted")
	var first, last struct {
		Enabled     bool
		Fallthrough any
	}
	before.Decode(t, &first)
	server.Must(t, http.StatusOK, http.MethodGet, helloInProduction, nil).Decode(t, &last)
	assert.Equal(t, first, last, "exactly what was served before")
	server.Must(t, http.StatusConflict, http.MethodPost, helloRelease+"/promote", nil)
}

func TestInvalidReleases(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	for _, c := range []struct {
		name, body string
		status     int
		pointers   []string
	}{
		{"bad hold", `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1, "hold": "soon"}]}`, 400, []string{"/steps/0/hold"}},
		{"nothing right", `{"variation": "x", "trigger": {}, "steps": []}`, 422, []string{"/variation", "/trigger", "/steps"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			response := server.Must(t, c.status, http.MethodPut, helloRelease, c.body)
			assert.Equal(t, c.pointers, readProblem(t, response).pointers())
		})
	}
	server.Must(t, http.StatusNotFound, http.MethodPut, production+"/flags/none/release", spec)
	server.Must(t, http.StatusNotFound, http.MethodPost, helloRelease+"/start", nil)
	server.Must(t, http.StatusPreconditionFailed, http.MethodPut, helloRelease, spec, "If-Match", `"3"`)
}

func TestDeployments(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	torn := server.Must(t, http.StatusUnprocessableEntity, http.MethodPost, production+"/deployments", `{"service": "checkout", "version": "1\n2", "status": "started"}`)
	assert.Equal(t, []string{"/version"}, readProblem(t, torn).pointers())
	undated := server.Must(t, http.StatusBadRequest, http.MethodPost, production+"/deployments", `{"service": "checkout", "version": "1", "status": "started", "at": "tomorrow"}`)
	assert.Contains(t, string(undated.Body), "must be a time as RFC 3339 has it")
	invalid := server.Must(t, http.StatusUnprocessableEntity, http.MethodPost, production+"/deployments", `{"service": "", "version": "1", "status": "done", "strategy": "slow"}`)
	assert.Equal(t, []string{"/service", "/status", "/strategy"}, readProblem(t, invalid).pointers())
	for _, version := range []string{"1.0.0", "1.1.0", "1.2.0"} {
		server.Must(t, http.StatusCreated, http.MethodPost, production+"/deployments", `{"service": "checkout", "version": "`+version+`", "status": "started"}`)
		server.Must(t, http.StatusOK, http.MethodPost, production+"/deployments", `{"service": "checkout", "version": "`+version+`", "status": "succeeded"}`)
	}
	var page struct {
		Items []struct{ Version, Status string }
		Next  string
	}
	server.Must(t, http.StatusOK, http.MethodGet, production+"/deployments?service=checkout&limit=2", nil).Decode(t, &page)
	require.Len(t, page.Items, 2)
	assert.Equal(t, "1.2.0", page.Items[0].Version, "newest first")
	assert.Equal(t, "succeeded", page.Items[0].Status)
	server.Must(t, http.StatusOK, http.MethodGet, production+"/deployments?limit=2&cursor="+page.Next, nil).Decode(t, &page)
	assert.Len(t, page.Items, 1)
	server.Must(t, http.StatusOK, http.MethodGet, production+"/deployments?service=other", nil).Decode(t, &page)
	assert.Empty(t, page.Items)
	server.Must(t, http.StatusCreated, http.MethodPost, production+"/deployments", `{"service": "checkout", "version": "2.0.0", "status": "started", "strategy": "shadow"}`)
	server.Must(t, http.StatusOK, http.MethodGet, production+"/deployments?strategy=shadow", nil).Decode(t, &page)
	require.Len(t, page.Items, 1)
	assert.Equal(t, "2.0.0", page.Items[0].Version)
	wrong := server.Must(t, http.StatusBadRequest, http.MethodGet, production+"/deployments?strategy=dark", nil)
	assert.Contains(t, readProblem(t, wrong).Detail, "blueGreen")
	unknown := server.Must(t, http.StatusNotFound, http.MethodPost, project+"/environments/none/deployments", `{"service": "checkout", "version": "1", "status": "started"}`)
	assert.Contains(t, readProblem(t, unknown).Detail, "environment")
}
