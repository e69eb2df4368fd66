package measure_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(int) { http.DefaultClient.CloseIdleConnections() }))
}

var production = store.EnvironmentRef{Project: "shop", Environment: "production"}

// shop is an environment in which a release has exposed half of all contexts, on a real store.
type shop struct {
	store    store.Store
	recorder *measure.Recorder
	book     *measure.Book
	release  store.Release

	mu       sync.Mutex
	time     time.Time
	snapshot *evaluator.Snapshot
}

func (s *shop) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time
}

func (s *shop) wait(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.time = s.time.Add(d)
}

// Snapshot compiles what the store has now.
func (s *shop) Snapshot(ref store.EnvironmentRef) (*evaluator.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	definition, err := s.store.Definition(context.Background(), ref)
	if err != nil {
		return nil, err
	}
	if s.snapshot == nil || s.snapshot.Revision() != definition.Revision {
		s.snapshot, _, err = evaluator.Compile(definition)
	}
	return s.snapshot, err
}

// guards gives one guard of each kind that compares.
func guards() []release.Guard {
	return []release.Guard{
		{Name: "errors", Kind: release.GuardRate, Metric: "checkout.error", Per: "checkout.attempt", MinSample: 10},
		{Name: "latency", Kind: release.GuardMean, Metric: "checkout.latency", MinSample: 10},
		{Name: "slow", Kind: release.GuardQuantile, Metric: "checkout.latency", MinSample: 10},
	}
}

func open(t testing.TB, guards ...release.Guard) *shop {
	t.Helper()
	truth, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, truth.Close()) })
	s := &shop{store: truth, time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	by := store.Attribution{Actor: store.Actor{Kind: store.ActorSystem, Name: "test"}, At: s.time}
	_, err = truth.CreateProject(t.Context(), store.Project{Key: "shop", Name: "Shop", CreatedAt: s.time}, by)
	require.NoError(t, err)
	_, err = truth.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: production, Name: "Production", CreatedAt: s.time}, by)
	require.NoError(t, err)
	off := "off"
	config := evaluator.FlagConfig{
		Enabled: true, OffVariation: &off,
		Targets:     []evaluator.Target{{Variation: "on", Values: []string{"the boss"}}},
		Fallthrough: evaluator.Serve{Rollout: &evaluator.Rollout{Weights: []evaluator.WeightedServing{{Variation: "on", Weight: 50_000}, {Variation: "off", Weight: 50_000}}}},
	}
	_, err = truth.CreateFlag(t.Context(), store.Flag{
		Project: "shop", Key: "new-checkout", Name: "New checkout", Type: evaluator.TypeBoolean, Purpose: store.PurposeRelease,
		Variations: []evaluator.Variation{{Key: "on", Value: json.RawMessage("true")}, {Key: "off", Value: json.RawMessage("false")}},
	}, config, by)
	require.NoError(t, err)
	at := s.time
	s.release, err = truth.PutRelease(t.Context(), store.Release{EnvironmentRef: production, Release: release.Release{
		ID: "r1", Flag: "new-checkout",
		Spec: release.Spec{
			Variation: "on", Trigger: release.Trigger{Manual: true}, Guards: guards,
			Steps: []release.Step{{Weight: 50_000, Hold: release.Duration(time.Hour)}, {Weight: 100_000}},
		},
		State: release.State{Phase: release.PhaseProgressing, Weight: 50_000, StartedAt: &at, StepAt: &at, Base: &release.Base{}},
	}}, nil, store.AnyVersion, by)
	require.NoError(t, err)
	s.recorder = measure.NewRecorder(truth, s, s.now, slog.New(slog.DiscardHandler))
	s.book = measure.NewBook(truth, s.now)
	return s
}

var checkout = measure.Source{Service: "checkout", Version: "2.3.0", Instance: "pod-1"}

func event(name, user string, value float64) measure.TrackingEvent {
	return measure.TrackingEvent{Name: name, Value: value, Attributes: map[string]any{"targetingKey": user}}
}

// visit reports an attempt and its latency for each of so many users. If exposedFail is true, those who get the
// variation fail.
func (s *shop) visit(t *testing.T, users int, exposedFail bool) {
	t.Helper()
	snapshot, err := s.Snapshot(production)
	require.NoError(t, err)
	var events []measure.TrackingEvent
	for i := range users {
		user := fmt.Sprintf("user-%d", i)
		c := evaluator.NewContext(user)
		exposed := snapshot.Evaluate("new-checkout", &c).Variation == "on"
		latency := 100.0
		if exposed && exposedFail {
			events = append(events, event("checkout.error", user, 1))
			latency = 300
		}
		events = append(events, event("checkout.attempt", user, 1), event("checkout.latency", user, latency+float64(i%7)))
	}
	measured, err := s.recorder.Record(t.Context(), production, checkout, events, nil)
	require.NoError(t, err)
	require.Equal(t, len(events), measured)
}

