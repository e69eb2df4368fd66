package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/servertest"
)

const policies = project + "/release-policies"

func TestReleasePolicies(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	list := server.Must(t, http.StatusOK, http.MethodGet, policies, nil)
	for _, key := range []string{"careful", "fast", "schema"} {
		assert.Contains(t, string(list.Body), `"key":"`+key+`"`)
	}
	nightly := policies + "/nightly"
	server.Must(t, http.StatusNotFound, http.MethodGet, nightly, nil)
	created := server.Must(t, http.StatusCreated, http.MethodPut, nightly, `{"steps": [{"weight": 1000, "hold": "1h"}, {"weight": 100000}],
		"windows": [{"from": "01:00", "to": "05:00", "timeZone": "Europe/Berlin"}], "deployment": {"healthyFor": "10m"}}`)
	assert.Equal(t, `"1"`, created.Header.Get("ETag"))
	assert.Contains(t, string(created.Body), `"onRollback":"revert"`)
	server.Must(t, http.StatusConflict, http.MethodPut, nightly, `{"steps": [{"weight": 1}]}`)
	server.Must(t, http.StatusOK, http.MethodPatch, nightly, `{"onRollback": "pause"}`, "If-Match", `"1"`)
	server.Must(t, http.StatusPreconditionFailed, http.MethodPatch, nightly, `{"name": "x"}`, "If-Match", `"1"`)
	server.Must(t, http.StatusPreconditionFailed, http.MethodDelete, nightly, nil, "If-Match", `"1"`)

	wrong := server.Must(t, http.StatusUnprocessableEntity, http.MethodPut, policies+"/wrong", `{"name": "a\nb", "steps": [{"weight": 0}],
		"windows": [{"from": "09:00", "to": "09:00", "timeZone": "here"}], "onRollback": "x", "deployment": {"minShare": 101}}`)
	assert.Equal(t, []string{"/name", "/steps/0/weight", "/windows/0/to", "/windows/0/timeZone", "/onRollback", "/deployment/minShare"},
		readProblem(t, wrong).pointers())
	unread := server.Must(t, http.StatusBadRequest, http.MethodPut, policies+"/wrong", `{"steps": [], "windows": [{"from": "9 am"}]}`)
	assert.Equal(t, []string{"/windows/0/from"}, readProblem(t, unread).pointers())

	put := server.Must(t, http.StatusOK, http.MethodPut, helloRelease, `{"policy": "nightly", "variation": "on",
		"trigger": {"deployment": {"service": "checkout", "version": "*"}}}`)
	var prepared struct {
		Policy, OnRollback string
		Steps, Windows     []any
		Trigger            struct{ Deployment struct{ HealthyFor string } }
		Waits              []struct{ Kind, Text string }
	}
	put.Decode(t, &prepared)
	assert.Equal(t, "nightly", prepared.Policy)
	assert.Equal(t, "pause", prepared.OnRollback)
	assert.Len(t, prepared.Steps, 2)
	assert.Len(t, prepared.Windows, 1)
	assert.Equal(t, "10m", prepared.Trigger.Deployment.HealthyFor)
	assert.Equal(t, "deployment", prepared.Waits[0].Kind)
	assert.Equal(t, "for checkout * to be deployed", prepared.Waits[0].Text)

	always := server.Must(t, http.StatusOK, http.MethodPut, helloRelease, `{"policy": "nightly", "variation": "on", "windows": [],
		"trigger": {"deployment": {"service": "checkout", "version": "*"}}}`)
	assert.NotContains(t, string(always.Body), "Europe/Berlin", "no windows are an override")

	server.Must(t, http.StatusNoContent, http.MethodDelete, nightly, nil)
	server.Must(t, http.StatusNotFound, http.MethodDelete, nightly, nil)
	missing := server.Must(t, http.StatusUnprocessableEntity, http.MethodPut, helloRelease, `{"policy": "nightly", "variation": "on", "trigger": {"manual": true}}`)
	assert.Equal(t, []string{"/policy"}, readProblem(t, missing).pointers())
}

