package main

import (
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// pipeline is a server with a release that waits for checkout 2.3.0, and the environment of a pipeline.
func pipeline(t *testing.T, more map[string]string) (s *servertest.Server, environment map[string]string) {
	t.Helper()
	s = servertest.Start(t)
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/new-checkout", `{"type": "boolean"}`)
	s.Must(t, http.StatusOK, http.MethodPut, "/projects/default/environments/production/flags/new-checkout/release",
		`{"variation": "on", "trigger": {"deployment": {"service": "checkout", "version": ">=2.3.0"}}, "steps": [{"weight": 1000, "hold": "1h"}, {"weight": 100000}]}`)
	environment = map[string]string{
		"FLAGD_SERVER_URL": s.URL + "/", "FLAGD_TOKEN": servertest.AdminToken,
		"FLAGD_SERVICE": "checkout", "FLAGD_VERSION": "2.3.0", "FLAGD_ENVIRONMENT": "production",
	}
	for name, value := range more {
		environment[name] = value
	}
	return s, environment
}

func listDeployments(t *testing.T, s *servertest.Server) []openapi.Deployment {
	t.Helper()
	var list struct{ Items []openapi.Deployment }
	s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/environments/production/deployments", nil).Decode(t, &list)
	return list.Items
}

func TestDeployTellsWhatTheReleasesDid(t *testing.T) {
	s, environment := pipeline(t, nil)
	out, err := execute(t, environment, "deploy", "succeeded", "--dry-run")
	require.NoError(t, err)
	assert.Contains(t, out, "Would be recorded: checkout 2.3.0 succeeded in production")
	assert.Contains(t, out, "new-checkout: pending → progressing at 1 %")
	assert.Empty(t, listDeployments(t, s))

	out, err = execute(t, environment, "deploy", "started", "--strategy", "canary", "--traffic-weight", "12.5%")
	require.NoError(t, err)
	assert.Contains(t, out, "Recorded: checkout 2.3.0 started in production (source cli")
	assert.NotContains(t, out, "new-checkout")
	out, err = execute(t, environment, "deploy", "succeeded")
	require.NoError(t, err)
	assert.Contains(t, out, "new-checkout: pending → progressing at 1 %: ")
	out, err = execute(t, environment, "deploy", "succeeded")
	require.NoError(t, err)
	assert.Contains(t, out, "Nothing new: checkout 2.3.0 succeeded")
	out, err = execute(t, environment, "deploy", "rolled-back")
	require.NoError(t, err)
	assert.Contains(t, out, "new-checkout: progressing → reverted at 0 %: ")
	deployments := listDeployments(t, s)
	require.Len(t, deployments, 1)
	assert.Equal(t, 12_500, deployments[0].TrafficWeight)
}

// After a report, a release may still wait for something else. The command tells that too, and at once.
func TestDeployTellsWhatReleasesStillWaitFor(t *testing.T) {
	s, environment := pipeline(t, nil)
	s.Must(t, http.StatusOK, http.MethodPut, "/projects/default/environments/production/flags/new-checkout/release",
		`{"variation": "on", "trigger": {"deployment": {"service": "checkout", "version": ">=2.3.0", "minInstances": 1}}, "steps": [{"weight": 100000}]}`)
	out, err := execute(t, environment, "deploy", "succeeded")
	require.NoError(t, err)
	assert.Contains(t, out, "new-checkout: still pending: Waiting for 1 instance of checkout >=2.3.0.")
}

func TestAnotherAttemptOfARunIsAnotherDeployment(t *testing.T) {
	s, environment := pipeline(t, map[string]string{"CI_PIPELINE_ID": "7", "CI_COMMIT_SHA": "c0ffee"})
	for _, status := range []string{"started", "failed", "failed", "started", "succeeded", "succeeded"} {
		_, err := execute(t, environment, "deploy", status)
		require.NoError(t, err, status)
	}
	var found []string
	for _, d := range listDeployments(t, s) {
		assert.Equal(t, "gitlab", d.Source)
		assert.Equal(t, "c0ffee", d.Commit)
		found = append(found, d.ExternalID+" "+string(d.Status))
	}
	assert.ElementsMatch(t, []string{"7/checkout failed", "7/checkout#2 succeeded"}, found)

	out, err := execute(t, environment, "deploy", "succeeded", "--external-id", "7/checkout")
	assert.ErrorContains(t, err, "stays failed")
	assert.Contains(t, out, "Nothing new")
	assert.Equal(t, exitFailure, exitCode(err))
}

func TestDeployExitCodes(t *testing.T) {
	_, environment := pipeline(t, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close())
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no status":          {[]string{"deploy"}, exitUsage, "rolled-back"},
		"an unknown status":  {[]string{"deploy", "done"}, exitUsage, "succeeded"},
		"no service":         {[]string{"deploy", "started", "--service="}, exitUsage, "--service (FLAGD_SERVICE)"},
		"no address":         {[]string{"deploy", "started", "--url="}, exitUsage, "--url (FLAGD_SERVER_URL)"},
		"no real address":    {[]string{"deploy", "started", "--url", "flags"}, exitUsage, "https://flags.example.com"},
		"no token":           {[]string{"deploy", "started", "--token="}, exitUsage, "--token (FLAGD_TOKEN)"},
		"no weight":          {[]string{"deploy", "started", "--traffic-weight", "101"}, exitUsage, "in percent"},
		"not a weight":       {[]string{"deploy", "started", "--traffic-weight", "NaN"}, exitUsage, "in percent"},
		"unknown strategy":   {[]string{"deploy", "started", "--strategy", "blue"}, exitUsage, "blueGreen"},
		"a wrong token":      {[]string{"deploy", "started", "--token", "tg_wrong"}, exitFailure, "no such access token"},
		"no environment":     {[]string{"deploy", "started", "--environment", "moon"}, exitFailure, "moon"},
		"an unknown project": {[]string{"deploy", "started", "--project", "moon"}, exitFailure, "moon"},
		"nobody there":       {[]string{"deploy", "started", "--url", nobody, "--timeout", "1s"}, exitUnreachable, nobody},
	} {
		t.Run(name, func(t *testing.T) {
			// A flag that is given as empty counts as not given.
			without := make(map[string]string, len(environment))
			for name, value := range environment {
				without[name] = value
			}
			switch name {
			case "no service":
				delete(without, "FLAGD_SERVICE")
			case "no address":
				delete(without, "FLAGD_SERVER_URL")
			case "no token":
				delete(without, "FLAGD_TOKEN")
			}
			_, err := execute(t, without, c.args...)
			require.Error(t, err)
			assert.Contains(t, explain(err), c.says)
			assert.Equal(t, c.code, exitCode(err))
		})
	}
}
