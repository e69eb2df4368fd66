package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/api"
	"github.com/tidegate-io/tidegate/server/servertest"
)

func TestGatesAnswerBothWays(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	s.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/new-checkout", `{"type": "boolean"}`)
	s.Must(t, http.StatusOK, http.MethodPatch, project+"/flags/new-checkout/environments/production",
		`{"enabled": true, "availability": {"service": "checkout", "version": ">=2.3.0"}}`, "If-Match", "*")
	gates := production + "/gates?service=checkout&version="
	check := func(version string) (g openapi.Gates) {
		s.Must(t, http.StatusOK, http.MethodGet, gates+version, nil).Decode(t, &g)
		return g
	}
	require.Equal(t, openapi.Gates{
		Service: "checkout", Version: "2.3.1", SafeToDeploy: true, SafeToRollBackTo: true, Flags: []openapi.GateFlag{},
	}, check("2.3.1"))
	require.Equal(t, openapi.Gates{
		Service: "checkout", Version: "2.2.0", SafeToDeploy: true, SafeToRollBackTo: false,
		Flags: []openapi.GateFlag{{
			Flag: "new-checkout", Needs: openapi.GateNeeds{Service: "checkout", Version: ">=2.3.0"}, Scope: "instance",
			Blocks: []openapi.GateFlagBlocks{openapi.GateFlagBlocksRollback}, OpenBy: []openapi.GateFlagOpenBy{"fallthrough"},
			Reason: "The flag is open where checkout >=2.3.0 runs; going back to 2.2.0 would close it for everybody. Close it first.",
		}},
	}, check("2.2.0"))

	for _, method := range []string{http.MethodGet, http.MethodPost} {
		s.Must(t, http.StatusOK, method, gates+"2.2.0&require=deploy", nil)
		refused := s.Must(t, http.StatusConflict, method, gates+"2.2.0&require=rollback", nil)
		require.Contains(t, string(refused.Body), "It is not safe to roll back to checkout 2.2.0. new-checkout: The flag is open")
	}
	s.Must(t, http.StatusOK, http.MethodPost, gates+"2.2.0&require=deploy", `{"name": "checkout", "phase": "Progressing", "metadata": {}}`)
	s.Must(t, http.StatusOK, http.MethodGet, production+"/gates?service=search&version=0.1&require=rollback", nil)
	s.Must(t, http.StatusNotFound, http.MethodGet, project+"/environments/none/gates?service=checkout&version=1", nil)
}

func TestGatesNameTheParameterThatIsWrong(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	for query, says := range map[string]string{
		"?service=&version=1":                            "service",
		"?service=a&version=" + strings.Repeat("x", 257): "version",
		"?service=a&version=1&require=luck":              "require must be deploy or rollback",
		"?version=1":                                     "service",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+api.BasePath+production+"/gates"+query, nil)
		require.NoError(t, err)
		// Flagger sends it like this, from an address with a user in it.
		r.SetBasicAuth("flagger", servertest.AdminToken)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		var body strings.Builder
		require.NoError(t, answer.Write(&body))
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusBadRequest, answer.StatusCode, query)
		require.Contains(t, body.String(), says, query)
	}
}
