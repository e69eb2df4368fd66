package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// The release of the flag in production, and the deployments there.
const (
	releasedFlag    = "new-checkout"
	releasePath     = flagdtest.Project + "/environments/production/flags/" + releasedFlag + "/release"
	deploymentsPath = flagdtest.Project + "/environments/production/deployments"
)

func TestDeploymentStartsAReleaseAndARollbackRevertsIt(t *testing.T) {
	t.Parallel()
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir()})
	server.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/"+releasedFlag, flagdtest.Map{"type": "boolean"}, nil)
	key := server.SDKKey(t, "production", "server")
	server.MustCall(t, http.MethodPut, releasePath, flagdtest.Map{
		"variation": "on",
		"trigger":   flagdtest.Map{"deployment": flagdtest.Map{"service": "checkout", "version": ">=2.3.0"}},
		"steps": []flagdtest.Map{
			{"weight": 25_000, "hold": "1s"},
			{"weight": 50_000, "hold": "1h"},
			{"weight": 100_000},
		},
	}, nil)

	deploy(t, server, "2.2.0", "run-117")
	require.Equal(t, "pending", getRelease(t.Context(), t, server).Phase, "2.2.0 is too old to start the release")
	require.Zero(t, share(t, server, key))

	deploy(t, server, "2.3.0", "run-118")
	awaitRelease(t, server, func(r release) bool { return r.Phase == "progressing" && r.Weight == 50_000 })
	awaitShare(t, server, key, 0.35, 0.65)
	server.MustCall(t, http.MethodPost, releasePath+"/promote", nil, nil)
	awaitRelease(t, server, func(r release) bool { return r.Phase == "completed" && r.Weight == 100_000 })

	deploy(t, server, "2.2.0", "run-119")
	reverted := awaitRelease(t, server, func(r release) bool { return r.Phase == "reverted" })
	require.NotEmpty(t, reverted.Reason)
	awaitShare(t, server, key, 0, 0)
}

// release is the part of a release that the test looks at.
type release struct {
	Phase  string `json:"phase"`
	Weight int    `json:"weight"`
	Reason string `json:"reason"`
}

func deploy(t *testing.T, server *flagdtest.Server, version, externalID string) {
	t.Helper()
	server.MustCall(t, http.MethodPost, deploymentsPath, flagdtest.Map{
		"service": "checkout", "version": version, "status": "succeeded", "source": "ci", "externalId": externalID,
	}, nil)
}

func getRelease(ctx context.Context, t *testing.T, server *flagdtest.Server) release {
	t.Helper()
	var current release
	require.NoError(t, server.Call(ctx, http.MethodGet, releasePath, nil, &current))
	return current
}

// awaitRelease waits until the release is as wanted. The steps here last a second or an hour, so the duration of the
// wait measures nothing.
func awaitRelease(t *testing.T, server *flagdtest.Server, wanted func(release) bool) release {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var current release
	if !flagdtest.Poll(ctx, func() bool {
		current = getRelease(t.Context(), t, server)
		return wanted(current)
	}) {
		require.Fail(t, "the release does not get there", "it stands at %+v", current)
	}
	return current
}

// awaitShare waits until the share of users who get the released variation is within the bounds, both included.
func awaitShare(t *testing.T, server *flagdtest.Server, sdkKey string, least, most float64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var served float64
	within := flagdtest.Poll(ctx, func() bool {
		served = share(t, server, sdkKey)
		return least <= served && served <= most
	})
	require.True(t, within, "%.0f %% of users get the variation, rather than %.0f to %.0f %%", 100*served, 100*least, 100*most)
}

// share is the part of 200 users who get the released variation.
func share(t *testing.T, server *flagdtest.Server, sdkKey string) float64 {
	t.Helper()
	const users = 200
	released := 0
	for user := range users {
		evaluation, err := server.Evaluate(t.Context(), sdkKey, releasedFlag, fmt.Sprintf("user-%d", user))
		require.NoError(t, err)
		if evaluation.Value == true {
			released++
		}
	}
	return float64(released) / users
}
