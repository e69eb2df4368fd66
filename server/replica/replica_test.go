package replica_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

// enabled is what the replica serves for a boolean flag.
func enabled(t testing.TB, r *replica.Replica, ref store.EnvironmentRef, flag string) bool {
	t.Helper()
	s, err := r.Snapshot(ref)
	require.NoError(t, err)
	c := evaluator.NewContext("user-1")
	value, _ := s.Evaluate(flag, &c).Bool(false)
	return value
}

func TestReplicaFollowsTheStore(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})
	require.False(t, enabled(t, server.Replica, streamtest.Production, "checkout"))

	server.Await(t, shop.Configure(t, "checkout", streamtest.SwitchConfig(true)))
	require.True(t, enabled(t, server.Replica, streamtest.Production, "checkout"))

	require.NoError(t, shop.ArchiveFlag(t.Context(), "shop", "checkout", store.AnyVersion, streamtest.By()))
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		s, err := server.Replica.Snapshot(streamtest.Production)
		require.NoError(c, err)
		require.Zero(c, s.Len(), "an archived flag is gone")
	}, 5*time.Second, 5*time.Millisecond)
}

func TestReplicaFindsNewEnvironments(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})

	staging := store.EnvironmentRef{Project: "shop", Environment: "staging"}
	_, err := server.Replica.Snapshot(staging)
	require.ErrorIs(t, err, replica.ErrNotReady, "empty is never a valid state")

	_, err = shop.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: staging, Name: "Staging"}, streamtest.By())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, server.Replica.Await(ctx, staging, 1))
	s, err := server.Replica.Snapshot(staging)
	require.NoError(t, err)
	require.Equal(t, 1, s.Len())
}

func TestReplicaIsNotReadyWithoutData(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	board := streamtest.NewSwitchboard(nil)
	server := streamtest.Launch(t, shop, streamtest.Options{Truth: board})

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		err := server.Replica.Ready()
		require.ErrorIs(c, err, replica.ErrNotReady)
		require.ErrorContains(c, err, streamtest.ErrAway.Error(), "readiness says why")
	}, 5*time.Second, 5*time.Millisecond)

	board.Connect(shop)
	require.EventuallyWithT(t, func(c *assert.CollectT) { require.NoError(c, server.Replica.Ready()) }, 5*time.Second, 5*time.Millisecond)
}

func TestReplicaServesWhatItKnowsWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	board := streamtest.NewSwitchboard(shop)
	server := streamtest.Start(t, shop, streamtest.Options{Truth: board})

	board.Connect(nil)
	revision := shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, server.Replica.Await(ctx, streamtest.Production, revision), context.DeadlineExceeded)
	require.NoError(t, server.Replica.Ready())
	require.False(t, enabled(t, server.Replica, streamtest.Production, "checkout"))

	board.Connect(shop)
	server.Await(t, revision)
	require.True(t, enabled(t, server.Replica, streamtest.Production, "checkout"))
}

func TestReplicaStartsFromDiskWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	dir := t.TempDir()
	first := streamtest.Start(t, shop, streamtest.Options{Replica: replica.Options{Dir: dir}})
	known, err := first.Replica.Snapshot(streamtest.Production)
	require.NoError(t, err)
	first.Stop()
	probe := replica.New(streamtest.NewSwitchboard(nil), replica.Options{Dir: dir})
	remembered, err := replica.RecallForTest(probe, streamtest.Production)
	require.NoError(t, err)
	require.Equal(t, known.Revision(), remembered.Revision, "a server that stops saves what it has not saved yet")

	board := streamtest.NewSwitchboard(nil)
	second := streamtest.Start(t, shop, streamtest.Options{Truth: board, Replica: replica.Options{Dir: dir}})
	require.True(t, enabled(t, second.Replica, streamtest.Production, "checkout"))
	status := second.Replica.Statuses()
	require.Len(t, status, 1)
	require.True(t, status[0].Stale)

	board.Connect(shop)
	second.Await(t, shop.Configure(t, "checkout", streamtest.SwitchConfig(false)))
	require.False(t, enabled(t, second.Replica, streamtest.Production, "checkout"))
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		require.False(c, second.Replica.Statuses()[0].Stale)
	}, 5*time.Second, 5*time.Millisecond)
}

// A database that was restored from a backup has a new epoch. The replica serves it, whatever its revision is.
func TestReplicaTakesOverAnotherEpoch(t *testing.T) {
	t.Parallel()
	before, restored := streamtest.NewShop(t), streamtest.NewShop(t)
	for _, shop := range []*streamtest.Shop{before, restored} {
		shop.AddFlag(t, streamtest.Switch("checkout", false))
	}
	for range 5 {
		before.Configure(t, "checkout", streamtest.SwitchConfig(true))
	}
	board := streamtest.NewSwitchboard(before)
	server := streamtest.Start(t, before, streamtest.Options{Truth: board})
	require.True(t, enabled(t, server.Replica, streamtest.Production, "checkout"))

	board.Connect(restored)
	cursor, err := restored.Cursor(t.Context(), streamtest.Production)
	require.NoError(t, err)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		st, err := server.Replica.State(streamtest.Production)
		require.NoError(c, err)
		require.Equal(c, cursor, st.Cursor())
	}, 5*time.Second, 5*time.Millisecond)
	require.False(t, enabled(t, server.Replica, streamtest.Production, "checkout"))
}

// lagging is a database that has gone back to an earlier revision without saying so.
type lagging struct {
	replica.Truth
	behind atomic.Bool
	asked  atomic.Int64
}

