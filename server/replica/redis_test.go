package replica_test

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/sqlite"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// onRedis is a replica with its bus and cache in a Redis of its own. A proxy stands in front of that Redis.
type onRedis struct {
	shop   *streamtest.Shop
	server *streamtest.Server
	redis  *storetest.Redis
	proxy  *storetest.Proxy
	// direct does not go through the proxy.
	direct *redis.SnapshotCache
	on     bool
}

func newOnRedis(t *testing.T) *onRedis {
	t.Helper()
	o := &onRedis{redis: storetest.StartRedis(t)}
	var url string
	o.proxy, url = storetest.NewProxy(t, o.redis.URL())
	client := openRedis(t, url)
	o.direct = openRedis(t, o.redis.URL()).SnapshotCache()
	o.shop = streamtest.NewShop(t, sqlite.WithBus(client.Bus()))
	o.shop.AddFlag(t, streamtest.Switch("checkout", false))
	o.server = streamtest.Start(t, o.shop, streamtest.Options{Replica: replica.Options{
		Bus: client.Bus(), Cache: client.SnapshotCache(), Keys: o.shop, Directory: client.SnapshotCache(), Poll: 100 * time.Millisecond,
	}})
	o.requireForward(t)
	return o
}

func openRedis(t *testing.T, url string) *redis.Client {
	t.Helper()
	client, err := redis.Open(url, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// requireForward fails the test if the served revision ever decreases.
func (o *onRedis) requireForward(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	var watching sync.WaitGroup
	st, err := o.server.Replica.State(streamtest.Production)
	require.NoError(t, err)
	watching.Go(func() {
		for {
			select {
			case <-st.Superseded():
			case <-done:
				return
			}
			next, err := o.server.Replica.State(streamtest.Production)
			if !assert.NoError(t, err) || !assert.Greater(t, next.Snapshot.Revision(), st.Snapshot.Revision()) {
				return
			}
			st = next
		}
	})
	t.Cleanup(func() {
		close(done)
		watching.Wait()
	})
}

// flip changes the flag and waits until the replica evaluates with the change.
func (o *onRedis) flip(t *testing.T) int64 {
	t.Helper()
	o.on = !o.on
	revision := o.shop.Configure(t, "checkout", streamtest.SwitchConfig(o.on))
	o.server.Await(t, revision)
	require.Equal(t, o.on, enabled(t, o.server.Replica, streamtest.Production, "checkout"))
	return revision
}

// requireCached waits until Redis has the snapshot of the revision, or of a later one, and the key.
func (o *onRedis) requireCached(t *testing.T, revision int64) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		def, err := o.direct.Snapshot(t.Context(), streamtest.Production)
		require.NoError(c, err)
		require.GreaterOrEqual(c, def.Revision, revision)
		directory, err := o.direct.Directory(t.Context())
		require.NoError(c, err)
		require.Equal(c, []store.EnvironmentRef{streamtest.Production}, directory.Environments)
		require.Len(c, directory.SDKKeys, 2)
	}, 20*time.Second, 20*time.Millisecond)
}

func TestReplicaOutlivesItsRedis(t *testing.T) {
	t.Parallel()
	o := newOnRedis(t)
	o.requireCached(t, o.flip(t))
	o.redis.Kill(t)
	revision := o.flip(t)
	o.redis.Start(t)
	o.requireCached(t, revision) // a Redis that comes back empty is filled although nothing changes
	o.flip(t)
}

func TestReplicaOutlivesARedisThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	o := newOnRedis(t)
	o.requireCached(t, o.flip(t))
	o.proxy.Stall(true)
	for range 3 {
		o.flip(t)
	}
	o.proxy.Stall(false)
	o.requireCached(t, o.flip(t))
}

func TestRedisWithOlderDataIsOvertaken(t *testing.T) {
	t.Parallel()
	o := newOnRedis(t)
	revision := o.flip(t)
	o.requireCached(t, revision)
	old, err := o.direct.Snapshot(t.Context(), streamtest.Production)
	require.NoError(t, err)

	o.proxy.SetAway(true)
	revision = o.flip(t)
	o.redis.Kill(t)
	o.redis.Start(t)
	require.NoError(t, o.direct.PutSnapshot(t.Context(), old), "as from an old backup of Redis, or a failover to a replica that was behind")
	require.NoError(t, o.direct.PutDirectory(t.Context(), store.Directory{Epoch: old.Epoch, Revision: 1}))
	o.proxy.SetAway(false)
	o.requireCached(t, revision)
}
