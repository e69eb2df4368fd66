package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func testProjects(t *testing.T, open opener) {
	t.Run("are created, read and listed", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		created, err := s.CreateProject(t.Context(), store.Project{Key: "b", Name: "Bee"}, ada(3))
		require.NoError(t, err)
		require.Equal(t, store.Project{Key: "b", Name: "Bee", Version: 1, CreatedAt: at(3)}, created)
		// In the order of bytes, upper case comes before lower case, and a hyphen comes before both.
		for _, key := range []string{"a", "B", "a-b", "ab"} {
			_, err := s.CreateProject(t.Context(), store.Project{Key: key}, ada(0))
			require.NoError(t, err)
		}
		read, err := s.Project(t.Context(), "b")
		require.NoError(t, err)
		require.Equal(t, created, read)

		list, err := s.ListProjects(t.Context())
		require.NoError(t, err)
		var keys []string
		for _, p := range list {
			keys = append(keys, p.Key)
		}
		require.Equal(t, []string{"B", "a", "a-b", "ab", "b"}, keys)
	})

	t.Run("exist once", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		_, err := s.CreateProject(t.Context(), store.Project{Key: shop}, ada(0))
		require.ErrorIs(t, err, store.ErrExists)
	})

	t.Run("that do not exist are not found", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		_, err := s.Project(t.Context(), "none")
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.UpdateProject(t.Context(), store.Project{Key: "none"}, store.AnyVersion, ada(0))
		require.ErrorIs(t, err, store.ErrNotFound)
		list, err := s.ListProjects(t.Context())
		require.NoError(t, err)
		require.Empty(t, list)
		require.NotNil(t, list)
	})

	t.Run("are updated under their version, with a Change in every environment", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		before, err := s.Project(t.Context(), shop)
		require.NoError(t, err)
		after, err := s.UpdateProject(t.Context(), store.Project{Key: shop, Name: "Boutique"}, 1, ada(5))
		require.NoError(t, err)
		require.Equal(t, store.Project{Key: shop, Name: "Boutique", Version: 2, CreatedAt: at(0)}, after)

		for _, ref := range []store.EnvironmentRef{inStaging, inProduction} {
			change := lastChange(t, s, ref)
			require.EqualValues(t, 2, change.Revision)
			require.Equal(t, store.ChangeProject, change.Kind)
			require.Equal(t, shop, change.Key)
			requireDocument(t, before, change.Before)
			requireDocument(t, after, change.After)
		}
		_, err = s.UpdateProject(t.Context(), store.Project{Key: shop, Name: "Bazaar"}, 1, ada(6))
		requireConflict(t, err, 2)
		require.EqualValues(t, 2, revision(t, s, inStaging))
	})
}
