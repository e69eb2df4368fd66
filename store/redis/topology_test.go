package redis_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// patience is how long a test waits for something that must happen, such as a failover on a busy machine.
const patience = 90 * time.Second

func TestCluster(t *testing.T) {
	t.Parallel()
	settings := append([]string{"--user", "tidegate", "on", ">secret"}, strings.Fields(leastRights+" "+inCluster)...)
	address, nodes := storetest.StartRedisCluster(t, settings...)
	url := "redis+cluster://tidegate:secret@" + address
	t.Run("cache", func(t *testing.T) {
		storetest.RunCache(t, func(t *testing.T) store.SnapshotCache { return open(t, url).SnapshotCache() })
	})
	t.Run("bus", func(t *testing.T) {
		storetest.RunBus(t, func(t *testing.T) (store.Bus, func()) { return open(t, url).Bus(), nil })
	})
	t.Run("the rest", func(t *testing.T) {
		client, now := open(t, url), time.Now()
		var instances []store.Instance
		for _, environment := range []string{"development", "staging", "production"} {
			ref := store.EnvironmentRef{Project: "shop", Environment: environment}
			instances = append(instances, store.Instance{EnvironmentRef: ref, Service: "web", InstanceID: "1", StartedAt: now, SeenAt: now})
		}
		require.NoError(t, client.Instances().PutInstances(t.Context(), instances, now))
		for _, i := range instances {
			found, _, err := client.Instances().CachedInstances(t.Context(), i.EnvironmentRef, now.Add(-time.Minute), now)
			require.NoError(t, err)
			require.Len(t, found, 1)
		}
		_, _, err := client.RateLimits().Allow(t.Context(), "somebody", 1, time.Minute, now)
		require.NoError(t, err)
		require.NoError(t, client.SnapshotCache().PutDirectory(t.Context(), store.Directory{Epoch: "e", Revision: 1}))
		_, err = client.SnapshotCache().Directory(t.Context())
		require.NoError(t, err)
		_, err = client.Diagnose(t.Context())
		require.NoError(t, err)
	})
	t.Run("a node that is lost", func(t *testing.T) {
		cache := open(t, url).SnapshotCache()
		nodes[2].Kill(t)
		lost := 0
		for _, project := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			if err := cache.PutSnapshot(t.Context(), definitionAt(project, 1)); err != nil {
				require.ErrorIs(t, err, store.ErrUnavailable)
				lost++
			}
		}
		require.NotZero(t, lost, "one of the keys lies there")
	})
}

// A sentinel makes the replica the primary when the primary dies. Clients that were open before still work: the
// cached data is there, older writes are still recognised, and announcements arrive again.
func TestSentinelFailover(t *testing.T) {
	t.Parallel()
	servers := storetest.StartSentinels(t)
	client := open(t, servers.URL())
	cache, known := client.SnapshotCache(), definitionAt("shop", 5)
	require.NoError(t, cache.PutSnapshot(t.Context(), known))
	replica := open(t, servers.Replica.URL()).SnapshotCache()
	require.Eventually(t, func() bool { return revisionIn(t, replica) == 5 }, patience, 10*time.Millisecond, "not replicated")
	hearing := hear(t, open(t, servers.URL()).Bus())
	hearing.requireHeard(t, client.Bus())

	servers.Primary.Kill(t)
	require.Eventually(t, func() bool {
		err := cache.PutSnapshot(t.Context(), definitionAt("shop", 6))
		if err != nil {
			require.ErrorIs(t, err, store.ErrUnavailable)
		}
		return err == nil
	}, patience, 50*time.Millisecond, "no new primary")
	require.NoError(t, cache.PutSnapshot(t.Context(), known))
	require.EqualValues(t, 6, revisionIn(t, cache), "the older came later")
	hearing.requireHeard(t, client.Bus())
}

// The sentinel has users of its own, and so have the servers that it watches.
func TestSentinelWithUsers(t *testing.T) {
	t.Parallel()
	servers := storetest.StartGuardedSentinels(t, asksSentinels, leastRights)
	cache := open(t, servers.URL()).SnapshotCache()
	require.NoError(t, cache.PutSnapshot(t.Context(), definitionAt("shop", 5)))
	require.EqualValues(t, 5, revisionIn(t, cache))
	hearing := hear(t, open(t, servers.URL()).Bus())
	hearing.requireHeard(t, open(t, servers.URL()).Bus())

	for name, parts := range map[string][2]string{
		"of the sentinel": {"watcher:watching@", "watcher:wrong@"},
		"of Redis":        {"password=secret", "password=wrong"},
	} {
		wrong := strings.Replace(servers.URL(), parts[0], parts[1], 1)
		require.NotEqual(t, servers.URL(), wrong)
		require.Error(t, open(t, wrong).Ping(t.Context()), "a wrong password %s", name)
	}
}

func definitionAt(project string, revision int64) evaluator.Definition {
	return evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: project, Environment: "production", Epoch: "e", Revision: revision,
	}
}

// revisionIn is the revision of the shop in the cache. It is 0 if there is none.
func revisionIn(t *testing.T, cache *redis.SnapshotCache) int64 {
	t.Helper()
	def, err := cache.Snapshot(t.Context(), store.EnvironmentRef{Project: "shop", Environment: "production"})
	if err != nil {
		require.ErrorIs(t, err, store.ErrNotFound)
	}
	return def.Revision
}

// hearer listens on a bus until the end of the test.
type hearer struct {
	heard chan store.Announcement
	last  int64
}

func hear(t *testing.T, bus *redis.Bus) *hearer {
	t.Helper()
	h := &hearer{heard: make(chan store.Announcement, 100)}
	ctx, cancel := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	listening.Go(func() {
		// The error is that of ctx.
		_ = bus.Listen(ctx, func(a store.Announcement) {
			select {
			case h.heard <- a:
			case <-ctx.Done():
			}
		})
	})
	t.Cleanup(func() {
		cancel()
		listening.Wait()
	})
	return h
}

// requireHeard announces on the bus again and again, until one of these announcements is heard.
func (h *hearer) requireHeard(t *testing.T, by *redis.Bus) {
	t.Helper()
	first := h.last + 1
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case a := <-h.heard:
			if a.Revision >= first {
				return
			}
		case <-again.C:
			h.last++
			// An announcement that cannot be sent is sent again.
			_ = by.Announce(ctx, store.Announcement{Revision: h.last})
		case <-ctx.Done():
			require.FailNow(t, "nothing was heard")
		}
	}
}
