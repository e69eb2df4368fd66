package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

func testKills(t *testing.T, open opener) {
	kill := release.Kill{Reason: "errors", By: "ada", At: at(5)}

	t.Run("switch a flag off in one environment and leave its configuration alone", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		ref := flagIn(inStaging, "cart")
		on := offConfig()
		on.Enabled = true
		before, err := s.UpdateFlagConfig(t.Context(), ref, on, store.AnyVersion, ada(3))
		require.NoError(t, err)

		killed, err := s.SetKill(t.Context(), ref, &kill, ada(5))
		require.NoError(t, err)
		want := before
		want.Kill, want.Revision = &kill, 4
		require.Equal(t, want, killed)
		read, err := s.FlagConfig(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, want, read)
		served := servedFlag(t, s, inStaging, "cart")
		require.False(t, served.Config.Enabled)
		require.True(t, served.Killed)
		patch, err := s.Patch(t.Context(), inStaging, 3)
		require.NoError(t, err)
		require.Len(t, patch.Flags, 1)
		require.False(t, patch.Flags[0].Config.Enabled)
		elsewhere, err := s.FlagConfig(t.Context(), flagIn(inProduction, "cart"))
		require.NoError(t, err)
		require.Nil(t, elsewhere.Kill)

		change := lastChange(t, s, inStaging)
		require.Equal(t, store.ChangeKill, change.Kind)
		require.Equal(t, "cart", change.Key)
		require.Nil(t, change.Before)
		requireDocument(t, kill, change.After)

		again, err := s.SetKill(t.Context(), ref, &release.Kill{Reason: "other", By: "bob", At: at(6)}, ada(6))
		require.NoError(t, err)
		require.Equal(t, killed, again, "the first kill is remembered")
		require.EqualValues(t, 4, revision(t, s, inStaging))

		edited, err := s.UpdateFlagConfig(t.Context(), ref, on, killed.Version, ada(7))
		require.NoError(t, err)
		require.Equal(t, &kill, edited.Kill, "an edit does not restore")
		require.False(t, servedFlag(t, s, inStaging, "cart").Config.Enabled)

		restored, err := s.SetKill(t.Context(), ref, nil, ada(8))
		require.NoError(t, err)
		require.Nil(t, restored.Kill)
		require.Equal(t, edited.Config, restored.Config)
		require.Equal(t, on, servedFlag(t, s, inStaging, "cart").Config)
		change = lastChange(t, s, inStaging)
		requireDocument(t, kill, change.Before)
		require.Nil(t, change.After)
		_, err = s.SetKill(t.Context(), ref, nil, ada(9))
		require.NoError(t, err)
		require.EqualValues(t, 6, revision(t, s, inStaging), "there was nothing to restore")
	})

	t.Run("need a flag that is there", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "gone")
		require.NoError(t, s.ArchiveFlag(t.Context(), shop, "gone", 1, ada(2)))
		for _, key := range []string{"gone", "never"} {
			_, err := s.SetKill(t.Context(), flagIn(inStaging, key), &kill, ada(3))
			require.ErrorIs(t, err, store.ErrNotFound)
		}
	})
}

// servedFlag is a flag as it is evaluated.
func servedFlag(t *testing.T, s store.Store, ref store.EnvironmentRef, key string) evaluator.Flag {
	t.Helper()
	definition, err := s.Definition(t.Context(), ref)
	require.NoError(t, err)
	for _, flag := range definition.Flags {
		if flag.Key == key {
			return flag
		}
	}
	require.Fail(t, "the flag is not served", key)
	return evaluator.Flag{}
}

func testFreezes(t *testing.T, open opener) {
	t.Run("are kept with the environment", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		end := at(9)
		freezes := []release.Freeze{
			{From: at(3), To: &end, Reason: "Black Friday"},
			{From: at(4).Add(time.Hour), Reason: "audit"},
		}
		environment, err := s.Environment(t.Context(), inStaging)
		require.NoError(t, err)
		require.Nil(t, environment.Freezes)
		environment.Freezes = freezes
		updated, err := s.UpdateEnvironment(t.Context(), environment, environment.Version, ada(2))
		require.NoError(t, err)
		require.Equal(t, freezes, updated.Freezes)
		read, err := s.Environment(t.Context(), inStaging)
		require.NoError(t, err)
		require.Equal(t, updated, read)

		created, err := s.CreateEnvironment(t.Context(), store.Environment{
			EnvironmentRef: store.EnvironmentRef{Project: shop, Environment: "new"}, Freezes: freezes,
		}, ada(3))
		require.NoError(t, err)
		require.Equal(t, freezes, created.Freezes)
		updated.Freezes = nil
		updated, err = s.UpdateEnvironment(t.Context(), updated, updated.Version, ada(4))
		require.NoError(t, err)
		require.Nil(t, updated.Freezes)
	})
}
