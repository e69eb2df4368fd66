package control_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/store"
)

// anarchy is a store on which everybody leads.
type anarchy struct{ control.Store }

func (anarchy) AcquireLease(context.Context, string, string, time.Time, time.Time) (bool, error) {
	return true, nil
}

// Several loops may believe that they lead, for example after a pause of a whole machine. Even then the guards of the
// writes let each step happen only once.
func TestSeveralLeadersTakeEachStepOnce(t *testing.T) {
	inBubble(t, func(b *bench) {
		ctx, cancel := context.WithCancel(b.Context())
		var running sync.WaitGroup
		for range 3 {
			loop := control.NewLoop(anarchy{b.store}, nil, time.Now, slog.New(slog.DiscardHandler))
			b.mu.Lock()
			b.loops = append(b.loops, loop)
			b.mu.Unlock()
			running.Go(func() { loop.Run(ctx) })
		}
		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(5 * time.Second)
		b.deploy("2.2.0", release.StatusSucceeded)
		pass(time.Second)
		require.Equal(b, []string{"pending 0", "progressing 1000", "progressing 25000", "completed 100000", "reverted 0"}, b.history())
		cancel()
		running.Wait()
	})
}

// meddler is a store in which something happens right before the next decision is written.
type meddler struct {
	control.Store
	meddle atomic.Pointer[func()]
}

func (m *meddler) PutRelease(
	ctx context.Context, r store.Release, config *store.ConfigWrite, ifVersion int64, by store.Attribution,
) (store.Release, error) {
	if meddle := m.meddle.Swap(nil); meddle != nil {
		(*meddle)()
	}
	return m.Store.PutRelease(ctx, r, config, ifVersion, by)
}

func (m *meddler) once(f func()) { m.meddle.Store(&f) }

// disable switches the flag off as a person does.
func (b *bench) disable() {
	config := b.config().Config
	config.Enabled = false
	_, err := b.store.UpdateFlagConfig(b.Context(), b.flag, config, store.AnyVersion, b.by("stop"))
	require.NoError(b, err)
}

func TestEditAtTheMomentOfAStepIsNotOverwritten(t *testing.T) {
	inBubble(t, func(b *bench) {
		m := &meddler{Store: b.store}
		loop := control.NewLoop(m, nil, time.Now, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(b.Context())
		var running sync.WaitGroup
		running.Go(func() { loop.Run(ctx) })

		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		loop.Wake()
		pass(soon)
		require.Equal(b, 1_000, b.state().Weight)
		m.once(b.disable)
		pass(time.Second)
		require.Equal(b, release.PhasePaused, b.state().Phase)
		require.Equal(b, 1_000, b.state().Weight)
		require.False(b, b.config().Config.Enabled)
		cancel()
		running.Wait()
	})
}

func TestVerbLooksAgainWhenSomebodyWasFaster(t *testing.T) {
	inBubble(t, func(b *bench) {
		m := &meddler{Store: b.store}
		releases := control.NewReleases(m, control.Judge{}, func() {})
		b.put(seconds()...)
		m.once(func() {
			config := b.config().Config
			config.Targets = []evaluator.Target{{Variation: "on", Values: []string{"ann"}}}
			_, err := b.store.UpdateFlagConfig(b.Context(), b.flag, config, store.AnyVersion, b.by(""))
			require.NoError(b, err)
		})
		_, err := releases.Start(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		require.Len(b, b.config().Config.Targets, 1, "the other's edit is kept")
		require.True(b, b.config().Config.Enabled)

		m.once(b.disable)
		_, err = releases.Promote(b.Context(), b.flag, b.by(""))
		require.ErrorIs(b, err, release.ErrRefused, "what was edited is not promoted")

		m.once(func() {
			_, err := b.releases.Pause(b.Context(), b.flag, b.by(""))
			require.NoError(b, err)
		})
		_, err = releases.Pause(b.Context(), b.flag, b.by(""))
		require.ErrorIs(b, err, release.ErrRefused, "it is paused already")
	})
}

// If two people promote to the same step at the same moment, only one succeeds. No further step is taken unseen.
func TestTwoWhoPromoteTakeOneStep(t *testing.T) {
	inBubble(t, func(b *bench) {
		m := &meddler{Store: b.store}
		releases := control.NewReleases(m, control.Judge{}, func() {})
		b.put(seconds()...)
		_, err := releases.Start(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		m.once(func() {
			_, err := b.releases.PromoteTo(b.Context(), b.flag, 1, b.by(""))
			require.NoError(b, err)
		})
		_, err = releases.PromoteTo(b.Context(), b.flag, 1, b.by(""))
		require.ErrorIs(b, err, release.ErrRefused)
		require.ErrorContains(b, err, "Step 2 is not the next one")
		require.Equal(b, 1, b.state().Step)
	})
}

// slow is a store whose writes take a while.
type slow struct{ control.Store }

func (s slow) PutRelease(
	ctx context.Context, r store.Release, config *store.ConfigWrite, ifVersion int64, by store.Attribution,
) (store.Release, error) {
	time.Sleep(2 * time.Second)
	return s.Store.PutRelease(ctx, r, config, ifVersion, by)
}

func TestLeaderRenewsTheLeaseInALongTurn(t *testing.T) {
	inBubble(t, func(b *bench) {
		flags := []string{"a", "b", "c", "d", "e"}
		for _, flag := range flags {
			b.addFlag(flag)
			b.flag.Flag = flag
			b.put(release.Step{Weight: 1_000, Hold: release.Duration(time.Hour)}, release.Step{Weight: 100_000})
		}
		b.deploy("2.3.0", release.StatusSucceeded)

		ctx, cancel := context.WithCancel(b.Context())
		var running sync.WaitGroup
		leader := control.NewLoop(slow{b.store}, nil, time.Now, slog.New(slog.DiscardHandler))
		running.Go(func() { leader.Run(ctx) })
		time.Sleep(time.Second)
		follower := control.NewLoop(b.store, nil, time.Now, slog.New(slog.DiscardHandler))
		running.Go(func() { follower.Run(ctx) })
		for range 14 {
			pass(time.Second)
			require.True(b, leader.Leads())
			require.False(b, follower.Leads())
		}
		for _, b.flag.Flag = range flags {
			require.Equal(b, []string{"pending 0", "progressing 1000"}, b.history())
		}
		cancel()
		running.Wait()
	})
}
