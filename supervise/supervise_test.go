package supervise_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/supervise"
)

var piece = supervise.Piece{Name: "loop", Detail: "shop/production"}

func TestAPanicIsLoggedCountedNamedAndTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		s := supervise.New(slog.New(slog.NewTextHandler(&logged, nil)))
		ctx, stop := context.WithCancel(supervise.With(t.Context(), s))
		defer stop()
		var runs []time.Time
		var running sync.WaitGroup
		supervise.Start(ctx, &running, piece, func(ctx context.Context) {
			runs = append(runs, time.Now())
			if len(runs) < 4 {
				panic("out of order")
			}
		})
		running.Wait()
		require.Len(t, runs, 4)
		require.Equal(t, time.Second, runs[1].Sub(runs[0]))
		require.Equal(t, 2*time.Second, runs[2].Sub(runs[1]))
		require.Equal(t, 4*time.Second, runs[3].Sub(runs[2]))
		require.Equal(t, map[string]int{"loop": 3}, s.Counts())
		failures := s.Failures()
		require.Len(t, failures, 1)
		require.Equal(t, piece, failures[0].Piece)
		require.Equal(t, 3, failures[0].Count)
		require.Contains(t, logged.String(), "out of order")
		require.Contains(t, logged.String(), "shop/production")
		require.Contains(t, logged.String(), "supervise_test.go", "with its stack")
		time.Sleep(time.Hour)
		require.Empty(t, s.Failures(), "what is long past is named no longer")
	})
}

func TestAPauseEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		began := time.Now()
		var running sync.WaitGroup
		supervise.Start(ctx, &running, piece, func(context.Context) {
			stop()
			panic("once")
		})
		running.Wait()
		require.Zero(t, time.Since(began))
	})
}

func TestWhatPanicsIsNotTriedDuringItsPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := supervise.New(slog.New(slog.DiscardHandler))
		runs := 0
		fails := func() error { runs++; panic("again") }
		var panicked *supervise.PanicError
		require.ErrorAs(t, s.Try(piece, fails), &panicked)
		require.Equal(t, "panic in loop shop/production: again", panicked.Error())
		require.ErrorAs(t, s.Try(piece, fails), &panicked)
		require.Equal(t, 1, runs)
		time.Sleep(time.Second)
		require.ErrorAs(t, s.Try(piece, fails), &panicked)
		require.Equal(t, 2, runs)

		other := supervise.Piece{Name: "loop", Detail: "shop/staging"}
		require.NoError(t, s.Try(other, func() error { return nil }), "another piece of the same name goes on")

		time.Sleep(2 * time.Second)
		expected := errors.New("the store is away")
		require.ErrorIs(t, s.Try(piece, func() error { return expected }), expected)
		require.Empty(t, s.Failures(), "an error is no panic")
		for range 100 {
			require.Error(t, s.Try(piece, fails))
			time.Sleep(5 * time.Minute)
		}
		require.Equal(t, 102, runs, "the pause never grows beyond its limit")
	})
}
