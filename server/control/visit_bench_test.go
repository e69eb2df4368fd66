package control

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// BenchmarkTurnAfterAnEdit measures the leader's work after somebody has edited one of 1 000 flags. Some of the flags
// have a release that waits.
func BenchmarkTurnAfterAnEdit(b *testing.B) {
	const flags = 1_000
	for _, releases := range []int{0, 10, flags} {
		b.Run(fmt.Sprintf("releases=%d", releases), func(b *testing.B) {
			opened := filled(b, flags, releases)
			loop := NewLoop(opened, nil, time.Now, slog.New(slog.DiscardHandler))
			loop.turn(b.Context())
			edited := store.FlagRef{EnvironmentRef: store.EnvironmentRef{Project: "default", Environment: "production"}, Flag: "flag-0000"}
			config, err := opened.FlagConfig(b.Context(), edited)
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				config.Config.Enabled = !config.Config.Enabled
				_, err := opened.UpdateFlagConfig(b.Context(), edited, config.Config, store.AnyVersion, ann())
				require.NoError(b, err)
				b.StartTimer()
				loop.turn(b.Context())
				require.False(b, loop.failing)
			}
		})
	}
}

func ann() store.Attribution {
	return store.Attribution{Actor: store.Actor{Kind: store.ActorUser, Name: "ann"}, At: time.Now()}
}

// filled is a store with flags in one environment. The first of them have a release that waits for a deployment.
func filled(b testing.TB, flags, releases int) *sqlite.Store {
	b.Helper()
	opened, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, opened.Close()) })
	ref := store.EnvironmentRef{Project: "default", Environment: "production"}
	_, err = opened.CreateProject(b.Context(), store.Project{Key: ref.Project, Name: "Default"}, ann())
	require.NoError(b, err)
	_, err = opened.CreateEnvironment(b.Context(), store.Environment{EnvironmentRef: ref, Name: "Production"}, ann())
	require.NoError(b, err)
	off := "off"
	config := evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "on"}}
	spec := release.Spec{Variation: "on",
		Steps:   []release.Step{{Weight: 1_000, Hold: release.Duration(time.Hour)}, {Weight: evaluator.TotalWeight}},
		Trigger: release.Trigger{Deployment: &release.DeploymentTrigger{Service: "checkout", Version: ">=2.3.0"}}}
	prepare := NewReleases(opened, Judge{}, func() {})
	for i := range flags {
		key := fmt.Sprintf("flag-%04d", i)
		_, err := opened.CreateFlag(b.Context(), store.Flag{
			Project: ref.Project, Key: key, Name: key, Type: evaluator.TypeBoolean, Purpose: store.PurposeRelease,
			Variations: []evaluator.Variation{{Key: "on", Value: json.RawMessage("true")}, {Key: "off", Value: json.RawMessage("false")}},
		}, config, ann())
		require.NoError(b, err)
		if i < releases {
			_, err = prepare.Put(b.Context(), store.FlagRef{EnvironmentRef: ref, Flag: key}, spec, store.AnyVersion, ann())
			require.NoError(b, err)
		}
	}
	return opened
}

// BenchmarkTurnWith1000ReleasesUnderWay measures the leader's work in each second while 1 000 releases are under way
// and none is due.
func BenchmarkTurnWith1000ReleasesUnderWay(b *testing.B) {
	const releases = 1_000
	opened := filled(b, releases, releases)
	loop := NewLoop(opened, nil, time.Now, slog.New(slog.DiscardHandler))
	verbs := NewReleases(opened, Judge{}, func() {})
	for i := range releases {
		_, err := verbs.Start(b.Context(), flagRef(i), ann())
		require.NoError(b, err)
	}
	for range 3 {
		loop.turn(b.Context())
	}
	b.ReportAllocs()
	for b.Loop() {
		loop.turn(b.Context())
	}
	require.False(b, loop.failing)
}

// counting counts what is asked.
type counting struct {
	Store
	environments, others int
}

func (c *counting) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	c.environments++
	return c.Store.ListEnvironments(ctx, project)
}

func (c *counting) ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error) {
	c.others++
	return c.Store.ListReleases(ctx, ref)
}

func (c *counting) Release(ctx context.Context, ref store.FlagRef) (store.Release, error) {
	c.others++
	return c.Store.Release(ctx, ref)
}

func (c *counting) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	c.others++
	return c.Store.Patch(ctx, ref, from)
}

func (c *counting) ListDeployments(
	ctx context.Context, ref store.EnvironmentRef, filter store.DeploymentFilter,
) ([]store.Deployment, error) {
	c.others++
	return c.Store.ListDeployments(ctx, ref, filter)
}

func (c *counting) FlagConfig(ctx context.Context, ref store.FlagRef) (store.FlagConfig, error) {
	c.others++
	return c.Store.FlagConfig(ctx, ref)
}

// A turn in which nothing is due only asks for the environments, however many releases there are.
func TestManyReleasesCostOneQueryATurn(t *testing.T) {
	t.Parallel()
	const releases = 60
	opened := filled(t, releases, releases)
	asked := &counting{Store: opened}
	loop := NewLoop(asked, nil, time.Now, slog.New(slog.DiscardHandler))
	verbs := NewReleases(opened, Judge{}, func() {})
	for i := range releases / 2 {
		_, err := verbs.Start(t.Context(), flagRef(i), ann())
		require.NoError(t, err)
	}
	for range 3 {
		loop.turn(t.Context())
	}
	asked.environments, asked.others = 0, 0
	for range 10 {
		loop.turn(t.Context())
	}
	require.Equal(t, []int{10, 0}, []int{asked.environments, asked.others})
	require.False(t, loop.failing)
}

func flagRef(i int) store.FlagRef {
	return store.FlagRef{
		EnvironmentRef: store.EnvironmentRef{Project: "default", Environment: "production"}, Flag: fmt.Sprintf("flag-%04d", i),
	}
}
