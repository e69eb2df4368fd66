package redis_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestInstances(t *testing.T) {
	t.Parallel()
	cache := open(t, storetest.StartRedis(t).URL()).Instances()
	ref := store.EnvironmentRef{Project: "shop", Environment: "production"}
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	instance := func(id string, seen time.Time) store.Instance {
		return store.Instance{
			EnvironmentRef: ref, Service: "checkout", InstanceID: id, Version: "2.3.0", StartedAt: now.Add(-time.Hour), SeenAt: seen,
			Revision: 7, Shadow: id == "shadow",
		}
	}
	list := func(now time.Time) (instances []store.Instance, complete bool) {
		instances, complete, err := cache.CachedInstances(t.Context(), ref, now.Add(-store.PresenceTTL), now)
		require.NoError(t, err)
		return instances, complete
	}

	found, complete := list(now)
	require.Empty(t, found)
	require.False(t, complete, "it may just have lost what it held")
	later := now.Add(store.PresenceTTL)
	elsewhere := instance("elsewhere", later)
	elsewhere.Environment = "staging"
	require.NoError(t, cache.PutInstances(t.Context(), []store.Instance{
		instance("a", later), instance("shadow", later), instance("old", now.Add(-time.Second)), elsewhere,
	}, later))
	found, complete = list(later)
	require.ElementsMatch(t, []store.Instance{instance("a", later), instance("shadow", later)}, found)
	require.True(t, complete)

	replaced := instance("a", later.Add(time.Second))
	replaced.Version = "2.4.0"
	require.NoError(t, cache.PutInstances(t.Context(), []store.Instance{replaced}, later))
	found, _ = list(later.Add(time.Second))
	require.ElementsMatch(t, []store.Instance{replaced, instance("shadow", later)}, found)

	found, complete = list(later.Add(time.Hour))
	require.Empty(t, found, "everybody has expired")
	require.True(t, complete)
	found, _ = list(later)
	require.Empty(t, found, "and was swept away")
}
