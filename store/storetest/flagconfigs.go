package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

func testFlagConfigs(t *testing.T, open opener) {
	t.Run("are replaced under their version, in one environment", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		ref := flagIn(inProduction, "cart")
		after, err := s.UpdateFlagConfig(t.Context(), ref, fullConfig(), 1, ada(7))
		require.NoError(t, err)
		require.Equal(t, store.FlagConfig{
			FlagRef: ref, Config: fullConfig(), Version: 2, Revision: 3, UpdatedAt: at(7), UpdatedBy: "ada",
		}, after)
		read, err := s.FlagConfig(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, after, read)

		change := lastChange(t, s, inProduction)
		require.Equal(t, store.Change{
			EnvironmentRef: inProduction, Revision: 3, At: at(7), Actor: ada(7).Actor, Kind: store.ChangeFlagConfig,
			Key: "cart", Reason: "because", Before: change.Before, After: change.After,
		}, change)
		requireDocument(t, offConfig(), change.Before)
		requireDocument(t, fullConfig(), change.After)

		other, err := s.FlagConfig(t.Context(), flagIn(inStaging, "cart"))
		require.NoError(t, err)
		require.Equal(t, offConfig(), other.Config)

		_, err = s.UpdateFlagConfig(t.Context(), ref, offConfig(), 1, ada(8))
		requireConflict(t, err, 2)
		_, err = s.UpdateFlagConfig(t.Context(), ref, offConfig(), store.AnyVersion, ada(8))
		require.NoError(t, err)
		require.EqualValues(t, 4, revision(t, s, inProduction), "the conflict left no gap")
	})

	t.Run("that do not exist are not found", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		for _, ref := range []store.FlagRef{flagIn(inStaging, "none"), flagIn(nowhere, "cart")} {
			_, err := s.FlagConfig(t.Context(), ref)
			require.ErrorIs(t, err, store.ErrNotFound)
			_, err = s.UpdateFlagConfig(t.Context(), ref, offConfig(), store.AnyVersion, ada(2))
			require.ErrorIs(t, err, store.ErrNotFound)
			require.ErrorIs(t, s.SetFleetLatch(t.Context(), ref, release.Latch{Open: true}, ada(2)), store.ErrNotFound)
		}
		require.EqualValues(t, 2, revision(t, s, inStaging))
	})

	t.Run("are listed by flag, of one environment or all", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		for _, key := range []string{"b", "a", "gone"} {
			createFlag(t, s, key)
		}
		require.NoError(t, s.ArchiveFlag(t.Context(), shop, "gone", 1, ada(2)))
		list := func(ref store.EnvironmentRef) (refs []store.FlagRef) {
			configs, err := s.ListFlagConfigs(t.Context(), ref)
			require.NoError(t, err)
			for _, c := range configs {
				refs = append(refs, c.FlagRef)
			}
			return refs
		}
		require.Equal(t, []store.FlagRef{flagIn(inStaging, "a"), flagIn(inStaging, "b")}, list(inStaging))
		require.Equal(t, []store.FlagRef{
			flagIn(inProduction, "a"), flagIn(inStaging, "a"), flagIn(inProduction, "b"), flagIn(inStaging, "b"),
		}, list(store.EnvironmentRef{Project: shop}))
	})

	t.Run("know whether the fleet is open, which is no edit", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		ref := flagIn(inStaging, "cart")
		require.NoError(t, s.SetFleetLatch(t.Context(), ref, release.Latch{Open: true}, ada(5)))
		config, err := s.FlagConfig(t.Context(), ref)
		require.NoError(t, err)
		require.True(t, config.FleetOpen)
		require.EqualValues(t, 1, config.Version)
		require.EqualValues(t, 3, config.Revision)
		require.Equal(t, at(1), config.UpdatedAt)
		require.Equal(t, store.ChangeFlagConfig, lastChange(t, s, inStaging).Kind)

		require.NoError(t, s.SetFleetLatch(t.Context(), ref, release.Latch{Open: true}, ada(6)))
		require.EqualValues(t, 3, revision(t, s, inStaging), "already open: nothing changes")

		_, err = s.UpdateFlagConfig(t.Context(), ref, evaluator.FlagConfig{}, 1, ada(7))
		require.NoError(t, err)
		config, err = s.FlagConfig(t.Context(), ref)
		require.NoError(t, err)
		require.True(t, config.FleetOpen, "an edit does not close the fleet")
		require.NoError(t, s.SetFleetLatch(t.Context(), ref, release.Latch{Open: false}, ada(8)))
		require.EqualValues(t, 5, revision(t, s, inStaging))
	})

	t.Run(
		"keep the warning about the fleet, and forget what is known of it when they ask for something else",
		func(t *testing.T) {
			t.Parallel()
			s := setup(t, open)
			createFlag(t, s, "cart")
			ref := flagIn(inStaging, "cart")
			config := fullConfig()
			config.Prerequisites = nil
			_, err := s.UpdateFlagConfig(t.Context(), ref, config, 1, ada(2))
			require.NoError(t, err)
			held := release.Latch{Open: true, Warning: "Held open."}
			require.NoError(t, s.SetFleetLatch(t.Context(), ref, held, ada(3)))
			latch := func() release.Latch {
				stored, err := s.FlagConfig(t.Context(), ref)
				require.NoError(t, err)
				return release.Latch{Open: stored.FleetOpen, Warning: stored.FleetWarning}
			}
			require.Equal(t, held, latch())
			config.Availability.OnOldInstance = evaluator.OnOldInstanceHold
			_, err = s.UpdateFlagConfig(t.Context(), ref, config, 2, ada(4))
			require.NoError(t, err)
			require.Equal(t, held, latch())
			before := revision(t, s, inStaging)
			require.NoError(t, s.SetFleetLatch(t.Context(), ref, held, ada(5)))
			require.Equal(t, before, revision(t, s, inStaging), "nothing changes")

			config.Availability.Version = ">=3.0.0"
			_, err = s.UpdateFlagConfig(t.Context(), ref, config, 3, ada(6))
			require.NoError(t, err)
			require.Equal(t, release.Latch{}, latch(), "nobody knows that yet")
		},
	)
}
