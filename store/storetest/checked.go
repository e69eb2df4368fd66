package storetest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// checkedAt attributes a write that was checked at the current revisions of the environments.
func checkedAt(t *testing.T, s store.Store, refs ...store.EnvironmentRef) store.Attribution {
	t.Helper()
	by := ada(5)
	by.Checked = make(map[store.EnvironmentRef]int64)
	for _, ref := range refs {
		by.Checked[ref] = revision(t, s, ref)
	}
	return by
}

// needing is a configuration with a prerequisite.
func needing(flag string) evaluator.FlagConfig {
	config := offConfig()
	config.Prerequisites = []evaluator.Prerequisite{{Flag: flag, Variation: "on"}}
	return config
}

// testChecked tests writes that were checked at a revision.
func testChecked(t *testing.T, open opener) {
	t.Run("are applied at that revision", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		_, err := s.UpdateFlagConfig(
			t.Context(),
			flagIn(inProduction, "cart"),
			offConfig(),
			store.AnyVersion,
			checkedAt(t, s, inProduction),
		)
		require.NoError(t, err)
		release := pendingRelease(flagIn(inProduction, "cart"))
		config := &store.ConfigWrite{Config: fullConfig(), IfVersion: 2}
		_, err = s.PutRelease(t.Context(), release, config, store.AnyVersion, checkedAt(t, s, inProduction))
		require.NoError(t, err, "the revisions of the write itself do not count")
		require.NoError(
			t,
			s.ArchiveFlag(t.Context(), shop, "cart", store.AnyVersion, checkedAt(t, s, inStaging, inProduction)),
		)
	})

	t.Run("are applied after changes that nothing can depend on", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		createFlag(t, s, "other")
		by := checkedAt(t, s, inStaging, inProduction)
		switched := offConfig()
		switched.Enabled = true
		_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "other"), switched, store.AnyVersion, ada(2))
		require.NoError(t, err)
		createFlag(t, s, "new")
		_, err = s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), needing("other"), store.AnyVersion, by)
		require.NoError(t, err)
		require.ErrorIs(
			t,
			s.ArchiveFlag(t.Context(), shop, "other", store.AnyVersion, by),
			store.ErrMoved,
			"now there is something",
		)
	})

	t.Run("change nothing when an environment has moved on", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		_, err := s.CreateSegment(t.Context(), store.Segment{Project: shop, Key: "staff"}, ada(1))
		require.NoError(t, err)
		here := checkedAt(t, s, inProduction)
		here.Request = asking("late").Request
		everywhere := checkedAt(t, s, inStaging, inProduction)
		_, err = s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), store.AnyVersion, ada(2))
		require.NoError(t, err)
		staged, produced := revision(t, s, inStaging), revision(t, s, inProduction)

		_, err = s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), store.AnyVersion, here)
		require.ErrorIs(t, err, store.ErrMoved)
		require.NotErrorIs(t, err, store.ErrConflict)
		_, err = s.UpdateFlag(t.Context(), booleanFlag("cart"), store.AnyVersion, everywhere)
		require.ErrorIs(t, err, store.ErrMoved)
		require.ErrorIs(t, s.ArchiveFlag(t.Context(), shop, "cart", store.AnyVersion, everywhere), store.ErrMoved)
		require.ErrorIs(t, s.ArchiveSegment(t.Context(), shop, "staff", store.AnyVersion, everywhere), store.ErrMoved)
		_, err = s.CreateSegment(t.Context(), store.Segment{Project: shop, Key: "guests"}, everywhere)
		require.ErrorIs(t, err, store.ErrMoved)

		requireEveryRevision(t, s, inStaging, staged)
		requireEveryRevision(t, s, inProduction, produced)
		_, err = s.Segment(t.Context(), shop, "guests")
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.Receipt(t.Context(), here.Request.ID)
		require.ErrorIs(t, err, store.ErrNotFound, "the request may be tried again")
	})

	t.Run("change nothing when an environment is new", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		by := checkedAt(t, s, inStaging, inProduction)
		preview := store.EnvironmentRef{Project: shop, Environment: "preview"}
		_, err := s.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: preview}, ada(2))
		require.NoError(t, err)
		require.ErrorIs(t, s.ArchiveFlag(t.Context(), shop, "cart", store.AnyVersion, by), store.ErrMoved)
	})

	t.Run("that would refer to each other are applied one at a time", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "a")
		createFlag(t, s, "b")
		requireOneWins(t, s, func(by store.Attribution) error {
			_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "a"), needing("b"), store.AnyVersion, by)
			return err
		}, func(by store.Attribution) error {
			_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "b"), needing("a"), store.AnyVersion, by)
			return err
		})
	})

	t.Run("do not take away what is taken into use", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		_, err := s.CreateSegment(t.Context(), store.Segment{Project: shop, Key: "staff"}, ada(1))
		require.NoError(t, err)
		requireOneWins(t, s, func(by store.Attribution) error {
			return s.ArchiveSegment(t.Context(), shop, "staff", store.AnyVersion, by)
		}, func(by store.Attribution) error {
			_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), store.AnyVersion, by)
			return err
		})
	})
}

// requireOneWins runs several writes at the same time, all checked at the same revisions. It requires that one is
// applied.
func requireOneWins(t *testing.T, s store.Store, writes ...func(by store.Attribution) error) {
	t.Helper()
	by := checkedAt(t, s, inStaging, inProduction)
	before := by.Checked[inProduction]
	outcomes := make([]error, len(writes))
	var running errgroup.Group
	for i, write := range writes {
		running.Go(func() error {
			outcomes[i] = write(by)
			return nil
		})
	}
	require.NoError(t, running.Wait())
	moved := 0
	for _, err := range outcomes {
		if errors.Is(err, store.ErrMoved) {
			moved++
			continue
		}
		require.NoError(t, err)
	}
	require.Equal(t, len(writes)-1, moved)
	requireEveryRevision(t, s, inProduction, before+1)
}
