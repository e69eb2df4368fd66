package replica_test

import (
	"context"
	"encoding/json"
	"strings"
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

// refused is how many snapshots the replica has refused for the reason.
func refused(t testing.TB, server *streamtest.Server, reason string) float64 {
	t.Helper()
	families, err := server.Metrics.Gather()
	require.NoError(t, err)
	sum := 0.0
	for _, family := range families {
		if family.GetName() != "tidegate_snapshot_refused_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				if label.GetName() == "reason" && label.GetValue() == reason {
					sum += m.GetCounter().GetValue()
				}
			}
		}
	}
	return sum
}

func TestReplicaRefusesAnOversizedChange(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	server := streamtest.Start(t, shop, streamtest.Options{Replica: replica.Options{MaxSnapshot: 4096}})
	before, err := server.Replica.State(streamtest.Production)
	require.NoError(t, err)

	shop.AddFlag(t, streamtest.Fixed("huge", evaluator.TypeString, `"`+strings.Repeat("x", 8192)+`"`))
	require.Eventually(t, func() bool { return refused(t, server, "size") > 0 }, 5*time.Second, 5*time.Millisecond)
	after, err := server.Replica.State(streamtest.Production)
	require.NoError(t, err)
	require.Same(t, before, after, "the one before goes on serving")
	require.Contains(t, server.Replica.Statuses()[0].Problem, "snapshot too large")

	require.NoError(t, shop.ArchiveFlag(t.Context(), "shop", "huge", store.AnyVersion, streamtest.By()))
	server.Await(t, shop.Configure(t, "checkout", streamtest.SwitchConfig(false)))
	require.False(t, enabled(t, server.Replica, streamtest.Production, "checkout"), "and follows again once it fits")
}

// The size of what a patch replaces is not counted for ever.
func TestManySmallChangesAreNotTooLarge(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{Replica: replica.Options{MaxSnapshot: 2048}})
	for i := range 12 {
		server.Await(t, shop.Configure(t, "checkout", streamtest.SwitchConfig(i%2 == 0)))
	}
	require.Zero(t, refused(t, server, "size"))
}

func TestReplicaWithNothingButAnOversizedSnapshotIsNotReady(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	server := streamtest.Launch(t, shop, streamtest.Options{Replica: replica.Options{MaxSnapshot: 64}})
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		require.ErrorContains(c, server.Replica.Ready(), "snapshot too large")
	}, 5*time.Second, 5*time.Millisecond)
	_, err := server.Replica.State(streamtest.Production)
	require.ErrorIs(t, err, replica.ErrNotReady, "empty is never a valid state")
}

// newer is a database whose patches are in a format that this version cannot read.
type newer struct {
	replica.Truth
	on atomic.Bool
}

func (n *newer) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	patch, err := n.Truth.Patch(ctx, ref, from)
	if n.on.Load() {
		patch.FormatVersion++
	}
	return patch, err
}

func TestReplicaRefusesAPatchOfANewerFormat(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	truth := &newer{Truth: shop}
	server := streamtest.Start(t, shop, streamtest.Options{Truth: truth})
	truth.on.Store(true)
	revision := shop.Configure(t, "checkout", streamtest.SwitchConfig(false))
	require.Eventually(t, func() bool { return refused(t, server, "format") > 0 }, 5*time.Second, 5*time.Millisecond)
	require.True(t, enabled(t, server.Replica, streamtest.Production, "checkout"))

	truth.on.Store(false)
	server.Await(t, revision)
}

// If either the cache or the disk cannot be used, the replica still uses the other.
func TestReplicaStartsFromWhicheverMemoryIsGood(t *testing.T) {
	t.Parallel()
	good := evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: "shop", Environment: "production", Epoch: "a", Revision: 5,
		Flags: []evaluator.Flag{streamtest.Switch("checkout", true)},
	}
	format := good
	format.FormatVersion, format.Revision = evaluator.FormatVersion+1, 9
	large := good
	large.Revision = 9
	large.Flags = append(large.Flags, streamtest.Fixed("huge", evaluator.TypeString, `"`+strings.Repeat("x", 8192)+`"`))
	for name, bad := range map[string]evaluator.Definition{"format": format, "size": large} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop := streamtest.NewShop(t)
			dir := t.TempDir()
			require.NoError(t, replica.RememberForTest(dir, good))
			cache := &memory{defs: map[store.EnvironmentRef]evaluator.Definition{streamtest.Production: bad}}
			server := streamtest.Start(t, shop, streamtest.Options{
				Truth: streamtest.NewSwitchboard(nil), Replica: replica.Options{Dir: dir, Cache: cache, MaxSnapshot: 4096},
			})
			require.True(t, enabled(t, server.Replica, streamtest.Production, "checkout"))
			require.EqualValues(t, 1, refused(t, server, name))
		})
	}
}

// A damaged snapshot in the cache or on the disk is counted for an alert too, and nothing is served in its place.
func TestReplicaRefusesADamagedMemory(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, reason string }{
		"cut off":   {`{"formatVersion": 1, "project": "shop", "flags": [`, "invalid"},
		"oversized": {`"` + strings.Repeat("x", 8192) + `"`, "size"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, replica.WriteForTest(dir, streamtest.Production, []byte(test.file)))
			server := streamtest.Launch(t, streamtest.NewShop(t), streamtest.Options{
				Truth: streamtest.NewSwitchboard(nil), Replica: replica.Options{Dir: dir, MaxSnapshot: 4096},
			})
			require.Eventually(t, func() bool { return refused(t, server, test.reason) > 0 }, 10*time.Second, 5*time.Millisecond)
			_, err := server.Replica.State(streamtest.Production)
			require.ErrorIs(t, err, replica.ErrNotReady)
		})
	}
}

func TestReplicaDoesNotReadAnOversizedFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, err := json.Marshal(strings.Repeat("x", 8192))
	require.NoError(t, err)
	require.NoError(t, replica.WriteForTest(dir, streamtest.Production, data))
	probe := replica.New(streamtest.NewSwitchboard(nil), replica.Options{Dir: dir, MaxSnapshot: 4096})
	_, err = replica.RecallForTest(probe, streamtest.Production)
	require.ErrorContains(t, err, "snapshot too large")
}
