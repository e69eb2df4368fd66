package storetest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

func testFlags(t *testing.T, open opener) {
	t.Run("are created in every environment, and keep every field", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		flag := store.Flag{
			Project: shop, Key: "theme", Name: "Thème ☀", Description: "line\nline", Type: evaluator.TypeObject,
			Purpose: store.PurposeExperiment, ClientSide: true, Tags: []string{"a", "b"}, Owner: "web",
			Variations: []evaluator.Variation{
				{
					Key:         "dark",
					Name:        "Dark",
					Description: "night",
					Value:       json.RawMessage(`{"z":1.50,"a":[1e3,"\u0000 & <b>"]}`),
				},
				{Key: "big", Value: json.RawMessage(`{"n":12345678901234567890.125}`)},
			},
		}
		created, err := s.CreateFlag(t.Context(), flag, fullConfig(), ada(2))
		require.NoError(t, err)
		flag.Version, flag.CreatedAt, flag.UpdatedAt = 1, at(2), at(2)
		requireDocument(t, flag, mustJSON(t, created))

		read, err := s.Flag(t.Context(), shop, "theme")
		require.NoError(t, err)
		require.Equal(t, created, read)
		for _, ref := range []store.EnvironmentRef{inStaging, inProduction} {
			config, err := s.FlagConfig(t.Context(), flagIn(ref, "theme"))
			require.NoError(t, err)
			require.Equal(t, store.FlagConfig{
				FlagRef: flagIn(
					ref,
					"theme",
				),
				Config:    fullConfig(),
				Version:   1,
				Revision:  2,
				UpdatedAt: at(2),
				UpdatedBy: "ada",
			}, config)
			change := lastChange(t, s, ref)
			require.Equal(t, store.ChangeFlag, change.Kind)
			require.Equal(t, "theme", change.Key)
			require.Nil(t, change.Before)
			requireDocument(t, created, change.After)
		}
	})

	t.Run("belong to a project", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		_, err := s.CreateFlag(t.Context(), booleanFlag("lost"), offConfig(), ada(0))
		require.ErrorIs(t, err, store.ErrNotFound)
		require.Equal(t, `project "shop"`, store.FailedOn(err), "it is the project that there is not")
		_, err = s.Flag(t.Context(), shop, "lost")
		require.ErrorIs(t, err, store.ErrNotFound)
		require.Equal(t, `flag "lost"`, store.FailedOn(err))
	})

	t.Run("are listed by key, in pages", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		for _, key := range []string{"c", "a-b", "B", "ab", "a"} {
			createFlag(t, s, key)
		}
		require.NoError(t, s.ArchiveFlag(t.Context(), shop, "c", 1, ada(2)))
		page := func(filter store.FlagFilter) (keys []string) {
			list, err := s.ListFlags(t.Context(), shop, filter)
			require.NoError(t, err)
			require.NotNil(t, list)
			for _, f := range list {
				keys = append(keys, f.Key)
			}
			return keys
		}
		require.Equal(t, []string{"B", "a", "a-b", "ab"}, page(store.FlagFilter{}))
		require.Equal(t, []string{"B", "a"}, page(store.FlagFilter{Limit: 2}))
		require.Equal(t, []string{"a-b", "ab"}, page(store.FlagFilter{After: "a", Limit: 2}))
		require.Empty(t, page(store.FlagFilter{After: "ab"}))
		require.Equal(t, []string{"c"}, page(store.FlagFilter{Archived: true}))
	})

	t.Run("are updated under their version, but for their type", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		before := createFlag(t, s, "cart")
		edited := before
		edited.Type, edited.Name, edited.Tags, edited.ClientSide = evaluator.TypeString, "Cart", nil, true
		after, err := s.UpdateFlag(t.Context(), edited, 1, ada(9))
		require.NoError(t, err)
		require.Equal(t, evaluator.TypeBoolean, after.Type)
		require.Equal(t, "Cart", after.Name)
		require.Equal(t, []string{}, after.Tags)
		require.EqualValues(t, 2, after.Version)
		require.Equal(t, at(1), after.CreatedAt)
		require.Equal(t, at(9), after.UpdatedAt)

		for _, ref := range []store.EnvironmentRef{inStaging, inProduction} {
			change := lastChange(t, s, ref)
			require.EqualValues(t, 3, change.Revision)
			requireDocument(t, before, change.Before)
			requireDocument(t, after, change.After)
			config, err := s.FlagConfig(t.Context(), flagIn(ref, "cart"))
			require.NoError(t, err)
			require.EqualValues(t, 3, config.Revision, "the flag changed in the environment")
			require.EqualValues(t, 1, config.Version, "its configuration did not")
		}
		_, err = s.UpdateFlag(t.Context(), edited, 1, ada(10))
		requireConflict(t, err, 2)
		require.EqualValues(t, 3, revision(t, s, inStaging))
	})

	t.Run("are archived for good", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		requireConflict(t, s.ArchiveFlag(t.Context(), shop, "cart", 4, ada(2)), 1)
		require.NoError(t, s.ArchiveFlag(t.Context(), shop, "cart", 1, ada(2)))

		archived, err := s.Flag(t.Context(), shop, "cart")
		require.NoError(t, err)
		require.True(t, archived.Archived)
		requireDocument(t, archived, lastChange(t, s, inProduction).After)

		_, err = s.CreateFlag(t.Context(), booleanFlag("cart"), offConfig(), ada(3))
		require.ErrorIs(t, err, store.ErrExists, "a key is never reused")
		_, err = s.UpdateFlag(t.Context(), archived, store.AnyVersion, ada(3))
		require.ErrorIs(t, err, store.ErrNotFound)
		require.ErrorIs(t, s.ArchiveFlag(t.Context(), shop, "cart", store.AnyVersion, ada(3)), store.ErrNotFound)
		_, err = s.FlagConfig(t.Context(), flagIn(inStaging, "cart"))
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.UpdateFlagConfig(t.Context(), flagIn(inStaging, "cart"), offConfig(), store.AnyVersion, ada(3))
		require.ErrorIs(t, err, store.ErrNotFound)
		require.EqualValues(t, 3, revision(t, s, inStaging), "what fails changes nothing")
	})
}

func mustJSON(t *testing.T, document any) json.RawMessage {
	t.Helper()
	encoded, err := json.Marshal(document)
	require.NoError(t, err)
	return encoded
}
