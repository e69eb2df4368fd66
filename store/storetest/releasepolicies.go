package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

func testReleasePolicies(t *testing.T, open opener) {
	nightly := store.ReleasePolicy{
		Project: shop, Key: "nightly", Name: "Nightly", Description: "while nobody looks",
		Policy: release.Policy{
			Steps: []release.Step{
				{Segment: "staff", Hold: release.Duration(time.Hour)},
				{Weight: 100_000, Approval: true},
			},
			Windows: []release.Window{
				{Days: []release.Weekday{release.Weekday(time.Sunday)}, From: 60, To: 300, TimeZone: "UTC"},
			},
			OnRollback: release.OnRollbackPause,
			Deployment: release.Readiness{HealthyFor: release.Duration(time.Minute), MinInstances: 2, MinShare: 50},
		},
	}
	keys := func(t *testing.T, s store.Store) (keys []string) {
		t.Helper()
		list, err := s.ListReleasePolicies(t.Context(), shop)
		require.NoError(t, err)
		for _, p := range list {
			keys = append(keys, p.Key)
		}
		return keys
	}

	t.Run("are there from the start", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		require.Equal(t, []string{"careful", "fast", "schema"}, keys(t, s))
		for _, standard := range release.StandardPolicies() {
			p, err := s.ReleasePolicy(t.Context(), shop, standard.Key)
			require.NoError(t, err)
			require.Equal(t, standard.Policy, p.Policy)
			require.EqualValues(t, 1, p.Version)
			require.Equal(t, at(0), p.CreatedAt)
		}
		_, err := s.ReleasePolicy(t.Context(), shop, "nightly")
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.ReleasePolicy(t.Context(), "nobody", "fast")
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.ListReleasePolicies(t.Context(), "nobody")
		require.ErrorIs(t, err, store.ErrNotFound)
	})

	t.Run(
		"are created, changed and deleted under their version, with a Change in every environment",
		func(t *testing.T) {
			t.Parallel()
			s := setup(t, open)
			created, err := s.CreateReleasePolicy(t.Context(), nightly, ada(2))
			require.NoError(t, err)
			want := nightly
			want.Version, want.CreatedAt, want.UpdatedAt = 1, at(2), at(2)
			require.Equal(t, want, created)
			read, err := s.ReleasePolicy(t.Context(), shop, "nightly")
			require.NoError(t, err)
			require.Equal(t, want, read)
			require.Equal(t, []string{"careful", "fast", "nightly", "schema"}, keys(t, s))
			for _, ref := range []store.EnvironmentRef{inStaging, inProduction} {
				change := lastChange(t, s, ref)
				require.Equal(t, store.ChangeReleasePolicy, change.Kind)
				require.Equal(t, "nightly", change.Key)
				requireDocument(t, want, change.After)
			}
			_, err = s.CreateReleasePolicy(t.Context(), nightly, ada(3))
			require.ErrorIs(t, err, store.ErrExists)

			want.Name = "Every night"
			updated, err := s.UpdateReleasePolicy(t.Context(), want, 1, ada(4))
			require.NoError(t, err)
			want.Version, want.UpdatedAt = 2, at(4)
			require.Equal(t, want, updated)
			_, err = s.UpdateReleasePolicy(t.Context(), want, 1, ada(5))
			requireConflict(t, err, 2)
			requireConflict(t, s.DeleteReleasePolicy(t.Context(), shop, "nightly", 1, ada(5)), 2)
			require.NoError(t, s.DeleteReleasePolicy(t.Context(), shop, "nightly", 2, ada(5)))
			require.Nil(t, lastChange(t, s, inStaging).After)
			_, err = s.UpdateReleasePolicy(t.Context(), want, store.AnyVersion, ada(6))
			require.ErrorIs(t, err, store.ErrNotFound)
			again, err := s.CreateReleasePolicy(t.Context(), nightly, ada(7))
			require.NoError(t, err)
			require.EqualValues(t, 4, again.Version, "no version means two things")
		},
	)

	t.Run("hide the standard ones", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		fast, err := s.ReleasePolicy(t.Context(), shop, "fast")
		require.NoError(t, err)
		_, err = s.CreateReleasePolicy(t.Context(), fast, ada(2))
		require.ErrorIs(t, err, store.ErrExists)
		fast.Steps = fast.Steps[2:]
		updated, err := s.UpdateReleasePolicy(t.Context(), fast, 1, ada(3))
		require.NoError(t, err)
		require.EqualValues(t, 2, updated.Version)
		require.Equal(t, at(0), updated.CreatedAt)
		require.NoError(t, s.DeleteReleasePolicy(t.Context(), shop, "careful", 1, ada(4)))
		require.Equal(t, []string{"fast", "schema"}, keys(t, s))
		_, err = s.ReleasePolicy(t.Context(), shop, "careful")
		require.ErrorIs(t, err, store.ErrNotFound)
	})
}
