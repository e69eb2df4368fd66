package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

func testChanges(t *testing.T, open opener) {
	s := setup(t, open)
	createFlag(t, s, "a")                                                                                     // 2
	createFlag(t, s, "b")                                                                                     // 3
	_, err := s.UpdateFlagConfig(t.Context(), flagIn(inStaging, "a"), fullConfig(), store.AnyVersion, ada(2)) // 4
	require.NoError(t, err)
	_, err = s.UpdateFlagConfig(t.Context(), flagIn(inStaging, "b"), fullConfig(), store.AnyVersion, ada(3)) // 5
	require.NoError(t, err)

	page := func(ref store.EnvironmentRef, filter store.ChangeFilter) (revisions []int64) {
		changes, err := s.ListChanges(t.Context(), ref, filter)
		require.NoError(t, err)
		require.NotNil(t, changes)
		for _, c := range changes {
			require.Equal(t, ref, c.EnvironmentRef)
			revisions = append(revisions, c.Revision)
		}
		return revisions
	}
	require.Equal(t, []int64{5, 4, 3, 2, 1}, page(inStaging, store.ChangeFilter{}))
	require.Equal(t, []int64{5, 4}, page(inStaging, store.ChangeFilter{Limit: 2}))
	require.Equal(t, []int64{3, 2}, page(inStaging, store.ChangeFilter{Before: 4, Limit: 2}))
	require.Equal(t, []int64{4, 2}, page(inStaging, store.ChangeFilter{Key: "a"}))
	require.Equal(t, []int64{5, 4}, page(inStaging, store.ChangeFilter{Kind: store.ChangeFlagConfig}))
	require.Equal(t, []int64{3}, page(inStaging, store.ChangeFilter{Kind: store.ChangeFlag, Key: "b"}))
	require.Equal(t, []int64{3, 2, 1}, page(inProduction, store.ChangeFilter{}))
	require.Empty(t, page(nowhere, store.ChangeFilter{}))

	subjects := func(ref store.EnvironmentRef, after int64, limit int) []store.Subject {
		list, err := s.ListSubjects(t.Context(), ref, after, limit)
		require.NoError(t, err)
		return list
	}
	require.Equal(t, []store.Subject{
		{Revision: 3, Kind: store.ChangeFlag, Key: "b"}, {Revision: 4, Kind: store.ChangeFlagConfig, Key: "a"},
	}, subjects(inStaging, 2, 2))
	require.Len(t, subjects(inStaging, 0, 100), 5)
	require.Empty(t, subjects(inStaging, 5, 100))
	require.Empty(t, subjects(nowhere, 0, 100))
}

func testDefinition(t *testing.T, open opener) {
	t.Run("holds the flags and segments of the environment", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "b")
		createFlag(t, s, "a")
		createFlag(t, s, "gone")
		require.NoError(t, s.ArchiveFlag(t.Context(), shop, "gone", 1, ada(2)))
		_, err := s.CreateSegment(
			t.Context(),
			store.Segment{Project: shop, Key: "staff", Excluded: []string{"x"}},
			ada(3),
		)
		require.NoError(t, err)
		_, err = s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "a"), fullConfig(), 1, ada(4))
		require.NoError(t, err)
		require.NoError(t, s.SetFleetLatch(t.Context(), flagIn(inProduction, "a"), release.Latch{Open: true}, ada(5)))

		definition, err := s.Definition(t.Context(), inProduction)
		require.NoError(t, err)
		cursor, err := s.Cursor(t.Context(), inProduction)
		require.NoError(t, err)
		require.NotEmpty(t, cursor.Epoch)
		require.Equal(t, evaluator.Definition{
			FormatVersion: evaluator.FormatVersion,
			Project:       shop,
			Environment:   production,
			Epoch:         cursor.Epoch,
			Revision:      8,
			Flags: []evaluator.Flag{
				{
					Key:        "a",
					Version:    8,
					Type:       evaluator.TypeBoolean,
					Variations: booleanFlag("a").Variations,
					Config:     fullConfig(),
					FleetOpen:  true,
				},
				{
					Key:        "b",
					Version:    2,
					Type:       evaluator.TypeBoolean,
					Variations: booleanFlag("b").Variations,
					Config:     offConfig(),
				},
			},
			Segments: []evaluator.Segment{
				{
					Key:      "staff",
					Version:  6,
					Included: []string{},
					Excluded: []string{"x"},
					Rules:    []evaluator.SegmentRule{},
				},
			},
		}, definition)
	})

	t.Run("of an empty environment has no flags", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		definition, err := s.Definition(t.Context(), inStaging)
		require.NoError(t, err)
		require.Equal(t, []evaluator.Flag{}, definition.Flags)
		require.Equal(t, []evaluator.Segment{}, definition.Segments)
	})

	t.Run("is patched by what changed, with tombstones", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "a")
		createFlag(t, s, "b")
		from := revision(t, s, inStaging)
		patch, err := s.Patch(t.Context(), inStaging, from)
		require.NoError(t, err)
		cursor, err := s.Cursor(t.Context(), inStaging)
		require.NoError(t, err)
		require.Equal(t, evaluator.Patch{
			FormatVersion: evaluator.FormatVersion, Epoch: cursor.Epoch, From: from, Revision: from,
			Flags: []evaluator.Flag{}, Segments: []evaluator.Segment{},
		}, patch)

		require.NoError(t, s.ArchiveFlag(t.Context(), shop, "a", 1, ada(2)))
		_, err = s.CreateSegment(t.Context(), store.Segment{Project: shop, Key: "staff"}, ada(2))
		require.NoError(t, err)
		require.NoError(t, s.ArchiveSegment(t.Context(), shop, "staff", 1, ada(3)))
		patch, err = s.Patch(t.Context(), inStaging, from)
		require.NoError(t, err)
		require.Equal(t, from+3, patch.Revision)
		require.Empty(t, patch.Flags)
		require.Equal(t, []string{"a"}, patch.RemovedFlags)
		require.Equal(t, []string{"staff"}, patch.RemovedSegments)

		_, err = s.Patch(t.Context(), inStaging, patch.Revision+1)
		require.ErrorIs(t, err, store.ErrNotFound)
	})

	t.Run("and patches give the newest definition", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		rapid.Check(t, func(rt *rapid.T) { checkPatches(t, rt, s) })
	})
}

// checkPatches makes a random history, beginning at the present state of the store. It follows the history with
// patches, some of which skip revisions. It also asks for the definition that a new reader gets.
func checkPatches(t *testing.T, rt *rapid.T, s store.Store) {
	followed, err := s.Definition(t.Context(), inProduction)
	require.NoError(rt, err)
	keys := rapid.SampledFrom([]string{"a", "b", "c", "d", "e"})
	steps := rapid.SliceOfN(rapid.IntRange(0, len(writes())-1), 1, 12).Draw(rt, "writes")
	for _, step := range steps {
		err := writes()[step](t, s, keys.Draw(rt, "key"))
		if err != nil {
			require.True(rt, isRefusal(err), "unexpected error: %v", err)
		}
		if rapid.Bool().Draw(rt, "follow") {
			followed = follow(t, rt, s, followed)
		}
	}
	newest, err := s.Definition(t.Context(), inProduction)
	require.NoError(rt, err)
	require.Equal(rt, newest, follow(t, rt, s, followed))
}

func follow(t *testing.T, rt *rapid.T, s store.Store, d evaluator.Definition) evaluator.Definition {
	patch, err := s.Patch(t.Context(), inProduction, d.Revision)
	require.NoError(rt, err)
	require.Equal(rt, d.Epoch, patch.Epoch)
	return patched(d, patch)
}
