package demo_test

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/demo"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

// filled is a server on a store that the demo has filled.
func filled(t *testing.T) *servertest.Server {
	t.Helper()
	backend := servertest.Backend(t)
	_, err := server.Bootstrap(t.Context(), backend.Store, time.Now().Add(-15*24*time.Hour))
	require.NoError(t, err)
	require.NoError(t, demo.Fill(t.Context(), backend.Store, time.Now()))
	return servertest.StartOn(t, backend, server.Config{})
}

// background runs until the end of the test.
func background(t *testing.T, run func(ctx context.Context)) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { run(ctx) })
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
}

func TestTheGuardsMeasureTheShopsCustomers(t *testing.T) {
	t.Parallel()
	s := filled(t)
	traffic := demo.Traffic{Store: s.Store, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	background(t, traffic.Run)
	require.Eventually(t, func() bool {
		var measured struct {
			Series []struct {
				Guard  string
				Points []struct{ Unexposed *float64 }
			}
		}
		s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/environments/production/flags/new-checkout/release/measurements", nil).Decode(t, &measured)
		for _, series := range measured.Series {
			if last := len(series.Points) - 1; last < 0 || series.Points[last].Unexposed == nil {
				return false
			}
		}
		return len(measured.Series) == 2
	}, time.Minute, 100*time.Millisecond)
}

func TestTheInstancesStartedWhenTheirVersionWasDeployed(t *testing.T) {
	t.Parallel()
	s := filled(t)
	fleet := demo.Fleet{Store: s.Store, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	background(t, fleet.Run)
	var instances []store.Instance
	require.Eventually(t, func() bool {
		var err error
		instances, err = s.Store.ListInstances(t.Context(), productionRef(), time.Time{})
		require.NoError(t, err)
		return len(instances) == 10
	}, time.Minute, 20*time.Millisecond)
	deployments, err := s.Store.ListDeployments(t.Context(), productionRef(), store.DeploymentFilter{})
	require.NoError(t, err)
	for _, i := range instances {
		for _, d := range deployments {
			if d.Service == i.Service && d.Version == i.Version {
				assert.False(t, i.StartedAt.Before(d.StartedAt) || i.StartedAt.After(d.UpdatedAt), i.InstanceID)
			}
		}
	}
}
