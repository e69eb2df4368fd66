package observe_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/store"
)

type latched map[store.FlagRef]bool

func (g latched) Latched() map[store.FlagRef]bool { return g }

func TestAvailabilityNamesTheFlags(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	production := store.EnvironmentRef{Project: "shop", Environment: "production"}
	observe.RegisterAvailability(latched{
		{EnvironmentRef: production, Flag: "orders-database"}: true, {EnvironmentRef: production, Flag: "ledger"}: false,
	}, registry)
	require.Equal(t, map[string]float64{
		`tidegate_availability_warnings{environment="production",flag="orders-database",project="shop"}`: 1,
		`tidegate_availability_warnings{environment="production",flag="ledger",project="shop"}`:          0,
	}, gather(t, registry))
}
