package measure_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/store"
)

func TestSpansAreShortWhileAStepIsYoung(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	s.wait(3 * time.Second)
	s.visit(t, 1, false)
	s.pass(t, 6*time.Second)
	require.Empty(t, s.stored(t), "the span has not ended")
	s.pass(t, time.Second)
	require.Len(t, s.stored(t), 1)
	s.wait(10 * time.Minute)
	s.visit(t, 1, false)
	s.pass(t, 10*time.Second)
	require.Len(t, s.stored(t), 1)
	s.pass(t, 50*time.Second)
	require.Len(t, s.stored(t), 2)
}

func TestASpanThatHasASampleEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	s.wait(3 * time.Second)
	s.visit(t, 100, false)
	s.pass(t, 240*time.Millisecond)
	require.Empty(t, s.stored(t), "it has lasted too short")
	s.pass(t, 10*time.Millisecond)
	require.Len(t, s.stored(t), 1)
	s.visit(t, 99, false)
	s.pass(t, time.Second)
	require.Len(t, s.stored(t), 1, "it has too small a sample")
	s.visit(t, 1, false)
	s.pass(t, 0)
	require.Len(t, s.stored(t), 2)
	require.EqualValues(t, 200, s.reading(t, "errors").Exposed.Sample+s.reading(t, "errors").Unexposed.Sample)
}

// The more a step has had, the more is needed for a new look. So little is stored.
func TestSpansGetLongerWithWhatAStepHas(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	s.visit(t, 40_000, false)
	s.pass(t, time.Second)
	require.Len(t, s.stored(t), 1)
	s.visit(t, 199, false)
	s.pass(t, time.Second)
	require.Len(t, s.stored(t), 1)
	s.visit(t, 1, false)
	s.pass(t, time.Second)
	require.Len(t, s.stored(t), 2)
}

// A guard with rare events is not looked at in pieces without any of them.
func TestASpanWaitsForTheRarestUnit(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	s.visit(t, 100, false)
	s.pass(t, time.Second)
	require.Len(t, s.stored(t), 1)
	var attempts []measure.TrackingEvent
	for i := range 500 {
		attempts = append(attempts, event("checkout.attempt", fmt.Sprintf("user-%d", i), 1))
	}
	_, err := s.recorder.Record(t.Context(), production, checkout, attempts, nil)
	require.NoError(t, err)
	s.pass(t, time.Second)
	require.Len(t, s.stored(t), 1, "latencies have come in this step, but none since")
	s.pass(t, 10*time.Second)
	require.Len(t, s.stored(t), 2)
}

func TestABookKnowsABreachAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	breached := func() bool {
		is, err := s.book.Breached(t.Context(), s.release)
		require.NoError(t, err)
		return is
	}
	s.visit(t, 200, false)
	s.pass(t, time.Second)
	require.False(t, breached())
	for range 3 {
		s.visit(t, 200, true)
		s.pass(t, 300*time.Millisecond)
	}
	require.True(t, breached())
}

// The clock of one of two replicas is behind. A look for new measurements misses those of this replica. The next look
// that goes further back finds them.
func TestABookFindsWhatAReplicaBehindHasMeasured(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	s.wait(time.Minute)
	s.visit(t, 200, false)
	s.pass(t, time.Second)
	s.reading(t, "errors")
	behind := measure.NewRecorder(s.store, s, func() time.Time { return s.now().Add(-30 * time.Second) }, slog.New(slog.DiscardHandler))
	s.recorder = behind
	s.visit(t, 200, false)
	require.NoError(t, s.recorder.Flush(t.Context(), s.now()))
	s.wait(time.Second)
	standing, err := s.book.Standing(t.Context(), s.release)
	require.NoError(t, err)
	require.Equal(t, 2, standing.Measurements)
}

func (s *shop) stored(t *testing.T) []store.Measurement {
	t.Helper()
	stored, err := s.store.ListMeasurements(t.Context(), production, "r1")
	require.NoError(t, err)
	return stored
}

