package storetest

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// RunCache runs the suite of snapshot caches. The caches that open gives may share their data.
func RunCache(t *testing.T, open func(t *testing.T) store.SnapshotCache) {
	t.Run("gives back what was put", func(t *testing.T) {
		t.Parallel()
		cache := open(t)
		for _, flags := range []int{0, 1, 2_000} {
			def := aDefinition(3, flags)
			require.NoError(t, cache.PutSnapshot(t.Context(), def))
			got, err := cache.Snapshot(t.Context(), refOf(def))
			require.NoError(t, err)
			require.Equal(t, def, got)
		}
	})

	t.Run("has nothing of what was not put", func(t *testing.T) {
		t.Parallel()
		_, err := open(t).Snapshot(t.Context(), refOf(aDefinition(1, 0)))
		require.ErrorIs(t, err, store.ErrNotFound)
	})

	t.Run("keeps the newer revision of an epoch", func(t *testing.T) {
		t.Parallel()
		cache := open(t)
		def := aDefinition(10, 1)
		require.NoError(t, cache.PutSnapshot(t.Context(), def))
		older := def
		older.Revision, older.Flags = 9, []evaluator.Flag{}
		require.NoError(t, cache.PutSnapshot(t.Context(), older), "to come late is no failure")
		got, err := cache.Snapshot(t.Context(), refOf(def))
		require.NoError(t, err)
		require.Equal(t, def, got)

		restored := older
		restored.Epoch = "after a backup"
		require.NoError(t, cache.PutSnapshot(t.Context(), restored))
		got, err = cache.Snapshot(t.Context(), refOf(def))
		require.NoError(t, err)
		require.Equal(t, restored, got, "revisions of different epochs do not compare")
	})

	t.Run("keeps the newest of many that are put at once", func(t *testing.T) {
		t.Parallel()
		cache := open(t)
		def := aDefinition(0, 1)
		const newest = 4
		var writers errgroup.Group
		for revision := int64(1); revision <= newest; revision++ {
			writers.Go(func() error {
				d := def
				d.Revision = revision
				return cache.PutSnapshot(t.Context(), d)
			})
		}
		require.NoError(t, writers.Wait())
		got, err := cache.Snapshot(t.Context(), refOf(def))
		require.NoError(t, err)
		require.EqualValues(t, newest, got.Revision)
	})
}

// aDefinition is the definition of a project that no other test has.
func aDefinition(revision int64, flags int) evaluator.Definition {
	def := evaluator.Definition{
		FormatVersion: evaluator.FormatVersion,
		Project:       rand.Text(),
		Environment:   production,
		Epoch:         "first",
		Revision:      revision,
		Flags:         []evaluator.Flag{},
		Segments:      []evaluator.Segment{},
	}
	for i := range flags {
		def.Flags = append(def.Flags, evaluator.Flag{
			Key: fmt.Sprintf(
				"flag-%d",
				i,
			),
			Version:    1,
			Type:       evaluator.TypeBoolean,
			Variations: booleanFlag("x").Variations,
			Config:     fullConfig(),
		})
	}
	return def
}

func refOf(def evaluator.Definition) store.EnvironmentRef {
	return store.EnvironmentRef{Project: def.Project, Environment: def.Environment}
}
