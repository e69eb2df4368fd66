package postgres_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestBus(t *testing.T) {
	t.Parallel()
	service := storetest.PostgresURL(t)
	storetest.RunBus(t, func(t *testing.T) (store.Bus, func()) {
		proxy, url := storetest.NewProxy(t, service)
		return openBus(t, url, ""), proxy.Cut
	})
}

func TestBusListensElsewhere(t *testing.T) {
	t.Parallel()
	service := storetest.PostgresURL(t)
	storetest.RunBus(t, func(t *testing.T) (store.Bus, func()) {
		proxy, direct := storetest.NewProxy(t, service)
		return openBus(t, service, direct), proxy.Cut
	})
}

func openBus(t *testing.T, url, listenURL string) *postgres.Bus {
	t.Helper()
	bus, err := postgres.NewBus(url, listenURL, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, bus.Close()) })
	return bus
}
