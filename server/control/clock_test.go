package control_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/store"
)

// TestClockStepsAreSurvived sets the clock of the servers in the middle of a hold, and again after a rollback.
// Whatever the clock says, every step is taken once. No step takes longer than its hold from then on. The rollback is
// not missed.
func TestClockStepsAreSurvived(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{-24 * time.Hour, -time.Hour, -2 * time.Second, 2 * time.Second, time.Hour, 24 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				clock := func() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())) }
				ctx, cancel := context.WithCancel(b.Context())
				done := make(chan struct{})
				loop := control.NewLoop(b.store, nil, clock, slog.New(slog.DiscardHandler))
				go func() {
					defer close(done)
					loop.Run(ctx)
				}()
				hold := release.Duration(10 * time.Second)
				b.put(release.Step{Weight: 1_000, Hold: hold}, release.Step{Weight: 25_000, Hold: hold}, release.Step{Weight: 100_000})
				b.deploy("2.3.0", release.StatusSucceeded)
				pass(5 * time.Second)
				require.Equal(b, 1_000, b.state().Weight)

				b.ahead.Store(int64(by))
				pass(15 * time.Second)
				require.GreaterOrEqual(b, b.state().Weight, 25_000, "the hold is over")
				require.True(b, loop.Leads())
				pass(10 * time.Second)
				require.Equal(b, release.PhaseCompleted, b.state().Phase)

				b.ahead.Store(0)
				pass(2 * time.Second)
				b.deploy("2.2.0", release.StatusSucceeded)
				pass(2 * time.Second)
				require.Equal(b, release.PhaseReverted, b.state().Phase, b.state().Reason)
				history := b.history()
				if by < -time.Minute {
					require.Equal(b, "progressing 1000", history[2], "the hold begins anew, and the history says why")
					history = append(history[:2:2], history[3:]...)
				}
				require.Equal(b, []string{"pending 0", "progressing 1000", "progressing 25000", "completed 100000", "reverted 0"}, history)
				cancel()
				<-done
			})
		})
	}
}

// TestRollbackIsSeenAlthoughTheClockWasAheadBefore reports a deployment while the clock is ahead. It reports a
// rollback when the clock is right again.
func TestRollbackIsSeenAlthoughTheClockWasAheadBefore(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.put(seconds()...)
		b.ahead.Store(int64(24 * time.Hour))
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		require.Equal(b, release.PhaseProgressing, b.state().Phase)
		b.ahead.Store(0)
		back := b.deploy("2.2.0", release.StatusSucceeded)
		require.True(b, back.UpdatedAt.After(time.Now().Add(23*time.Hour)))
		pass(soon)
		require.Equal(b, release.PhaseReverted, b.state().Phase)

		deployments, err := b.store.ListDeployments(b.Context(), production, store.DeploymentFilter{})
		require.NoError(b, err)
		require.Equal(b, "2.2.0", deployments[0].Version)
	})
}
