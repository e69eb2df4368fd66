package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
)

func TestAFlagThatFlagdCannotHaveIsSavedWithAWarning(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	warning := func(method, body string) *openapi.ConfigWarning {
		t.Helper()
		var config struct {
			FlagdWarning *openapi.ConfigWarning `json:"flagdWarning"`
		}
		require.NoError(t, json.Unmarshal(server.Must(t, http.StatusOK, method, helloInProduction, body).Body, &config))
		return config.FlagdWarning
	}
	want := &openapi.ConfigWarning{Pointer: "/rules/0/clauses/0/operator", Reason: "flagd has no regular expressions"}
	require.Equal(t, want, warning(http.MethodPatch, `{"enabled": true, "rules": [{"id": "r", "clauses": [{"attribute": "email", "operator": "matches", "values": ["x$"]}], "serve": {"variation": "on"}}]}`))
	require.Equal(t, want, warning(http.MethodGet, ""))
	require.Nil(t, warning(http.MethodPatch, `{"rules": []}`))
	require.Nil(t, warning(http.MethodPatch, `{"enabled": false, "flagdWarning": {"pointer": "", "reason": "sent back by a client"}}`), "it is read-only")
}

func TestAnExpressionThatNamesNoVariationIsSavedWithAWarning(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	warning := func(config string) *openapi.ConfigWarning {
		t.Helper()
		var saved struct {
			TargetingWarning *openapi.ConfigWarning `json:"targetingWarning"`
		}
		server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, config).Decode(t, &saved)
		return saved.TargetingWarning
	}
	require.Equal(t, &openapi.ConfigWarning{Pointer: "/targeting/if/1", Reason: `the flag has no variation "onn"`},
		warning(`{"fallthrough": null, "targeting": {"if": [{"==": [{"var": "plan"}, "pro"]}, "onn", "of"]}}`))
	require.Nil(t, warning(`{"targeting": {"if": [{"==": [{"var": "plan"}, "pro"]}, "on", {"var": ["variation", "off"]}]}}`))
	require.Nil(t, warning(`{"targeting": null, "fallthrough": {"variation": "on"}}`))
}
