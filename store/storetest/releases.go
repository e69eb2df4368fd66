package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

func pendingRelease(ref store.FlagRef) store.Release {
	return store.Release{EnvironmentRef: ref.EnvironmentRef, Release: release.Release{
		ID: "r1", Flag: ref.Flag,
		Spec: release.Spec{
			Variation: "on",
			Trigger: release.Trigger{
				Deployment: &release.DeploymentTrigger{Service: "checkout", Version: ">=2.3.0"},
			},
			Steps: []release.Step{
				{Weight: 1_000, Hold: release.Duration(10 * time.Minute)},
				{Weight: evaluator.TotalWeight},
			},
			OnRollback: release.OnRollbackRevert,
		},
		State: release.State{Phase: release.PhasePending, Step: -1, Reason: "waiting for checkout"},
	}}
}

func testReleases(t *testing.T, open opener) {
	t.Run("are stored, with a Change", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		ref := flagIn(inProduction, "cart")
		want := pendingRelease(ref)
		stored, err := s.PutRelease(t.Context(), want, nil, store.AnyVersion, ada(5))
		require.NoError(t, err)
		want.Version, want.UpdatedAt = 1, at(5)
		require.Equal(t, want, stored)
		read, err := s.Release(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, want, read)

		require.EqualValues(t, 3, revision(t, s, inProduction))
		change := lastChange(t, s, inProduction)
		require.Equal(t, store.ChangeRelease, change.Kind)
		require.Equal(t, "cart", change.Key)
		require.Nil(t, change.Before)
		requireDocument(t, stored.Release, change.After)
	})

	t.Run("write the configuration in the same transaction", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		ref := flagIn(inProduction, "cart")
		pending, err := s.PutRelease(t.Context(), pendingRelease(ref), nil, store.AnyVersion, ada(5))
		require.NoError(t, err)

		started := pending
		started.State = release.State{
			Phase:      release.PhaseProgressing,
			Weight:     1_000,
			Reason:     "checkout 2.3.0 is out",
			StartedAt:  ptr(at(6)),
			NextStepAt: ptr(at(16)),
			Deployment: "d1",
			Base:       &release.Base{Fallthrough: evaluator.Serve{Variation: "on"}},
		}
		stored, err := s.PutRelease(
			t.Context(),
			started,
			&store.ConfigWrite{Config: fullConfig(), IfVersion: 1},
			1,
			ada(6),
		)
		require.NoError(t, err)
		require.EqualValues(t, 2, stored.Version)
		require.EqualValues(t, 2, stored.State.ConfigVersion)
		config, err := s.FlagConfig(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, fullConfig(), config.Config)
		require.EqualValues(t, 2, config.Version)

		changes, err := s.ListChanges(t.Context(), inProduction, store.ChangeFilter{Limit: 2})
		require.NoError(t, err)
		require.Equal(
			t,
			[]store.ChangeKind{store.ChangeRelease, store.ChangeFlagConfig},
			[]store.ChangeKind{changes[0].Kind, changes[1].Kind},
		)
		require.Equal(t, []int64{5, 4}, []int64{changes[0].Revision, changes[1].Revision})
		requireDocument(t, pending.Release, changes[0].Before)
		requireDocument(t, stored.Release, changes[0].After)
	})

	t.Run("are guarded by both versions", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		ref := flagIn(inProduction, "cart")
		r := pendingRelease(ref)
		_, err := s.PutRelease(t.Context(), r, nil, 3, ada(5))
		requireConflict(t, err, 0)
		_, err = s.PutRelease(t.Context(), r, nil, store.AnyVersion, ada(5))
		require.NoError(t, err)
		before := revision(t, s, inProduction)

		_, err = s.PutRelease(t.Context(), r, &store.ConfigWrite{Config: fullConfig(), IfVersion: 1}, 7, ada(6))
		requireConflict(t, err, 1)
		_, err = s.PutRelease(t.Context(), r, &store.ConfigWrite{Config: fullConfig(), IfVersion: 9}, 1, ada(6))
		requireConflict(t, err, 1)
		config, err := s.FlagConfig(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, offConfig(), config.Config, "both or neither")
		require.Equal(t, before, revision(t, s, inProduction))
	})

	t.Run("belong to a flag that is not archived", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		ref := flagIn(inProduction, "cart")
		_, err := s.PutRelease(t.Context(), pendingRelease(ref), nil, store.AnyVersion, ada(1))
		require.ErrorIs(t, err, store.ErrNotFound)
		createFlag(t, s, "cart")
		_, err = s.Release(t.Context(), ref)
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.PutRelease(t.Context(), pendingRelease(ref), nil, store.AnyVersion, ada(2))
		require.NoError(t, err)
		require.NoError(t, s.ArchiveFlag(t.Context(), shop, "cart", 1, ada(3)))
		_, err = s.Release(t.Context(), ref)
		require.ErrorIs(t, err, store.ErrNotFound)
		open, err := s.ListOpenReleases(t.Context())
		require.NoError(t, err)
		require.Empty(t, open)
	})

	t.Run("are listed", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		phases := []release.Phase{
			release.PhasePending,
			release.PhaseProgressing,
			release.PhasePaused,
			release.PhaseCompleted,
			release.PhaseReverted,
		}
		for i, phase := range phases {
			key := string(rune('e' - i))
			createFlag(t, s, key)
			r := pendingRelease(flagIn(inProduction, key))
			r.State.Phase = phase
			_, err := s.PutRelease(t.Context(), r, nil, store.AnyVersion, ada(2))
			require.NoError(t, err)
		}
		_, err := s.PutRelease(t.Context(), pendingRelease(flagIn(inStaging, "a")), nil, store.AnyVersion, ada(2))
		require.NoError(t, err)
		refs := func(list []store.Release, err error) (refs []store.FlagRef) {
			require.NoError(t, err)
			for _, r := range list {
				refs = append(refs, flagIn(r.EnvironmentRef, r.Flag))
			}
			return refs
		}
		require.Equal(t, []store.FlagRef{
			flagIn(
				inProduction,
				"a",
			),
			flagIn(inProduction, "b"),
			flagIn(inProduction, "c"),
			flagIn(inProduction, "d"),
			flagIn(inProduction, "e"),
		}, refs(s.ListReleases(t.Context(), inProduction)))
		require.Equal(t, []store.FlagRef{
			flagIn(inProduction, "c"), flagIn(inProduction, "d"), flagIn(inProduction, "e"), flagIn(inStaging, "a"),
		}, refs(s.ListOpenReleases(t.Context())))
	})
}
