package redis_test

import (
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// leastRights are the rights of a user that may do what Tidegate needs and nothing else. The user may not use EVAL or
// KEYS, and may use only Tidegate's keys. docs/operations.md has these rights for operators.
const leastRights = "~tidegate:v1:* &tidegate:v1:changes -@all +hello +auth +select +ping +hmget +hset +hsetnx +hget +hgetall +hdel +zadd +zrem +zremrangebyscore +zcard +zrange +pexpire +watch +unwatch +multi +exec +publish +subscribe +unsubscribe"

// inCluster are the rights that clients of a cluster need in addition.
const inCluster = "+cluster|slots"

// asksSentinels are the rights of a user of a sentinel. The user may ask for the primary and hear of a new primary.
const asksSentinels = "&* -@all +hello +auth +ping +subscribe +sentinel|get-master-addr-by-name +sentinel|sentinels"

func TestUserWithTheLeastRights(t *testing.T) {
	t.Parallel()
	settings := append([]string{"--user", "default", "off", "--user", "tidegate", "on", ">secret"}, strings.Fields(leastRights)...)
	server := storetest.StartRedis(t, settings...)
	url := "redis://tidegate:secret@" + server.Addr
	client := open(t, url)
	require.NoError(t, client.Ping(t.Context()))

	cache := client.SnapshotCache()
	ref := store.EnvironmentRef{Project: "shop", Environment: "production"}
	def := evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: ref.Project, Environment: ref.Environment, Epoch: "e", Revision: 1,
	}
	require.NoError(t, cache.PutSnapshot(t.Context(), def))
	got, err := cache.Snapshot(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, def, got)
	require.NoError(t, cache.PutDirectory(t.Context(), store.Directory{Epoch: "e", Revision: 1}))
	_, err = cache.Directory(t.Context())
	require.NoError(t, err)
	for _, allowed := range []bool{true, false} {
		ok, _, err := client.RateLimits().Allow(t.Context(), "somebody", 1, time.Minute, time.Now())
		require.NoError(t, err)
		require.Equal(t, allowed, ok)
	}

	instance := store.Instance{EnvironmentRef: ref, Service: "shop", InstanceID: "1"}
	require.NoError(t, client.Instances().PutInstances(t.Context(), []store.Instance{instance}, time.Now()))
	_, _, err = client.Instances().CachedInstances(t.Context(), ref, time.Now().Add(-store.PresenceTTL), time.Now())
	require.NoError(t, err)

	t.Run("on the bus", func(t *testing.T) {
		storetest.RunBus(t, func(t *testing.T) (store.Bus, func()) {
			proxy, through := storetest.NewProxy(t, url)
			return open(t, through).Bus(), proxy.Cut
		})
	})

	stranger, err := redis.Open("redis://tidegate:wrong@"+server.Addr, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stranger.Close()) })
	err = stranger.Ping(t.Context())
	require.ErrorContains(t, err, "WRONGPASS")
}

func TestLeastRightsAreDocumented(t *testing.T) {
	t.Parallel()
	documented, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	require.Contains(t, string(documented), leastRights)
	require.Contains(t, string(documented), inCluster)
	require.Contains(t, string(documented), asksSentinels)
}
