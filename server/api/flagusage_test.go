package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tidegate-io/tidegate/server/servertest"
)

// TestVariationsOfAnOpenReleaseStay tries to remove a variation that a release serves, and one that only its revert
// would restore.
func TestVariationsOfAnOpenReleaseStay(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	server.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/theme", `{"type": "string", "fallthroughVariation": "blue",
		"variations": [{"key": "off", "value": ""}, {"key": "blue", "value": "b"}, {"key": "red", "value": "r"}]}`)
	const path = production + "/flags/theme/release"
	server.Must(t, http.StatusOK, http.MethodPut, path, `{"variation": "red", "trigger": {"manual": true},
		"steps": [{"weight": 1000, "hold": "1h"}, {"weight": 100000}]}`)
	server.Must(t, http.StatusOK, http.MethodPost, path+"/start", nil)
	for _, environment := range []string{"development", "staging"} {
		server.Must(t, http.StatusOK, http.MethodPatch, project+"/flags/theme/environments/"+environment, `{"fallthrough": {"variation": "off"}}`)
	}

	const withoutBlue = `{"variations": [{"key": "off", "value": ""}, {"key": "red", "value": "r"}]}`
	refused := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, project+"/flags/theme", withoutBlue)
	assert.Equal(t, `cannot lose "blue": its release in production is progressing`, readProblem(t, refused).Errors[0].Detail)

	server.Must(t, http.StatusOK, http.MethodPost, path+"/revert", nil)
	server.Must(t, http.StatusOK, http.MethodPatch, project+"/flags/theme/environments/production", `{"fallthrough": {"variation": "off"}}`)
	server.Must(t, http.StatusOK, http.MethodPatch, project+"/flags/theme", withoutBlue)
}

// TestVariationsThatAnExpressionNamesStay: without such a variation, the expression would give errors in its place.
func TestVariationsThatAnExpressionNamesStay(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	server.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/theme", `{"type": "string", "fallthroughVariation": "off", "offVariation": "off",
		"variations": [{"key": "off", "value": ""}, {"key": "blue", "value": "b"}, {"key": "red", "value": "r"}]}`)
	inProduction := project + "/flags/theme/environments/production"
	server.Must(t, http.StatusOK, http.MethodPatch, inProduction, `{"fallthrough": null, "targeting": {"if": [{"==": [{"var": "sky"}, "red"]}, "blue"]}}`)

	refused := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, project+"/flags/theme",
		`{"variations": [{"key": "off", "value": ""}, {"key": "red", "value": "r"}]}`)
	assert.Equal(t, `cannot lose "blue": in production the expression names it at /targeting/if/1`, readProblem(t, refused).Errors[0].Detail)
	server.Must(t, http.StatusOK, http.MethodPatch, project+"/flags/theme",
		`{"variations": [{"key": "off", "value": ""}, {"key": "blue", "value": "b"}]}`)
}

// TestFlagOfAReleaseUnderWayIsNotArchived follows the rule for replacing a release: a release that was paused before
// its start prevents neither replacing nor archiving.
func TestFlagOfAReleaseUnderWayIsNotArchived(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	server.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/theme", `{"type": "boolean"}`)
	const (
		path = production + "/flags/theme/release"
		spec = `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1000, "hold": "1h"}, {"weight": 100000}]}`
	)
	server.Must(t, http.StatusOK, http.MethodPut, path, spec)
	server.Must(t, http.StatusOK, http.MethodPost, path+"/start", nil)
	server.Must(t, http.StatusOK, http.MethodPost, path+"/pause", nil)
	server.Must(t, http.StatusConflict, http.MethodPut, path, spec)
	refused := server.Must(t, http.StatusConflict, http.MethodDelete, project+"/flags/theme", nil)
	assert.Contains(t, readProblem(t, refused).Detail, "its release in production is paused")

	server.Must(t, http.StatusOK, http.MethodPost, path+"/revert", nil)
	server.Must(t, http.StatusOK, http.MethodPut, path, spec)
	server.Must(t, http.StatusOK, http.MethodPost, path+"/pause", nil)
	server.Must(t, http.StatusOK, http.MethodPut, path, spec)
	server.Must(t, http.StatusOK, http.MethodPost, path+"/pause", nil)
	server.Must(t, http.StatusNoContent, http.MethodDelete, project+"/flags/theme", nil)
}
