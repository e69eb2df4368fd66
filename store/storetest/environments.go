package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

func testEnvironments(t *testing.T, open opener) {
	t.Run("begin at revision 1, with a Change", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		e, err := s.Environment(t.Context(), inProduction)
		require.NoError(t, err)
		require.Equal(t, store.Environment{
			EnvironmentRef: inProduction,
			Name:           production,
			Production:     true,
			Position:       1,
			Version:        1,
			Revision:       1,
			CreatedAt:      at(0),
		}, e)
		change := lastChange(t, s, inProduction)
		require.Equal(t, store.ChangeEnvironment, change.Kind)
		require.Equal(t, production, change.Key)
		require.Nil(t, change.Before)
		requireDocument(t, e, change.After)
	})

	t.Run("are listed by position", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		_, err := s.CreateProject(t.Context(), store.Project{Key: "blog"}, ada(0))
		require.NoError(t, err)
		_, err = s.CreateEnvironment(t.Context(), store.Environment{
			EnvironmentRef: store.EnvironmentRef{Project: "blog", Environment: production},
		}, ada(0))
		require.NoError(t, err)

		of := func(project string) (refs []store.EnvironmentRef) {
			list, err := s.ListEnvironments(t.Context(), project)
			require.NoError(t, err)
			for _, e := range list {
				refs = append(refs, e.EnvironmentRef)
			}
			return refs
		}
		require.Equal(t, []store.EnvironmentRef{inStaging, inProduction}, of(shop))
		require.Equal(
			t,
			[]store.EnvironmentRef{{Project: "blog", Environment: production}, inStaging, inProduction},
			of(""),
		)
	})

	t.Run("exist once, in a project", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		_, err := s.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: inStaging}, ada(0))
		require.ErrorIs(t, err, store.ErrExists)
		require.Equal(t, "environment "+shop+"/"+staging, store.FailedOn(err))
		_, err = s.CreateEnvironment(t.Context(), store.Environment{
			EnvironmentRef: store.EnvironmentRef{Project: "none", Environment: staging},
		}, ada(0))
		require.ErrorIs(t, err, store.ErrNotFound)
	})

	t.Run("that do not exist are not found", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		_, err := s.Environment(t.Context(), nowhere)
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.UpdateEnvironment(t.Context(), store.Environment{EnvironmentRef: nowhere}, store.AnyVersion, ada(0))
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.Cursor(t.Context(), nowhere)
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.Definition(t.Context(), nowhere)
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.Patch(t.Context(), nowhere, 0)
		require.ErrorIs(t, err, store.ErrNotFound)
	})

	t.Run("are updated under their version", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		before, err := s.Environment(t.Context(), inStaging)
		require.NoError(t, err)
		edited := store.Environment{EnvironmentRef: inStaging, Name: "Rehearsal", Production: true, Position: 7}
		after, err := s.UpdateEnvironment(t.Context(), edited, 1, ada(4))
		require.NoError(t, err)
		require.Equal(t, store.Environment{
			EnvironmentRef: inStaging,
			Name:           "Rehearsal",
			Production:     true,
			Position:       7,
			Version:        2,
			Revision:       2,
			CreatedAt:      at(0),
		}, after)
		read, err := s.Environment(t.Context(), inStaging)
		require.NoError(t, err)
		require.Equal(t, after, read)

		change := lastChange(t, s, inStaging)
		requireDocument(t, before, change.Before)
		requireDocument(t, after, change.After)
		require.EqualValues(t, 1, revision(t, s, inProduction), "an environment's change is no other's")

		_, err = s.UpdateEnvironment(t.Context(), edited, 1, ada(5))
		requireConflict(t, err, 2)
	})

	t.Run("get every flag, closed, and every segment", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "new-cart")
		_, err := s.UpdateFlagConfig(t.Context(), flagIn(inStaging, "new-cart"), fullConfig(), store.AnyVersion, ada(1))
		require.NoError(t, err)
		createFlag(t, s, "gone")
		require.NoError(t, s.ArchiveFlag(t.Context(), shop, "gone", store.AnyVersion, ada(2)))
		_, err = s.CreateSegment(
			t.Context(),
			store.Segment{Project: shop, Key: "staff", Included: []string{"user-1"}},
			ada(3),
		)
		require.NoError(t, err)

		preview := store.EnvironmentRef{Project: shop, Environment: "preview"}
		_, err = s.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: preview, Position: 9}, ada(4))
		require.NoError(t, err)

		definition, err := s.Definition(t.Context(), preview)
		require.NoError(t, err)
		require.EqualValues(t, 1, definition.Revision)
		require.Len(t, definition.Flags, 1)
		model := fullConfig()
		require.Equal(t, evaluator.FlagConfig{
			OffVariation:  ptr("off"),
			Fallthrough:   evaluator.Serve{Variation: "off"},
			Prerequisites: model.Prerequisites,
			Availability:  model.Availability,
		}, definition.Flags[0].Config)
		require.Len(t, definition.Segments, 1)
		require.Equal(t, []string{"user-1"}, definition.Segments[0].Included)
	})
}