func TestKillAndRestore(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"enabled": true, "fallthrough": {"variation": "on"}}`)
	before := server.Must(t, http.StatusOK, http.MethodGet, helloInProduction, nil)
	value := func() string {
		return string(server.Must(t, http.StatusOK, http.MethodPost, helloInProduction+"/explain", `{"context": {"targetingKey": "u"}}`).Body)
	}
	require.Contains(t, value(), `"value":true`)

	killed := server.Must(t, http.StatusOK, http.MethodPost, helloInProduction+"/kill", `{"reason": "checkout burns"}`)
	assert.Contains(t, string(killed.Body), `"reason":"checkout burns"`)
	assert.Contains(t, string(killed.Body), `"enabled":true`, "the configuration stays")
	assert.Equal(t, before.Header.Get("ETag"), killed.Header.Get("ETag"))
	assert.Contains(t, value(), `"value":false`)
	list := server.Must(t, http.StatusOK, http.MethodGet, project+"/flags", nil)
	assert.Contains(t, string(list.Body), `"killed":true`)
	changes := server.Must(t, http.StatusOK, http.MethodGet, production+"/changes?kind=kill", nil)
	assert.Contains(t, string(changes.Body), `"reason":"checkout burns"`)
	server.Must(t, http.StatusOK, http.MethodPost, helloInProduction+"/kill", nil)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, string(killed.Body))
	assert.Contains(t, value(), `"value":false`, "an edit does not restore")

	server.Must(t, http.StatusOK, http.MethodPost, helloInProduction+"/restore", nil, "Tidegate-Reason", "put out")
	assert.Contains(t, value(), `"value":true`)
	again := server.Must(t, http.StatusConflict, http.MethodPost, helloInProduction+"/restore", nil)
	assert.Contains(t, readProblem(t, again).Detail, "not killed")
	unknown := server.Must(t, http.StatusNotFound, http.MethodPost, project+"/flags/none/environments/production/kill", nil)
	assert.Equal(t, `There is no flag "none" in default/production.`, readProblem(t, unknown).Detail)
	wrong := server.Must(t, http.StatusUnprocessableEntity, http.MethodPost, helloInProduction+"/kill", `{"reason": "a\nb"}`)
	assert.Equal(t, []string{"/reason"}, readProblem(t, wrong).pointers())
	server.Must(t, http.StatusNotFound, http.MethodPost, project+"/flags/none/environments/production/kill", `{}`)
}

func TestApproveAStep(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusOK, http.MethodPut, helloRelease, `{"variation": "on", "trigger": {"manual": true},
		"steps": [{"weight": 1000}, {"weight": 100000, "approval": true}]}`)
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/start", nil)
	waiting := awaitRelease(t, server, func(r releaseView) bool { return len(r.Waits) == 1 && r.Waits[0].Kind == "approval" })
	assert.Equal(t, "for somebody to approve step 2", waiting.Waits[0].Text)
	assert.Nil(t, waiting.NextStepAt)
	refused := server.Must(t, http.StatusConflict, http.MethodPost, helloRelease+"/approve", `{"step": 0}`)
	assert.Contains(t, readProblem(t, refused).Detail, "not ahead")
	server.Must(t, http.StatusBadRequest, http.MethodPost, helloRelease+"/approve", `{"step": "next"}`)
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/approve", `{"reason": "numbers are fine"}`)
	completed := awaitPhase(t, server, "completed")
	require.Len(t, completed.Approvals, 1)
	assert.Equal(t, 1, completed.Approvals[0].Step)
	assert.Equal(t, "numbers are fine", completed.Approvals[0].Reason)
}

func TestPromoteToAStep(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusOK, http.MethodPut, helloRelease, `{"variation": "on", "trigger": {"manual": true},
		"steps": [{"weight": 1000, "hold": "1h"}, {"weight": 50000, "hold": "1h"}, {"weight": 100000}]}`)
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/start", `{"reason": "it is quiet"}`)
	refused := server.Must(t, http.StatusConflict, http.MethodPost, helloRelease+"/promote", `{"step": 0}`)
	assert.Equal(t, "Step 1 is not the next one: the release has 3 steps and is at step 1.", readProblem(t, refused).Detail)
	refused = server.Must(t, http.StatusUnprocessableEntity, http.MethodPost, helloRelease+"/pause", `{"step": 1}`)
	assert.Equal(t, "/step", readProblem(t, refused).Errors[0].Pointer)
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/promote", `{"step": 1}`)
	server.Must(t, http.StatusConflict, http.MethodPost, helloRelease+"/promote", `{"step": 1}`)
	var promoted releaseView
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/promote", nil).Decode(t, &promoted)
	assert.Equal(t, 100_000, promoted.Weight)
}

func awaitRelease(t *testing.T, server *servertest.Server, is func(releaseView) bool) (r releaseView) {
	t.Helper()
	require.Eventually(t, func() bool {
		r = releaseView{}
		server.Must(t, http.StatusOK, http.MethodGet, helloRelease, nil).Decode(t, &r)
		return is(r)
	}, patience, glance, "%+v", &r)
	return r
}

func TestFreezesOfAnEnvironment(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusOK, http.MethodPatch, production, `{"freezes": [{"from": "2020-01-01T00:00:00Z", "reason": "audit"}]}`)
	read := server.Must(t, http.StatusOK, http.MethodPatch, production, `{"name": "Prod"}`)
	assert.Contains(t, string(read.Body), `"freezes":[{"from":"2020-01-01T00:00:00Z","reason":"audit"}]`)
	wrong := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, production,
		`{"freezes": [{"from": "2020-01-02T00:00:00Z", "to": "2020-01-01T00:00:00Z", "reason": " "}]}`)
	assert.Equal(t, []string{"/freezes/0/to", "/freezes/0/reason"}, readProblem(t, wrong).pointers())

	server.Must(t, http.StatusOK, http.MethodPut, helloRelease, `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 100000}]}`)
	frozen := server.Must(t, http.StatusConflict, http.MethodPost, helloRelease+"/start", nil)
	assert.Contains(t, readProblem(t, frozen).Detail, "Releases are frozen in this environment (audit)")
	server.Must(t, http.StatusOK, http.MethodPatch, production, `{"freezes": null}`)
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/start", nil)
}

func TestASegmentThatAReleaseNeedsStays(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	segment := project + "/segments/staff"
	server.Must(t, http.StatusCreated, http.MethodPut, segment, `{"included": ["ada"]}`)
	server.Must(t, http.StatusOK, http.MethodPut, helloRelease, `{"variation": "on", "trigger": {"manual": true},
		"steps": [{"segment": "staff", "hold": "1h"}, {"weight": 100000}]}`)
	refused := server.Must(t, http.StatusConflict, http.MethodDelete, segment, nil)
	assert.Contains(t, readProblem(t, refused).Detail, "the release of hello in production")
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/start", nil)
	explain := func(key string) string {
		return string(server.Must(t, http.StatusOK, http.MethodPost, helloInProduction+"/explain", `{"context": {"targetingKey": "`+key+`"}}`).Body)
	}
	assert.Contains(t, explain("ada"), `"value":true`)
	assert.Contains(t, explain("bob"), `"value":false`)
	server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/revert", nil)
	assert.Contains(t, explain("ada"), `"value":false`)
	server.Must(t, http.StatusNoContent, http.MethodDelete, segment, nil)
}
