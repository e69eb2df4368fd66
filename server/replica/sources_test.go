package replica_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// With a bus, changes arrive before the next poll.
func TestReplicaHeedsTheBus(t *testing.T) {
	t.Parallel()
	local := &bus.Local{}
	shop := streamtest.NewShop(t, sqlite.WithBus(local))
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{Replica: replica.Options{Bus: local, Poll: time.Hour}})
	for _, on := range []bool{true, false, true} {
		server.Await(t, shop.Configure(t, "checkout", streamtest.SwitchConfig(on)))
		require.Equal(t, on, enabled(t, server.Replica, streamtest.Production, "checkout"))
	}
	staging := store.EnvironmentRef{Project: "shop", Environment: "staging"}
	_, err := shop.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: staging, Name: "Staging"}, streamtest.By())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, server.Replica.Await(ctx, staging, 1))
}

// memory is a snapshot cache that other replicas share.
type memory struct {
	mu   sync.Mutex
	defs map[store.EnvironmentRef]evaluator.Definition
}

func (m *memory) PutSnapshot(_ context.Context, def evaluator.Definition) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.defs[store.EnvironmentRef{Project: def.Project, Environment: def.Environment}] = def
	return nil
}

func (m *memory) Snapshot(_ context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if def, ok := m.defs[ref]; ok {
		return def, nil
	}
	return evaluator.Definition{}, store.ErrNotFound
}

// cut is a database that lists its environments but gives no definitions.
type cut struct{ replica.Truth }

func (cut) Definition(context.Context, store.EnvironmentRef) (evaluator.Definition, error) {
	return evaluator.Definition{}, streamtest.ErrAway
}

func TestReplicaStartsFromTheCache(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	cache := &memory{defs: make(map[store.EnvironmentRef]evaluator.Definition)}
	streamtest.Start(t, shop, streamtest.Options{Replica: replica.Options{Cache: cache}})
	require.Eventually(t, func() bool {
		_, err := cache.Snapshot(t.Context(), streamtest.Production)
		return err == nil
	}, 5*time.Second, 5*time.Millisecond)

	second := streamtest.Start(t, shop, streamtest.Options{Truth: cut{shop}, Replica: replica.Options{Cache: cache}})
	require.True(t, enabled(t, second.Replica, streamtest.Production, "checkout"))
	// The state from the cache is enough to apply patches to.
	second.Await(t, shop.Configure(t, "checkout", streamtest.SwitchConfig(false)))
	require.False(t, enabled(t, second.Replica, streamtest.Production, "checkout"))
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		require.Zero(c, second.Metric(t, "tidegate_snapshot_stale"))
	}, 5*time.Second, 5*time.Millisecond)
}

// The disk may be ahead of the cache, if the cache was lost and came back old. It may also be behind, if other
// replicas kept filling the cache.
func TestRecallPrefersTheNewer(t *testing.T) {
	t.Parallel()
	def := func(epoch string, revision int64) evaluator.Definition {
		return evaluator.Definition{
			FormatVersion: evaluator.FormatVersion, Project: "shop", Environment: "production", Epoch: epoch, Revision: revision,
		}
	}
	for name, test := range map[string]struct{ disk, cache, want evaluator.Definition }{
		"the disk":      {def("a", 5), def("a", 4), def("a", 5)},
		"the cache":     {def("a", 5), def("a", 6), def("a", 6)},
		"another epoch": {def("a", 5), def("b", 1), def("b", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, replica.RememberForTest(dir, test.disk))
			cache := &memory{defs: map[store.EnvironmentRef]evaluator.Definition{streamtest.Production: test.cache}}
			probe := replica.New(streamtest.NewSwitchboard(nil), replica.Options{Dir: dir, Cache: cache})
			got, err := replica.RecallForTest(probe, streamtest.Production)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}