func (l *lagging) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	list, err := l.Truth.ListEnvironments(ctx, project)
	for i := range list {
		if l.behind.Load() {
			list[i].Revision = 1
		}
	}
	return list, err
}

func (l *lagging) Cursor(ctx context.Context, ref store.EnvironmentRef) (store.Cursor, error) {
	cursor, err := l.Truth.Cursor(ctx, ref)
	if l.behind.Load() {
		cursor.Revision = 1
	}
	return cursor, err
}

func (l *lagging) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	if l.behind.Load() {
		l.asked.Add(1)
		return evaluator.Patch{}, store.ErrNotFound
	}
	return l.Truth.Patch(ctx, ref, from)
}

// TestReplicaForgetsWhatTheBackupDidNotHave replaces a database by another one that has one environment less.
func TestReplicaForgetsWhatTheBackupDidNotHave(t *testing.T) {
	t.Parallel()
	before, restored := streamtest.NewShop(t), streamtest.NewShop(t)
	preview := store.EnvironmentRef{Project: "shop", Environment: "preview"}
	_, err := before.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: preview, Name: "Preview"}, streamtest.By())
	require.NoError(t, err)
	dir := t.TempDir()
	truth := streamtest.NewSwitchboard(before)
	server := streamtest.Start(t, before, streamtest.Options{Truth: truth, Replica: replica.Options{Dir: dir}})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, server.Replica.Await(ctx, preview, 1))
	probe := replica.New(streamtest.NewSwitchboard(nil), replica.Options{Dir: dir})
	remembered := func() error {
		_, err := replica.RecallForTest(probe, preview)
		return err
	}
	require.Eventually(t, func() bool { return remembered() == nil }, 10*time.Second, 5*time.Millisecond)

	truth.Connect(restored)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		_, err := server.Replica.State(preview)
		require.ErrorIs(c, err, replica.ErrNotReady)
		require.ErrorIs(c, remembered(), store.ErrNotFound)
		require.NoError(c, server.Replica.Ready())
	}, 10*time.Second, 5*time.Millisecond)

	truth.Connect(before)
	require.NoError(t, server.Replica.Await(ctx, preview, 1), "it may come again")
}

// forgetful is a database that does not list an environment which it has.
type forgetful struct {
	replica.Truth
	on atomic.Bool
}

func (f *forgetful) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	listed, err := f.Truth.ListEnvironments(ctx, project)
	if err == nil && f.on.Load() {
		listed = listed[:1]
	}
	return listed, err
}

func TestReplicaForgetsNothingWithinAnEpoch(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	for _, name := range []string{"preview", "staging"} {
		_, err := shop.CreateEnvironment(t.Context(),
			store.Environment{EnvironmentRef: store.EnvironmentRef{Project: "shop", Environment: name}, Name: name}, streamtest.By())
		require.NoError(t, err)
	}
	truth := &forgetful{Truth: shop}
	server := streamtest.Start(t, shop, streamtest.Options{Truth: truth})
	truth.on.Store(true)
	listed := func() time.Time { return server.Replica.Statuses()[0].AgreedAt }
	for range 2 { // the first may have asked before
		polled := listed()
		require.Eventually(t, func() bool { return listed().After(polled) }, 10*time.Second, time.Millisecond)
	}
	require.Len(t, server.Replica.Statuses(), 3)
}

func TestReplicaNeverGoesBackWithinAnEpoch(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	truth := &lagging{Truth: shop}
	server := streamtest.Start(t, shop, streamtest.Options{Truth: truth})
	st, err := server.Replica.State(streamtest.Production)
	require.NoError(t, err)

	truth.behind.Store(true)
	require.Eventually(t, func() bool { return truth.asked.Load() >= 3 }, 5*time.Second, 5*time.Millisecond)
	now, err := server.Replica.State(streamtest.Production)
	require.NoError(t, err)
	require.Same(t, st, now)
}

// broken is a database in which one flag does not compile.
type broken struct{ replica.Truth }

func (b broken) Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	def, err := b.Truth.Definition(ctx, ref)
	for i := range def.Flags {
		if def.Flags[i].Key == "broken" {
			def.Flags[i].Config.Fallthrough = evaluator.Serve{Variation: "no-such"}
		}
	}
	return def, err
}

func TestReplicaKeepsOneBadFlagOut(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("broken", true))
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	server := streamtest.Start(t, shop, streamtest.Options{Truth: broken{shop}})
	require.True(t, enabled(t, server.Replica, streamtest.Production, "checkout"))
	s, err := server.Replica.Snapshot(streamtest.Production)
	require.NoError(t, err)
	c := evaluator.NewContext("user-1")
	require.Equal(t, evaluator.ErrorParseError, s.Evaluate("broken", &c).ErrorCode)
}

func TestReplicaSurvivesADamagedFile(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	dir := t.TempDir()
	require.NoError(t, replica.WriteForTest(dir, streamtest.Production, []byte(`{"formatVersion":`)))
	board := streamtest.NewSwitchboard(nil)
	server := streamtest.Launch(t, shop, streamtest.Options{Truth: board, Replica: replica.Options{Dir: dir}})
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		require.ErrorContains(c, server.Replica.Ready(), "shop/production")
	}, 5*time.Second, 5*time.Millisecond)
	board.Connect(shop)
	require.EventuallyWithT(t, func(c *assert.CollectT) { require.NoError(c, server.Replica.Ready()) }, 10*time.Second, 5*time.Millisecond)
}
