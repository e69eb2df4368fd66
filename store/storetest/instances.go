package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func testInstances(t *testing.T, open opener) {
	instance := func(id, version string, minutes int) store.Instance {
		return store.Instance{
			EnvironmentRef: inProduction,
			Service:        "checkout",
			InstanceID:     id,
			Version:        version,
			StartedAt:      at(0),
			SeenAt:         at(minutes),
		}
	}

	t.Run("are listed by service, version and id, and make no Changes", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		a, b, c := instance("b", "1.0.0", 1), instance("a", "2.0.0", 2), instance("c", "1.0.0", 3)
		require.NoError(t, s.PutInstances(t.Context(), []store.Instance{c, b, a}))
		list, err := s.ListInstances(t.Context(), inProduction, at(0))
		require.NoError(t, err)
		require.Equal(t, []store.Instance{a, c, b}, list)
		list, err = s.ListInstances(t.Context(), inProduction, at(2))
		require.NoError(t, err)
		require.Equal(t, []store.Instance{c, b}, list)
		list, err = s.ListInstances(t.Context(), inStaging, at(0))
		require.NoError(t, err)
		require.Empty(t, list)
		require.EqualValues(t, 1, revision(t, s, inProduction))

		require.NoError(t, s.DeleteInstances(t.Context(), at(3)))
		list, err = s.ListInstances(t.Context(), inProduction, at(0))
		require.NoError(t, err)
		require.Equal(t, []store.Instance{c}, list)
	})

	t.Run("are replaced by later reports only", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		require.NoError(t, s.PutInstances(t.Context(), []store.Instance{instance("a", "2.0.0", 5)}))
		require.NoError(t, s.PutInstances(t.Context(), []store.Instance{instance("a", "1.0.0", 4)}))
		list, err := s.ListInstances(t.Context(), inProduction, at(0))
		require.NoError(t, err)
		require.Equal(t, []store.Instance{instance("a", "2.0.0", 5)}, list)
		require.NoError(t, s.PutInstances(t.Context(), []store.Instance{instance("a", "3.0.0", 6)}))
		list, err = s.ListInstances(t.Context(), inProduction, at(0))
		require.NoError(t, err)
		require.Equal(t, []store.Instance{instance("a", "3.0.0", 6)}, list)
	})

	t.Run("tell what they serve, and whether they are shadows", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		serving, shadow := instance("a", "1.0.0", 1), instance("b", "1.0.0", 1)
		serving.Revision, shadow.Shadow = 7, true
		require.NoError(t, s.PutInstances(t.Context(), []store.Instance{serving, shadow}))
		serving.Revision, serving.SeenAt = 9, at(2)
		require.NoError(t, s.PutInstances(t.Context(), []store.Instance{serving}))
		list, err := s.ListInstances(t.Context(), inProduction, at(0))
		require.NoError(t, err)
		require.Equal(t, []store.Instance{serving, shadow}, list)
	})

	t.Run("are stored all or none", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		lost := instance("z", "1.0.0", 1)
		lost.EnvironmentRef = nowhere
		require.ErrorIs(
			t,
			s.PutInstances(t.Context(), []store.Instance{instance("a", "1.0.0", 1), lost}),
			store.ErrNotFound,
		)
		list, err := s.ListInstances(t.Context(), inProduction, at(0))
		require.NoError(t, err)
		require.Empty(t, list)
		require.NoError(t, s.PutInstances(t.Context(), nil))
	})
}
