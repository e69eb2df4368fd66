package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/servertest"
)

func TestReleaseIsMovedFromTheCommandLine(t *testing.T) {
	s, environment := pipeline(t, nil)
	s.Must(t, http.StatusOK, http.MethodPut, "/projects/default/environments/production/flags/new-checkout/release",
		`{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1000, "hold": "1h"}, {"weight": 100000, "approval": true}]}`)
	move := func(verb string, more ...string) (string, error) {
		return execute(t, environment, append([]string{"release", verb, "new-checkout"}, more...)...)
	}
	out, err := move("show")
	require.NoError(t, err)
	assert.Equal(t, "new-checkout in production: release pending. Waiting to be started by hand.\n  now: Off: everyone gets off.\n  waits to be started by hand\n", out)
	for _, verb := range []string{"start", "pause", "resume"} {
		_, err = move(verb)
		require.NoError(t, err, verb)
	}
	out, err = move("show")
	require.NoError(t, err)
	assert.Contains(t, out, "now: 1% get on, 99% off.")
	assert.Contains(t, out, "  waits for somebody to approve step 2\n")
	out, err = move("approve", "--reason", "die Zahlen sind gut")
	require.NoError(t, err)
	assert.Contains(t, out, "was approved by")
	assert.Contains(t, out, "(die Zahlen sind gut)")
	_, err = move("approve")
	assert.Equal(t, exitFailure, exitCode(err))
	assert.ErrorContains(t, err, "needs an approval")
	out, err = move("revert", "--reason", "errors")
	require.NoError(t, err)
	assert.Equal(t, "new-checkout in production: release reverted. Reverted by hand (errors).\n  now: Off: everyone gets off. The release of on was taken back. Reverted by hand (errors).\n", out)
	_, err = move("promote")
	assert.Equal(t, exitFailure, exitCode(err))
}

func TestFlagIsKilledAndRestoredFromTheCommandLine(t *testing.T) {
	_, environment := pipeline(t, nil)
	out, err := execute(t, environment, "kill", "new-checkout", "--reason", "checkout burns")
	require.NoError(t, err)
	assert.Contains(t, out, "  now: Killed: everyone gets off.\n")
	assert.Contains(t, out, "because checkout burns.")
	out, err = execute(t, environment, "restore-flag", "new-checkout")
	require.NoError(t, err)
	assert.Equal(t, "new-checkout is restored in production.\n  now: Off: everyone gets off.\n", out)
	_, err = execute(t, environment, "restore-flag", "new-checkout")
	assert.Equal(t, exitFailure, exitCode(err))
	assert.ErrorContains(t, err, "not killed")
}

func TestCommandsOfAFlagNeedOne(t *testing.T) {
	complete := map[string]string{"FLAGD_SERVER_URL": "http://127.0.0.1:1", "FLAGD_TOKEN": servertest.AdminToken}
	for name, args := range map[string][]string{
		"no flag":        {"kill"},
		"two flags":      {"restore-flag", "a", "b"},
		"no verb":        {"release", "new-checkout"},
		"no such verb":   {"release", "finish", "new-checkout"},
		"no environment": {"kill", "new-checkout"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := execute(t, complete, args...)
			require.Error(t, err)
			assert.Equal(t, exitUsage, exitCode(err), err)
		})
	}
}
