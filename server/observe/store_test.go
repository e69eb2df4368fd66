package observe_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

var (
	noTracer   = noop.NewTracerProvider().Tracer("")
	production = store.EnvironmentRef{Project: "default", Environment: "production"}
)

func TestEveryOperationOfTheStoreIsMeasured(t *testing.T) {
	t.Parallel()
	inner, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "tidegate.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, inner.Close()) })
	registry := prometheus.NewRegistry()
	var observed store.Store = observe.NewStore(inner, registry, noTracer)

	operations := reflect.TypeFor[store.Store]()
	for i := range operations.NumMethod() {
		name := operations.Method(i).Name
		if name == "Close" {
			continue
		}
		method := reflect.ValueOf(observed).MethodByName(name)
		arguments := []reflect.Value{reflect.ValueOf(t.Context())}
		for j := 1; j < method.Type().NumIn(); j++ {
			arguments = append(arguments, reflect.Zero(method.Type().In(j)))
		}
		method.Call(arguments)
		measured := gather(t, registry)
		assert.InDelta(t, 1, measured[fmt.Sprintf("tidegate_store_operation_duration_seconds{operation=%q}", name)], 0,
			"store.%s is not measured: run make generate", name)
	}
}

// failing is a store. Tests use only two of its operations.
type failing struct {
	store.Store
	err error
}

func (f *failing) Ping(context.Context) error { return f.err }

func (f *failing) PutRelease(_ context.Context, r store.Release, _ *store.ConfigWrite, _ int64, _ store.Attribution) (store.Release, error) {
	return r, f.err
}

func TestFailuresOfTheStoreAreCountedByReason(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		reason string
	}{
		"success":     {},
		"not found":   {err: fmt.Errorf("flag: %w", store.ErrNotFound)},
		"exists":      {err: store.ErrExists},
		"repeated":    {err: store.ErrRepeated},
		"invalid":     {err: store.ErrInvalid},
		"cancelled":   {err: context.Canceled},
		"conflict":    {err: &store.ConflictError{What: "flag", Current: 2}, reason: "conflict"},
		"unavailable": {err: fmt.Errorf("read: %w", store.ErrUnavailable), reason: "unavailable"},
		"timeout":     {err: context.DeadlineExceeded, reason: "unavailable"},
		"other":       {err: errors.New("disk on fire"), reason: "other"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			registry := prometheus.NewRegistry()
			observed := observe.NewStore(&failing{err: c.err}, registry, noTracer)
			require.ErrorIs(t, observed.Ping(t.Context()), c.err)
			measured := gather(t, registry)
			for _, reason := range []string{"conflict", "unavailable", "other"} {
				expected := 0.0
				if reason == c.reason {
					expected = 1
				}
				value, there := measured[fmt.Sprintf("tidegate_store_errors_total{reason=%q}", reason)]
				assert.True(t, there)
				assert.InDelta(t, expected, value, 0, reason)
			}
		})
	}
}

func TestEndsOfReleasesAreCounted(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	inner := &failing{}
	observed := observe.NewStore(inner, registry, noTracer)
	put := func(phase release.Phase) {
		r := store.Release{EnvironmentRef: production}
		r.State.Phase = phase
		_, err := observed.PutRelease(t.Context(), r, nil, 1, store.Attribution{})
		require.ErrorIs(t, err, inner.err)
	}
	finished := func(phase string) float64 {
		value, there := gather(t, registry)[fmt.Sprintf(`tidegate_releases_finished_total{environment="production",phase=%q,project="default"}`, phase)]
		require.True(t, there, phase)
		return value
	}
	put(release.PhaseProgressing)
	assert.Zero(t, finished("completed")+finished("reverted"))
	put(release.PhaseCompleted)
	put(release.PhaseReverted)
	put(release.PhaseReverted)
	assert.InDelta(t, 1, finished("completed"), 0)
	assert.InDelta(t, 2, finished("reverted"), 0)
	inner.err = store.ErrConflict
	put(release.PhaseReverted)
	assert.InDelta(t, 2, finished("reverted"), 0, "a write that failed was counted")
}

// scriptedCache answers with an error.
type scriptedCache struct{ err error }

func (c *scriptedCache) PutSnapshot(context.Context, evaluator.Definition) error { return c.err }
func (c *scriptedCache) Snapshot(context.Context, store.EnvironmentRef) (evaluator.Definition, error) {
	return evaluator.Definition{Revision: 7}, c.err
}

func TestCacheRequestsAreCountedByResult(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	inner := &scriptedCache{}
	cache := observe.NewCache(inner, registry)
	for _, err := range []error{nil, store.ErrNotFound, store.ErrUnavailable, store.ErrUnavailable} {
		inner.err = err
		def, got := cache.Snapshot(t.Context(), production)
		require.ErrorIs(t, got, err)
		require.Equal(t, int64(7), def.Revision)
	}
	require.ErrorIs(t, cache.PutSnapshot(t.Context(), evaluator.Definition{}), store.ErrUnavailable)
	inner.err = nil
	require.NoError(t, cache.PutSnapshot(t.Context(), evaluator.Definition{}))
	const name = "tidegate_snapshot_cache_requests_total"
	assert.Equal(t, map[string]float64{
		name + `{operation="get",result="hit"}`: 1, name + `{operation="get",result="miss"}`: 1, name + `{operation="get",result="error"}`: 2,
		name + `{operation="put",result="ok"}`: 1, name + `{operation="put",result="error"}`: 1,
	}, gather(t, registry))
}
