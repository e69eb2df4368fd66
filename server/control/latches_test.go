package control

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// reading counts how often everything is read. It gives patches like a database that was restored from a backup.
type reading struct {
	Store
	definitions int
	epoch       string
	lost        bool
}

func (r *reading) Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	r.definitions++
	return r.Store.Definition(ctx, ref)
}

func (r *reading) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	if r.lost {
		return evaluator.Patch{}, fmt.Errorf("revision %d: %w", from, store.ErrNotFound)
	}
	patch, err := r.Store.Patch(ctx, ref, from)
	if r.epoch != "" {
		patch.Epoch = r.epoch
	}
	return patch, err
}

func TestLatchsFollowTheFlags(t *testing.T) {
	t.Parallel()
	opened := filled(t, 3, 0)
	ref := store.EnvironmentRef{Project: "default", Environment: "production"}
	s := &reading{Store: opened}
	var g latches
	known := func(want ...string) {
		t.Helper()
		_, _, err := g.refresh(t.Context(), s, ref)
		require.NoError(t, err)
		var got []string
		for key := range g.flags {
			got = append(got, key)
		}
		require.ElementsMatch(t, want, got)
	}
	latchBy := func(key string, a *evaluator.Availability) {
		flag := store.FlagRef{EnvironmentRef: ref, Flag: key}
		config, err := opened.FlagConfig(t.Context(), flag)
		require.NoError(t, err)
		config.Config.Availability = a
		_, err = opened.UpdateFlagConfig(t.Context(), flag, config.Config, store.AnyVersion, ann())
		require.NoError(t, err)
	}
	fleet := &evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: evaluator.ScopeFleet}

	known()
	latchBy("flag-0000", fleet)
	latchBy("flag-0001", fleet)
	latchBy("flag-0002", &evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: evaluator.ScopeInstance})
	known("flag-0000", "flag-0001", "flag-0002")
	require.False(t, g.flags["flag-0000"].stands.Open)

	require.NoError(t, opened.SetFleetLatch(t.Context(), store.FlagRef{EnvironmentRef: ref, Flag: "flag-0000"}, release.Latch{Open: true}, ann()))
	known("flag-0000", "flag-0001", "flag-0002")
	require.True(t, g.flags["flag-0000"].stands.Open)

	latchBy("flag-0001", nil)
	latchBy("flag-0002", nil)
	known("flag-0000")
	require.NoError(t, opened.ArchiveFlag(t.Context(), ref.Project, "flag-0000", store.AnyVersion, ann()))
	known()
	require.Equal(t, 1, s.definitions, "only what changed is read again")

	g.flags["gone"] = &latch{availability: *fleet}
	s.epoch = "another"
	known()
	require.Equal(t, 2, s.definitions, "another epoch")
	g.flags["gone"] = &latch{availability: *fleet}
	s.epoch, s.lost = "", true
	known()
	require.Equal(t, 3, s.definitions, "a revision that is still to come")
}
