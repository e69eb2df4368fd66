package redis_test

import (
	"context"
	"log/slog"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestBus(t *testing.T) {
	t.Parallel()
	service := storetest.RedisURL(t)
	storetest.RunBus(t, func(t *testing.T) (store.Bus, func()) {
		proxy, url := storetest.NewProxy(t, service)
		return open(t, url).Bus(), proxy.Cut
	})
}

func TestSnapshotCache(t *testing.T) {
	t.Parallel()
	service := storetest.RedisURL(t)
	storetest.RunCache(t, func(t *testing.T) store.SnapshotCache { return open(t, service).SnapshotCache() })
}

func TestPing(t *testing.T) {
	t.Parallel()
	require.NoError(t, open(t, storetest.RedisURL(t)).Ping(t.Context()))
}

func TestWithoutRedis(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	client := open(t, "redis://"+listener.Addr().String()+"?max_retries=-1")

	require.ErrorIs(t, client.Ping(t.Context()), store.ErrUnavailable)
	require.ErrorIs(t, client.Bus().Announce(t.Context(), store.Announcement{}), store.ErrUnavailable)
	_, err = client.SnapshotCache().Snapshot(t.Context(), store.EnvironmentRef{})
	require.ErrorIs(t, err, store.ErrUnavailable)
	require.ErrorIs(t, client.SnapshotCache().PutSnapshot(t.Context(), evaluator.Definition{}), store.ErrUnavailable)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, client.Bus().Listen(ctx, func(store.Announcement) {}), context.Canceled)
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"redis://localhost", "rediss://user:secret@localhost:6380/3?dial_timeout=3s", "unix:///run/redis.sock?db=1",
		"redis://localhost:26379?master_name=primary&addr=other:26379", "redis+cluster://localhost:7000?addr=other:7000",
		"rediss+cluster://user:secret@localhost:7000",
	} {
		open(t, url)
	}
	for _, url := range []string{"", "localhost:6379", "http://localhost", "redis://localhost/x", "redis://:secret@local host", "redis://localhost?no_such=1"} {
		_, err := redis.Open(url, slog.New(slog.DiscardHandler))
		require.Error(t, err, "%q", url)
		require.NotContains(t, err.Error(), "secret")
	}
}

func open(t *testing.T, url string) *redis.Client {
	t.Helper()
	client, err := redis.Open(url, slog.New(slog.DiscardHandler))
	require.NoError(t, err, url)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}
