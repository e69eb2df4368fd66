package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

// An instance is a shadow if it says so, or if it runs a version that is deployed as a shadow.
func TestShadowsAreShownAndNotCounted(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	s.Must(t, http.StatusCreated, http.MethodPost, production+"/deployments",
		`{"service": "checkout", "version": "2.4.0", "status": "started", "strategy": "shadow"}`)
	now := time.Now()
	instance := func(id, version string, shadow bool) store.Instance {
		return store.Instance{
			EnvironmentRef: store.EnvironmentRef{Project: "default", Environment: "production"}, Service: "checkout",
			InstanceID: id, Version: version, Shadow: shadow, StartedAt: now, SeenAt: now,
		}
	}
	require.NoError(t, s.Store.PutInstances(t.Context(), []store.Instance{
		instance("live", "2.3.0", false), instance("mirror", "2.3.0", true), instance("next", "2.4.0", false),
	}))

	var fleet openapi.Fleet
	s.Must(t, http.StatusOK, http.MethodGet, production+"/fleet", nil).Decode(t, &fleet)
	require.Len(t, fleet.Services, 1)
	checkout := fleet.Services[0]
	require.Equal(t, 1, checkout.Instances)
	require.Equal(t, 2, checkout.Shadows)
	shadows := make(map[string]bool)
	for _, member := range checkout.Members {
		shadows[member.ID] = member.Shadow
	}
	require.Equal(t, map[string]bool{"live": false, "mirror": true, "next": true}, shadows)
}