// pass lets time go by, and what was counted is stored.
func (s *shop) pass(t *testing.T, d time.Duration) {
	t.Helper()
	s.wait(d)
	require.NoError(t, s.recorder.Flush(t.Context(), s.now()))
}

func (s *shop) reading(t *testing.T, guard string) release.Reading {
	t.Helper()
	standing, err := s.book.Standing(t.Context(), s.release)
	require.NoError(t, err)
	for _, r := range standing.Readings {
		if r.Guard == guard {
			return r
		}
	}
	return release.Reading{}
}

func TestEventsAreAttributedByEvaluatingTheirContextsAgain(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	for range 5 {
		s.visit(t, 200, true)
		s.pass(t, 10*time.Second)
	}
	for _, guard := range []string{"errors", "latency", "slow"} {
		require.Equal(t, release.VerdictBreached, s.reading(t, guard).Verdict, s.reading(t, guard).Text)
	}
	errors := s.reading(t, "errors")
	require.InDelta(t, 1, *errors.Exposed.Value, 1e-9)
	require.InDelta(t, 0, *errors.Unexposed.Value, 1e-9)
	require.EqualValues(t, 1000, errors.Exposed.Sample+errors.Unexposed.Sample)
	require.Len(t, errors.Slices, 2)
	require.Equal(t, "2.3.0", errors.Slices[0].Version)

	ratio := s.reading(t, release.SampleRatio)
	require.Equal(t, release.VerdictGood, ratio.Verdict)
	require.InDelta(t, 200, ratio.Exposed.Sample+ratio.Unexposed.Sample, 8, "each user counts once, but for those who share a bit")
}

func TestWhatIsNoMatterOfChanceIsNotCompared(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	attempt := func(from measure.Source, attributes map[string]any) {
		_, err := s.recorder.Record(t.Context(), production, from, []measure.TrackingEvent{{Name: "checkout.attempt", Attributes: attributes}}, nil)
		require.NoError(t, err)
	}
	attempt(checkout, map[string]any{"targetingKey": "the boss"})
	attempt(checkout, map[string]any{})
	attempt(measure.Source{}, map[string]any{"targetingKey": "user-1"})
	s.pass(t, 10*time.Second)
	errors := s.reading(t, "errors")
	require.EqualValues(t, 1, errors.Exposed.Sample+errors.Unexposed.Sample)
	var outside int64
	for _, slice := range errors.Slices {
		if slice.Arm == release.ArmOutside {
			outside += slice.Sample
		}
	}
	require.EqualValues(t, 2, outside)
}

func TestEventsThatNoGuardAsksForAreNotCounted(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	measured, err := s.recorder.Record(t.Context(), production, checkout, []measure.TrackingEvent{event("page.view", "user-1", 1)}, nil)
	require.NoError(t, err)
	require.Zero(t, measured)
	s.pass(t, time.Minute)
	stored, err := s.store.ListMeasurements(t.Context(), production, "r1")
	require.NoError(t, err)
	require.Empty(t, stored)
}

func TestShadowsCountNowhere(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	by := store.Attribution{Actor: store.Actor{Kind: store.ActorSystem, Name: "test"}, At: s.now()}
	_, _, err := s.store.PutDeployment(t.Context(), store.Deployment{EnvironmentRef: production, Deployment: release.Deployment{
		ID: "d1", Service: "checkout", Version: "2.4.0", Status: release.StatusStarted, Source: "ci", ExternalID: "1",
		Strategy: release.StrategyShadow, StartedAt: s.now(), UpdatedAt: s.now(),
	}}, by)
	require.NoError(t, err)
	require.NoError(t, s.store.PutInstances(t.Context(), []store.Instance{{
		EnvironmentRef: production, Service: "checkout", InstanceID: "pod-9", Version: "2.3.0", StartedAt: s.now(), SeenAt: s.now(), Shadow: true,
	}}))
	for from, measured := range map[measure.Source]int{
		{Service: "checkout", Version: "2.4.0", Instance: "pod-2"}: 0,
		{Service: "checkout", Version: "2.3.0", Instance: "pod-9"}: 0,
		checkout: 1,
	} {
		n, err := s.recorder.Record(t.Context(), production, from, []measure.TrackingEvent{event("checkout.attempt", "user-1", 1)}, nil)
		require.NoError(t, err)
		require.Equal(t, measured, n, from)
	}
}

func TestEvaluationsAreExposures(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	_, err := s.recorder.Record(t.Context(), production, checkout, nil, []measure.Evaluations{
		{Flag: "new-checkout", Variation: "on", Count: 17}, {Flag: "new-checkout", Variation: "off", Count: 100}, {Flag: "other", Variation: "on", Count: 100},
	})
	require.NoError(t, err)
	standing, err := s.book.Standing(t.Context(), s.release)
	require.NoError(t, err)
	require.Nil(t, standing.Exposures, "nothing is stored yet")
	s.pass(t, 10*time.Second)
	standing, err = s.book.Standing(t.Context(), s.release)
	require.NoError(t, err)
	require.EqualValues(t, 17, *standing.Exposures)
}
