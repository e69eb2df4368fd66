package observe_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/store"
)

var quiet = slog.New(slog.DiscardHandler)

// history returns the change of each revision, and counts the queries.
type history struct {
	madeAt map[int64]time.Time
	asked  atomic.Int32
}

func (h *history) ListChanges(_ context.Context, _ store.EnvironmentRef, filter store.ChangeFilter) ([]store.Change, error) {
	h.asked.Add(1)
	revision := filter.Before - 1
	at, known := h.madeAt[revision]
	if !known {
		return nil, store.ErrUnavailable
	}
	return []store.Change{{EnvironmentRef: production, Revision: revision, At: at}}, nil
}

func cursor(revision int64) store.Cursor { return store.Cursor{Epoch: "e", Revision: revision} }

func TestPropagationIsSampledOnceASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		changes := &history{madeAt: map[int64]time.Time{
			2: now.Add(-30 * time.Millisecond), 5: now.Add(500 * time.Millisecond), 6: now.Add(time.Hour),
		}}
		registry := prometheus.NewRegistry()
		propagation := observe.NewPropagation(changes, time.Now, quiet, registry)
		ctx, cancel := context.WithCancel(t.Context())
		go propagation.Run(ctx)

		// The first snapshot is not measured. A snapshot of another epoch is not measured either.
		propagation.Moved(production, store.Cursor{}, cursor(1))
		propagation.Moved(production, store.Cursor{Epoch: "before", Revision: 9}, cursor(1))
		synctest.Wait()
		assert.Zero(t, changes.asked.Load())

		propagation.Moved(production, cursor(1), cursor(2))
		synctest.Wait()
		assert.EqualValues(t, 1, changes.asked.Load())
		time.Sleep(time.Millisecond)
		for revision := int64(3); revision <= 5; revision++ {
			propagation.Moved(production, cursor(revision-1), cursor(revision))
		}
		synctest.Wait()
		assert.EqualValues(t, 1, changes.asked.Load(), "the store was asked twice within a second")
		time.Sleep(time.Second)
		synctest.Wait()
		assert.EqualValues(t, 2, changes.asked.Load())
		// One change is from a clock that is ahead. For another, the store does not answer.
		propagation.Moved(production, cursor(5), cursor(6))
		time.Sleep(2 * time.Second)
		propagation.Moved(production, cursor(6), cursor(7))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		assert.EqualValues(t, 4, changes.asked.Load())
		measured := gather(t, registry)
		assert.InDelta(t, 3, measured[`tidegate_propagation_delay_seconds{environment="production",project="default"}`], 0)
		cancel()
		synctest.Wait()
	})
}

// releases is a store of open releases, and a loop that may lead.
type releases struct {
	open        []store.Release
	away, leads atomic.Bool
}

func (r *releases) Leads() bool { return r.leads.Load() }

func (r *releases) ListOpenReleases(context.Context) ([]store.Release, error) {
	if r.away.Load() {
		return nil, store.ErrUnavailable
	}
	return r.open, nil
}

func TestReleasesAreCountedByTheLeader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		state := &releases{open: make([]store.Release, 3)}
		for i, phase := range []release.Phase{release.PhasePaused, release.PhaseProgressing, release.PhaseProgressing} {
			state.open[i].EnvironmentRef, state.open[i].State.Phase = production, phase
		}
		registry := prometheus.NewRegistry()
		ctx, cancel := context.WithCancel(t.Context())
		go observe.NewReleases(state, state, quiet, registry).Run(ctx)
		synctest.Wait()
		assert.Equal(t, map[string]float64{`tidegate_release_leader{}`: 0}, gather(t, registry))

		const inProduction = `{environment="production",phase="`
		counted := map[string]float64{
			`tidegate_release_leader{}`:                                            1,
			`tidegate_releases` + inProduction + `paused",project="default"}`:      1,
			`tidegate_releases` + inProduction + `progressing",project="default"}`: 2,
			`tidegate_releases` + inProduction + `pending",project="default"}`:     0,
		}
		state.leads.Store(true)
		time.Sleep(6 * time.Second)
		synctest.Wait()
		assert.Equal(t, counted, gather(t, registry))
		state.away.Store(true)
		time.Sleep(6 * time.Second)
		synctest.Wait()
		assert.Equal(t, counted, gather(t, registry), "what was counted last is kept while the store is away")
		state.leads.Store(false)
		time.Sleep(6 * time.Second)
		synctest.Wait()
		assert.Equal(t, map[string]float64{`tidegate_release_leader{}`: 0}, gather(t, registry))
		cancel()
		synctest.Wait()
	})
}

// statuses is a replica.
type statuses []replica.Status

func (s statuses) Statuses() []replica.Status { return s }

func TestAgesCountFromTheLastAgreement(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	registry := prometheus.NewRegistry()
	never := store.EnvironmentRef{Project: "default", Environment: "staging"}
	registry.MustRegister(observe.NewAges(statuses{
		{EnvironmentRef: production, AgreedAt: now.Add(58 * time.Second)}, {EnvironmentRef: never},
	}, clock))
	now = now.Add(time.Minute)
	assert.Equal(t, map[string]float64{
		`tidegate_snapshot_age_seconds{environment="production",project="default"}`: 2,
		`tidegate_snapshot_age_seconds{environment="staging",project="default"}`:    60,
	}, gather(t, registry))
}
