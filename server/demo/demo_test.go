package demo_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/demo"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

func TestDemoIsALivingShop(t *testing.T) {
	t.Parallel()
	backend := servertest.Backend(t)
	_, err := server.Bootstrap(t.Context(), backend.Store, time.Now().Add(-15*24*time.Hour))
	require.NoError(t, err)
	require.NoError(t, demo.Fill(t.Context(), backend.Store, time.Now()))

	environments, err := backend.Store.ListEnvironments(t.Context(), "default")
	require.NoError(t, err)
	for _, environment := range environments {
		definition, err := backend.Store.Definition(t.Context(), environment.EnvironmentRef)
		require.NoError(t, err)
		_, problems, err := evaluator.Compile(definition)
		require.NoError(t, err)
		assert.Empty(t, problems)
		assert.Len(t, definition.Flags, 25)
		assertInOrder(t, backend.Store, environment.EnvironmentRef)
	}

	s := servertest.StartOn(t, backend, server.Config{})
	for flag, phase := range map[string]string{
		"new-checkout": "progressing", "express-payment": "completed", "loyalty-points": "pending", "saved-baskets": "reverted",
		"theme": "pending",
	} {
		assert.Eventually(t, func() bool {
			var r struct{ Phase string }
			s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/environments/production/flags/"+flag+"/release", nil).Decode(t, &r)
			return r.Phase == phase
		}, 10*time.Second, 20*time.Millisecond, "%s is not %s", flag, phase)
	}
	s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/flags", nil)
	s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/segments", nil)
	assertEventful(t, s)
}

// assertEventful checks that the shop shows what can happen besides flags and releases that go well.
func assertEventful(t *testing.T, s *servertest.Server) {
	t.Helper()
	const production = "/projects/default/environments/production"
	var policy struct{ Policy string }
	s.Must(t, http.StatusOK, http.MethodGet, production+"/flags/loyalty-points/release", nil).Decode(t, &policy)
	assert.Equal(t, "careful", policy.Policy)
	var waiting struct{ Waits []struct{ Kind string } }
	s.Must(t, http.StatusOK, http.MethodGet, production+"/flags/theme/release", nil).Decode(t, &waiting)
	require.Len(t, waiting.Waits, 1)
	assert.Equal(t, "approval", waiting.Waits[0].Kind)
	killed, err := s.Store.FlagConfig(t.Context(), store.FlagRef{EnvironmentRef: productionRef(), Flag: "recommendations"})
	require.NoError(t, err)
	require.NotNil(t, killed.Kill)
	assert.NotEmpty(t, killed.Kill.Reason)
	environment, err := s.Store.Environment(t.Context(), productionRef())
	require.NoError(t, err)
	require.NoError(t, release.ValidateFreezes(environment.Freezes))
	require.Len(t, environment.Freezes, 1)
	assert.True(t, environment.Freezes[0].From.After(time.Now()), "it holds nothing yet")

	deployments, err := s.Store.ListDeployments(t.Context(), productionRef(), store.DeploymentFilter{})
	require.NoError(t, err)
	strategies := make(map[release.Strategy]int)
	for _, d := range deployments {
		strategies[d.Strategy]++
		assert.Equal(t, d.Strategy == release.StrategyCanary, d.TrafficWeight > 0, d.Version)
	}
	assert.Positive(t, strategies[release.StrategyCanary])
	assert.Equal(t, 1, strategies[release.StrategyShadow])
}

func productionRef() store.EnvironmentRef {
	return store.EnvironmentRef{Project: "default", Environment: "production"}
}

// assertInOrder checks that the environment's revisions and times go the same way.
func assertInOrder(t *testing.T, s store.Store, ref store.EnvironmentRef) {
	t.Helper()
	changes, err := s.ListChanges(t.Context(), ref, store.ChangeFilter{})
	require.NoError(t, err)
	for i := 1; i < len(changes); i++ {
		assert.False(t, changes[i].At.After(changes[i-1].At), "revision %d", changes[i].Revision)
	}
}

func TestDemoFillsOnlyAnEmptyStore(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/real", `{"type": "boolean"}`)
	require.ErrorIs(t, demo.Fill(t.Context(), s.Store, time.Now()), demo.ErrNotEmpty)
}

func TestDemoMayBeStartedAgain(t *testing.T) {
	t.Parallel()
	backend := servertest.Backend(t)
	_, err := server.Bootstrap(t.Context(), backend.Store, time.Now())
	require.NoError(t, err)
	require.NoError(t, demo.Fill(t.Context(), backend.Store, time.Now()))
	before, err := backend.Store.Cursor(context.Background(), productionRef())
	require.NoError(t, err)
	require.NoError(t, demo.Fill(t.Context(), backend.Store, time.Now()))
	after, err := backend.Store.Cursor(context.Background(), productionRef())
	require.NoError(t, err)
	assert.Equal(t, before, after)
}
