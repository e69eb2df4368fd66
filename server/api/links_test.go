package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/servertest"
)

// People open the url that others have reported for a deployment.
func TestLinksOfDeploymentsAreOfTheWeb(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	for url, status := range map[string]int{
		"https://ci.example/runs/1": http.StatusCreated, "HTTP://ci.example": http.StatusCreated, "": http.StatusCreated,
		"javascript:alert(1)": http.StatusUnprocessableEntity, "JavaScript://x/%0aalert(1)": http.StatusUnprocessableEntity,
		"data:text/html,x": http.StatusUnprocessableEntity, "file:///etc/passwd": http.StatusUnprocessableEntity, "//ci.example": http.StatusUnprocessableEntity,
		"ci.example/runs": http.StatusUnprocessableEntity, "https:": http.StatusUnprocessableEntity, " https://ci.example": http.StatusUnprocessableEntity,
	} {
		answer := s.Call(t, http.MethodPost, "/projects/default/environments/production/deployments", map[string]string{
			"service": "checkout", "version": "1.0.0", "status": "started", "externalId": "of " + url, "url": url,
		})
		require.Equal(t, status, answer.Status, "%q: %s", url, answer.Body)
	}
}