func TestABookFollowsAllReplicasAndAgreesWithOneThatBeginsLater(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	here, there := s.recorder, measure.NewRecorder(s.store, s, s.now, slog.New(slog.DiscardHandler))
	for i := range 6 {
		s.visit(t, 50, i > 2)
		s.recorder = there
		s.visit(t, 40, i > 2)
		s.pass(t, 10*time.Second)
		s.recorder = here
		s.pass(t, 0)
		s.wait(2 * time.Second)
		s.reading(t, "errors")
	}
	followed, err := s.book.Standing(t.Context(), s.release)
	require.NoError(t, err)
	require.Equal(t, 12, followed.Measurements, "each span counts once, however often it is read")
	late, err := measure.NewBook(s.store, s.now).Standing(t.Context(), s.release)
	require.NoError(t, err)
	require.Equal(t, followed.Measurements, late.Measurements)
	for i, reading := range followed.Readings {
		require.Equal(t, reading.Verdict, late.Readings[i].Verdict)
		require.Equal(t, reading.Exposed, late.Readings[i].Exposed)
		require.Equal(t, reading.Slices, late.Readings[i].Slices)
	}
}

func TestWhatWasMeasuredBeforeSomebodyWentOnDoesNotCount(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	for range 5 {
		s.visit(t, 200, true)
		s.pass(t, 10*time.Second)
	}
	require.Equal(t, release.VerdictBreached, s.reading(t, "errors").Verdict)
	now := s.now()
	s.release.State.MeasuredSince = &now
	require.Equal(t, release.VerdictWaiting, s.reading(t, "errors").Verdict)
	series, err := s.book.Series(t.Context(), s.release)
	require.NoError(t, err)
	require.Empty(t, series["errors"])
}

// away is a store that cannot be read or written while it is down.
type away struct {
	store.Store
	down bool
}

var errAway = errors.New("the store is away")

func (a *away) PutMeasurements(ctx context.Context, measurements []store.Measurement) error {
	if a.down {
		return errAway
	}
	return a.Store.PutMeasurements(ctx, measurements)
}

func (a *away) ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error) {
	if a.down {
		return nil, errAway
	}
	return a.Store.ListReleases(ctx, ref)
}

func TestMeasurementsWaitForAStoreThatIsAway(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	truth := &away{Store: s.store}
	s.recorder = measure.NewRecorder(truth, s, s.now, slog.New(slog.DiscardHandler))
	truth.down = true
	_, err := s.recorder.Record(t.Context(), production, checkout, []measure.TrackingEvent{event("checkout.attempt", "user-1", 1)}, nil)
	require.ErrorIs(t, err, errAway, "nobody knows yet what guards ask for")
	truth.down = false
	s.visit(t, 10, false)
	truth.down = true
	s.wait(time.Minute)
	s.visit(t, 10, false)
	require.ErrorIs(t, s.recorder.Flush(t.Context(), s.now().Add(time.Minute)), errAway)
	truth.down = false
	require.NoError(t, s.recorder.Flush(t.Context(), s.now()))
	require.EqualValues(t, 20, s.reading(t, "errors").Exposed.Sample+s.reading(t, "errors").Unexposed.Sample)
}

func TestAReplicaThatStopsStoresWhatIsOpen(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	s.visit(t, 10, false)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	s.recorder.Run(ctx)
	require.Len(t, s.stored(t), 1)
}

func TestASpanHasOneShare(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	s.visit(t, 20, false)
	s.wait(time.Second)
	by := store.Attribution{Actor: store.Actor{Kind: store.ActorSystem, Name: "test"}, At: s.now()}
	flag := store.FlagRef{EnvironmentRef: production, Flag: "new-checkout"}
	config, err := s.store.FlagConfig(t.Context(), flag)
	require.NoError(t, err)
	config.Config.Fallthrough.Rollout.Weights[0].Weight, config.Config.Fallthrough.Rollout.Weights[1].Weight = 80_000, 20_000
	_, err = s.store.UpdateFlagConfig(t.Context(), flag, config.Config, store.AnyVersion, by)
	require.NoError(t, err)
	s.visit(t, 20, false)
	s.pass(t, 10*time.Second)
	shares := map[int]int64{}
	for _, m := range s.stored(t) {
		require.Len(t, m.Assigned, 1)
		shares[m.Assigned[0].Share] += m.Assigned[0].Exposed + m.Assigned[0].Unexposed
	}
	require.Len(t, shares, 2)
	for _, share := range []int{50_000, 80_000} {
		require.InDelta(t, 20, shares[share], 4, "but for those who share a bit")
	}
}
