package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

func deployment(id, service string, minutes int) store.Deployment {
	return store.Deployment{EnvironmentRef: inProduction, Deployment: release.Deployment{
		ID:            id,
		Service:       service,
		Version:       "2.3.0",
		Status:        release.StatusStarted,
		Source:        "ci",
		ExternalID:    "run-" + id,
		Commit:        "c0ffee",
		Strategy:      release.StrategyRolling,
		Description:   "the cart",
		URL:           "https://ci.example/" + id,
		TrafficWeight: 5_000,
		StartedAt:     at(minutes),
		UpdatedAt:     at(minutes),
	}}
}

func testDeployments(t *testing.T, open opener) {
	t.Run("are stored with every field and a Change", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		report := deployment("d1", "checkout", 3)
		report.FinishedAt = ptr(at(4))
		stored, changed, err := s.PutDeployment(t.Context(), report, ada(4))
		require.NoError(t, err)
		require.True(t, changed)
		require.Equal(t, report, stored)
		read, err := s.Deployment(t.Context(), inProduction, "d1")
		require.NoError(t, err)
		require.Equal(t, report, read)

		change := lastChange(t, s, inProduction)
		require.Equal(t, store.ChangeDeployment, change.Kind)
		require.Equal(t, "d1", change.Key)
		require.Nil(t, change.Before)
		requireDocument(t, stored.Deployment, change.After)
	})

	t.Run("are merged with what is known of them", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		first, _, err := s.PutDeployment(t.Context(), deployment("d1", "checkout", 3), ada(3))
		require.NoError(t, err)

		second := deployment("another id", "checkout", 8)
		second.ExternalID, second.Status, second.FinishedAt = first.ExternalID, release.StatusSucceeded, ptr(at(8))
		want, _ := release.Merge(first.Deployment, second.Deployment)
		merged, changed, err := s.PutDeployment(t.Context(), second, ada(8))
		require.NoError(t, err)
		require.True(t, changed)
		require.Equal(t, "d1", merged.ID)
		require.Equal(t, want, merged.Deployment)
		change := lastChange(t, s, inProduction)
		requireDocument(t, first.Deployment, change.Before)
		requireDocument(t, merged.Deployment, change.After)

		// The same report again changes nothing, also with times that are finer than those in the store.
		again := revision(t, s, inProduction)
		second.StartedAt = second.StartedAt.Add(time.Nanosecond)
		repeated, changed, err := s.PutDeployment(t.Context(), second, ada(9))
		require.NoError(t, err)
		require.False(t, changed)
		require.Equal(t, merged, repeated)
		require.Equal(t, again, revision(t, s, inProduction))
	})

	t.Run("of another source or environment are others", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		one := deployment("d1", "checkout", 3)
		_, _, err := s.PutDeployment(t.Context(), one, ada(3))
		require.NoError(t, err)
		two := one
		two.ID, two.Source = "d2", "argo"
		three := one
		three.EnvironmentRef = inStaging
		for _, d := range []store.Deployment{two, three} {
			stored, changed, err := s.PutDeployment(t.Context(), d, ada(3))
			require.NoError(t, err)
			require.True(t, changed)
			require.Equal(t, d, stored)
		}
		four := one
		four.ExternalID = "run-9"
		_, _, err = s.PutDeployment(t.Context(), four, ada(3))
		require.ErrorIs(t, err, store.ErrExists, "the id is taken")
		five := one
		five.EnvironmentRef = nowhere
		_, _, err = s.PutDeployment(t.Context(), five, ada(3))
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.Deployment(t.Context(), inStaging, "d2")
		require.ErrorIs(t, err, store.ErrNotFound)
	})

	t.Run("are listed newest first, in pages", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		dark := deployment("b", "checkout", 2)
		dark.Strategy = release.StrategyShadow
		for _, d := range []store.Deployment{
			deployment("a", "checkout", 1), deployment("c", "cart", 2), dark, deployment("d", "checkout", 3),
		} {
			_, _, err := s.PutDeployment(t.Context(), d, ada(3))
			require.NoError(t, err)
		}
		page := func(filter store.DeploymentFilter) (ids []string) {
			list, err := s.ListDeployments(t.Context(), inProduction, filter)
			require.NoError(t, err)
			for _, d := range list {
				ids = append(ids, d.ID)
			}
			return ids
		}
		require.Equal(t, []string{"d", "c", "b", "a"}, page(store.DeploymentFilter{}))
		require.Equal(t, []string{"d", "c"}, page(store.DeploymentFilter{Limit: 2}))
		require.Equal(t, []string{"b", "a"}, page(store.DeploymentFilter{Before: "c", Limit: 2}))
		require.Equal(t, []string{"b", "a"}, page(store.DeploymentFilter{Before: "c", Service: "checkout"}))
		require.Equal(t, []string{"b"}, page(store.DeploymentFilter{Strategy: release.StrategyShadow}))
		require.Empty(t, page(store.DeploymentFilter{Service: "cart", Strategy: release.StrategyShadow}))
		require.Empty(t, page(store.DeploymentFilter{Before: "a"}))
		_, err := s.ListDeployments(t.Context(), inProduction, store.DeploymentFilter{Before: "none"})
		require.ErrorIs(t, err, store.ErrNotFound)
	})
}
