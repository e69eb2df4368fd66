package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/cmd/flagd/kubernetes"
	"github.com/tidegate-io/tidegate/cmd/flagd/remote"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/servertest"
)

func TestWatchRefusesWhatCannotWork(t *testing.T) {
	environment := map[string]string{"FLAGD_SERVER_URL": "https://flags.example.com", "FLAGD_TOKEN": "tg_x"}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(file, []byte("apiVersion: v1\nkind: Config\n"), 0o600))
	for name, c := range map[string]struct {
		environment map[string]string
		args        []string
		says        string
	}{
		"nothing to follow": {environment, []string{"watch"}, "flagd watch kubernetes"},
		"no server":         {nil, []string{"watch", "kubernetes"}, "--url (FLAGD_SERVER_URL)"},
		"no selector":       {environment, []string{"watch", "kubernetes", "--selector", "=="}, "--selector (FLAGD_SELECTOR)"},
		"no cluster":        {environment, []string{"watch", "kubernetes", "--kubeconfig", file}, "--kubeconfig"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := execute(t, c.environment, c.args...)
			require.Error(t, err)
			assert.Contains(t, explain(err), c.says)
			assert.Equal(t, exitUsage, exitCode(err))
		})
	}
}

// A rollout that was given up and succeeds after all is another deployment: a failure stands.
func TestARolloutThatSucceedsAfterAllIsAnotherDeployment(t *testing.T) {
	s := servertest.Start(t)
	r := &rolloutReporter{&remote.Client{URL: s.URL, Token: servertest.AdminToken, Timeout: time.Minute}, "default"}
	report := openapi.DeploymentReport{Service: "checkout", Version: "2.3.0", Source: "kubernetes", ExternalID: "uid/2"}
	send := func(status openapi.DeploymentStatus, environment string) (openapi.Deployment, error) {
		report.Status = status
		return r.Report(context.Background(), environment, report)
	}
	for _, status := range []openapi.DeploymentStatus{"started", "failed", "succeeded", "succeeded"} {
		stored, err := send(status, "production")
		require.NoError(t, err)
		assert.EqualValues(t, status, stored.Status)
	}
	var list struct{ Items []openapi.Deployment }
	s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/environments/production/deployments", nil).Decode(t, &list)
	var found []string
	for _, d := range list.Items {
		found = append(found, d.ExternalID+" "+string(d.Status))
	}
	assert.ElementsMatch(t, []string{"uid/2 failed", "uid/2#2 succeeded"}, found)

	_, err := send("succeeded", "moon")
	require.ErrorIs(t, err, kubernetes.ErrRefused)
}
