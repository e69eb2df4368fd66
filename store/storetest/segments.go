package storetest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

func testSegments(t *testing.T, open opener) {
	full := store.Segment{
		Project:     shop,
		Key:         "staff",
		Name:        "Staff",
		Description: "who works here",
		Included:    []string{"user-1"},
		Excluded:    []string{"user-2"},
		Rules: []evaluator.SegmentRule{{ID: "mail", Clauses: []evaluator.Clause{
			{
				Attribute: "email",
				Operator:  evaluator.OpEndsWith,
				Values:    []json.RawMessage{json.RawMessage(`"@example.com"`)},
			},
		}}},
	}

	t.Run("are created, read and listed, with a Change in every environment", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		created, err := s.CreateSegment(t.Context(), full, ada(2))
		require.NoError(t, err)
		want := full
		want.Version, want.CreatedAt, want.UpdatedAt = 1, at(2), at(2)
		require.Equal(t, want, created)
		read, err := s.Segment(t.Context(), shop, "staff")
		require.NoError(t, err)
		require.Equal(t, created, read)
		empty, err := s.CreateSegment(t.Context(), store.Segment{Project: shop, Key: "nobody"}, ada(2))
		require.NoError(t, err)
		require.Equal(t, []string{}, empty.Included)

		list, err := s.ListSegments(t.Context(), shop)
		require.NoError(t, err)
		require.Equal(t, []store.Segment{empty, created}, list)
		for _, ref := range []store.EnvironmentRef{inStaging, inProduction} {
			require.EqualValues(t, 3, revision(t, s, ref))
			change := lastChange(t, s, ref)
			require.Equal(t, store.ChangeSegment, change.Kind)
			require.Equal(t, "nobody", change.Key)
			require.Nil(t, change.Before)
			requireDocument(t, empty, change.After)
		}
	})

	t.Run("are updated under their version", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		before, err := s.CreateSegment(t.Context(), full, ada(2))
		require.NoError(t, err)
		after, err := s.UpdateSegment(t.Context(), store.Segment{Project: shop, Key: "staff", Name: "All"}, 1, ada(3))
		require.NoError(t, err)
		require.Equal(t, store.Segment{
			Project:   shop,
			Key:       "staff",
			Name:      "All",
			Included:  []string{},
			Excluded:  []string{},
			Rules:     []evaluator.SegmentRule{},
			Version:   2,
			CreatedAt: at(2),
			UpdatedAt: at(3),
		}, after)
		change := lastChange(t, s, inProduction)
		requireDocument(t, before, change.Before)
		requireDocument(t, after, change.After)
		_, err = s.UpdateSegment(t.Context(), full, 1, ada(4))
		requireConflict(t, err, 2)
	})

	t.Run("are archived for good", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		_, err := s.CreateSegment(t.Context(), full, ada(2))
		require.NoError(t, err)
		requireConflict(t, s.ArchiveSegment(t.Context(), shop, "staff", 2, ada(3)), 1)
		require.NoError(t, s.ArchiveSegment(t.Context(), shop, "staff", 1, ada(3)))
		list, err := s.ListSegments(t.Context(), shop)
		require.NoError(t, err)
		require.Empty(t, list)
		_, err = s.CreateSegment(t.Context(), full, ada(4))
		require.ErrorIs(t, err, store.ErrExists, "a key is never reused")
		_, err = s.UpdateSegment(t.Context(), full, store.AnyVersion, ada(4))
		require.ErrorIs(t, err, store.ErrNotFound)
		require.ErrorIs(t, s.ArchiveSegment(t.Context(), shop, "none", store.AnyVersion, ada(4)), store.ErrNotFound)
		_, err = s.Segment(t.Context(), shop, "none")
		require.ErrorIs(t, err, store.ErrNotFound)
	})
}
