package kubernetes_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/hooks/kubernetes"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// A rollout was given up and succeeds later. It is then another deployment, because a failure is final.
func TestARolloutThatSucceedsAfterAllIsAnotherDeployment(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	c, err := client.New(s.URL, servertest.AdminToken)
	require.NoError(t, err)
	r := &kubernetes.ServerReporter{Client: c, Project: "default"}
	report := openapi.DeploymentReport{Service: "checkout", Version: "2.3.0", Source: "kubernetes", ExternalID: "uid/2"}
	send := func(status openapi.DeploymentStatus, environment string) (openapi.Deployment, error) {
		report.Status = status
		return r.Report(t.Context(), environment, report)
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

	_, err = send("succeeded", "moon")
	require.ErrorIs(t, err, kubernetes.ErrRefused)
}
