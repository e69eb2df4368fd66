package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/store"
)

func testConcurrency(t *testing.T, open opener) {
	t.Run("revisions have no gaps, and readers never go back", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "shared")
		start := revision(t, s, inProduction)
		const writers, writesEach, readers = 50, 4, 50

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		reading, stopReading := context.WithCancel(ctx)
		var read errgroup.Group
		for range readers {
			read.Go(func() error { return readForward(reading, s) })
		}
		var write errgroup.Group
		for i := range writers {
			write.Go(func() error { return writeAround(ctx, s, i, writesEach) })
		}
		require.NoError(t, write.Wait())
		stopReading()
		require.NoError(t, read.Wait())

		// Each writer makes one flag, in both environments, and edits the shared one in production.
		requireEveryRevision(t, s, inStaging, start+writers)
		requireEveryRevision(t, s, inProduction, start+writers+writers*(writesEach-1))
		config, err := s.FlagConfig(t.Context(), flagIn(inProduction, "shared"))
		require.NoError(t, err)
		require.EqualValues(t, 1+writers*(writesEach-1), config.Version, "no write is lost")
	})

	t.Run("of writes guarded by the same version, one succeeds", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		const writers = 10
		outcomes := make(chan error)
		for i := range writers {
			go func() {
				_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), 1, ada(i))
				outcomes <- err
			}()
		}
		succeeded := 0
		for range writers {
			if err := <-outcomes; err == nil {
				succeeded++
			} else {
				requireConflict(t, err, 2)
			}
		}
		require.Equal(t, 1, succeeded)
		require.EqualValues(t, 3, revision(t, s, inProduction))
	})

	t.Run("an environment that appears meanwhile has every flag", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		const each = 8
		var writers errgroup.Group
		for i := range each {
			writers.Go(func() error {
				_, err := s.CreateFlag(t.Context(), booleanFlag(fmt.Sprintf("flag-%d", i)), offConfig(), ada(1))
				return err
			})
			writers.Go(func() error {
				ref := store.EnvironmentRef{Project: shop, Environment: fmt.Sprintf("preview-%d", i)}
				_, err := s.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: ref}, ada(1))
				return err
			})
		}
		require.NoError(t, writers.Wait())
		environments, err := s.ListEnvironments(t.Context(), shop)
		require.NoError(t, err)
		require.Len(t, environments, 2+each)
		for _, e := range environments {
			definition, err := s.Definition(t.Context(), e.EnvironmentRef)
			require.NoError(t, err)
			require.Len(t, definition.Flags, each, "in %s", e.Environment)
		}
	})
}

// writeAround makes one flag and edits the shared one. It writes as many times as writes says.
func writeAround(ctx context.Context, s store.Store, writer, writes int) error {
	if _, err := s.CreateFlag(ctx, booleanFlag(fmt.Sprintf("flag-%d", writer)), offConfig(), ada(1)); err != nil {
		return err
	}
	for range writes - 1 {
		_, err := s.UpdateFlagConfig(ctx, flagIn(inProduction, "shared"), fullConfig(), store.AnyVersion, ada(1))
		if err != nil {
			return err
		}
	}
	return nil
}

// readForward follows an environment by patches. It fails if a patch ever leads back to an older revision, or holds
// something newer than the revision that it claims to reach.
func readForward(ctx context.Context, s store.Store) error {
	var seen int64
	for {
		patch, err := s.Patch(ctx, inProduction, seen)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // The reader was told to stop.
		case errors.Is(err, store.ErrNotFound):
			return fmt.Errorf("a reader that had seen revision %d found less: %w", seen, err)
		case err != nil:
			return err
		}
		for _, flag := range patch.Flags {
			if flag.Version <= seen || flag.Version > patch.Revision {
				return fmt.Errorf(
					"a patch from %d to %d holds flag %q of revision %d",
					seen,
					patch.Revision,
					flag.Key,
					flag.Version,
				)
			}
		}
		seen = patch.Revision
	}
}

// requireEveryRevision requires that the environment is at the revision, and that there is one Change for each
// revision.
func requireEveryRevision(t *testing.T, s store.Store, ref store.EnvironmentRef, want int64) {
	t.Helper()
	changes, err := s.ListChanges(t.Context(), ref, store.ChangeFilter{})
	require.NoError(t, err)
	require.Len(t, changes, int(want))
	for i, change := range changes {
		require.Equal(t, want-int64(i), change.Revision)
	}
	require.Equal(t, want, revision(t, s, ref))
}

func testContext(t *testing.T, open opener) {
	t.Run("a cancelled write changes nothing", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.CreateFlag(ctx, booleanFlag("cart"), offConfig(), ada(1))
		require.ErrorIs(t, err, context.Canceled)
		_, err = s.Flag(t.Context(), shop, "cart")
		require.ErrorIs(t, err, store.ErrNotFound)
		require.EqualValues(t, 1, revision(t, s, inStaging))
	})

	t.Run("a late answer is unavailability", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		ctx, cancel := context.WithTimeout(t.Context(), -time.Second)
		defer cancel()
		require.ErrorIs(t, s.Ping(ctx), store.ErrUnavailable)
		_, err := s.Definition(ctx, inStaging)
		require.ErrorIs(t, err, store.ErrUnavailable)
	})

	t.Run("a store that is open answers", func(t *testing.T) {
		t.Parallel()
		require.NoError(t, open(t).Ping(t.Context()))
	})
}
