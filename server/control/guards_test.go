package control_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/store"
)

// watchful are guards that count how often they are asked. They can be blinded.
type watchful struct {
	*measure.Book
	blind atomic.Bool
	asked atomic.Int64
}

func (w *watchful) Standing(ctx context.Context, r store.Release) (release.Standing, error) {
	w.asked.Add(1)
	if w.blind.Load() {
		return release.Standing{}, errors.New("the measurements cannot be read")
	}
	return w.Book.Standing(ctx, r)
}

// curious counts how often flags are read.
type curious struct {
	control.Store
	flags atomic.Int64
}

func (c *curious) Flag(ctx context.Context, project, key string) (store.Flag, error) {
	c.flags.Add(1)
	return c.Store.Flag(ctx, project, key)
}

// guarded starts a release of half of all contexts with a guard, and a loop that consults it.
func (b *bench) guarded() (guards *watchful, s *curious, stop func()) {
	return b.guardedBy(release.Guard{Name: "errors", Kind: release.GuardRate, Metric: "error", Per: "attempt"})
}

func (b *bench) guardedBy(guard release.Guard) (guards *watchful, s *curious, stop func()) {
	guards, s = &watchful{Book: measure.NewBook(b.store, time.Now)}, &curious{Store: b.store}
	_, err := b.releases.Put(b.Context(), b.flag, release.Spec{
		Variation: "on", Trigger: release.Trigger{Manual: true},
		Steps:  []release.Step{{Weight: 50_000, Hold: release.Duration(time.Hour)}, {Weight: 100_000}},
		Guards: []release.Guard{guard},
	}, store.AnyVersion, b.by(""))
	require.NoError(b, err)
	_, err = b.releases.Start(b.Context(), b.flag, b.by(""))
	require.NoError(b, err)
	loop := control.NewLoop(s, guards, time.Now, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		loop.Run(ctx)
	}()
	return guards, s, func() {
		cancel()
		<-done
	}
}

// measured stores one span of time in which so many of a thousand attempts of each arm failed.
func (b *bench) measured(exposedErrors, unexposedErrors int64) {
	current, err := b.store.Release(b.Context(), b.flag)
	require.NoError(b, err)
	tally := func(metric string, arm release.Arm, n int64) release.Tally {
		return release.Tally{Metric: metric, Arm: arm, Count: n}
	}
	require.NoError(b, b.store.PutMeasurements(b.Context(), []store.Measurement{{
		EnvironmentRef: production, Release: current.ID, WrittenAt: time.Now(),
		Measurement: release.Measurement{Observer: "a", From: time.Now(), Findings: release.Findings{Tallies: []release.Tally{
			tally("attempt", release.ArmExposed, 1000), tally("error", release.ArmExposed, exposedErrors),
			tally("attempt", release.ArmUnexposed, 1000), tally("error", release.ArmUnexposed, unexposedErrors),
		}}},
	}}))
}

func TestLoopRevertsByAGuard(t *testing.T) {
	inBubble(t, func(b *bench) {
		before := b.config().Config
		_, s, stop := b.guarded()
		defer stop()
		pass(10 * time.Second)
		b.measured(10, 10)
		pass(10 * time.Second)
		require.Equal(b, release.PhaseProgressing, b.state().Phase)
		asked := s.flags.Load()
		pass(time.Minute)
		require.Equal(b, asked, s.flags.Load(), "nothing was measured, so nothing is asked")
		for range 3 {
			b.measured(40, 10)
			pass(10 * time.Second)
		}
		require.Equal(b, release.PhaseReverted, b.state().Phase)
		require.True(b, strings.HasPrefix(b.state().Reason, "Reverted by guard errors: "), b.state().Reason)
		require.Equal(b, before, b.config().Config)
	})
}

// The loop reacts to a breached guard without waiting for its next turn.
func TestLoopHastensToRevertByAGuard(t *testing.T) {
	t.Parallel()
	for ahead := time.Duration(0); ahead < time.Second; ahead += 200 * time.Millisecond {
		t.Run(ahead.String(), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				_, _, stop := b.guarded()
				defer stop()
				pass(10*time.Second + ahead)
				b.measured(900, 10)
				pass(400 * time.Millisecond)
				require.Equal(b, release.PhaseReverted, b.state().Phase)
			})
		})
	}
}

// A paused release is not moved by a guard that pauses, however often it is looked at.
func TestLoopHastensOnce(t *testing.T) {
	inBubble(t, func(b *bench) {
		guards, _, stop := b.guardedBy(release.Guard{Name: "errors", Kind: release.GuardRate, Metric: "error", Per: "attempt", OnBreach: release.OnBreachPause})
		defer stop()
		_, err := b.releases.Pause(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		b.measured(900, 10)
		pass(10 * time.Second)
		asked := guards.asked.Load()
		pass(10 * time.Second)
		require.LessOrEqual(b, guards.asked.Load()-asked, int64(11), "once a second")
		require.Equal(b, release.PhasePaused, b.state().Phase)
	})
}

func TestLoopWithoutSightHoldsTheStep(t *testing.T) {
	inBubble(t, func(b *bench) {
		guards, _, stop := b.guarded()
		defer stop()
		guards.blind.Store(true)
		b.measured(10, 10)
		pass(2 * time.Hour)
		require.Equal(b, 0, b.state().Step)
		require.Contains(b, b.state().Reason, "waiting for guard errors")
		guards.blind.Store(false)
		pass(10 * time.Second)
		require.Equal(b, release.PhaseCompleted, b.state().Phase)
	})
}

func TestGuardsThatCannotBeCheckedAreRefused(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.releases = control.NewReleases(b.store, control.Judge{
			Guards: measure.NewBook(b.store, time.Now), Refuses: measure.NewWeb([]string{"status.example"}).Refuses,
		}, b.wake)
		put := func(address string) error {
			_, err := b.releases.Put(b.Context(), b.flag, release.Spec{
				Variation: "on", Trigger: release.Trigger{Manual: true}, Steps: []release.Step{{Weight: 100_000}},
				Guards: []release.Guard{{Name: "status", Kind: release.GuardWeb, URL: address}},
			}, store.AnyVersion, b.by(""))
			return err
		}
		var wrong evaluator.CompileErrors
		require.ErrorAs(b, put("http://169.254.169.254/"), &wrong)
		require.Equal(b, "/guards/0/url", wrong[0].Pointer)
		require.NoError(b, put("https://status.example/"))
	})
}
