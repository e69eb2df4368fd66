package storetest

import (
	"context"
	"crypto/rand"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

// patience is how long a test waits for something that must happen.
const patience = 20 * time.Second

// RunBus runs the suite of buses. Each call of open gives a new bus and a way to break its connections. The test that
// open gets closes the bus. The way is nil if the bus has no connections.
func RunBus(t *testing.T, open func(t *testing.T) (bus store.Bus, cut func())) {
	t.Run("brings announcements to every listener", func(t *testing.T) {
		t.Parallel()
		bus, _ := open(t)
		a, b := listen(t, bus), listen(t, bus)
		announcement := anAnnouncement(7)
		require.NoError(t, bus.Announce(t.Context(), announcement))
		a.requireHeard(t, announcement)
		b.requireHeard(t, announcement)
	})

	t.Run("ends with its context", func(t *testing.T) {
		t.Parallel()
		bus, _ := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		listening := make(chan struct{}, 1)
		go func() {
			ended <- bus.Listen(ctx, func(store.Announcement) {
				select {
				case listening <- struct{}{}:
				default:
				}
			})
		}()
		await(t, listening)
		cancel()
		require.ErrorIs(t, await(t, ended), context.Canceled)
	})

	t.Run("calls one at a time, and nobody waits for a slow listener", func(t *testing.T) {
		t.Parallel()
		bus, _ := open(t)
		last := anAnnouncement(100)
		var inside atomic.Int32
		goOn := make(chan struct{})
		slow := listenWith(t, bus, func(a store.Announcement) {
			if inside.Add(1) > 1 {
				panic("two calls at once")
			}
			defer inside.Add(-1)
			if a.EnvironmentRef == last.EnvironmentRef {
				<-goOn
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for revision := int64(1); revision <= last.Revision; revision++ {
			require.NoError(
				t,
				bus.Announce(ctx, store.Announcement{EnvironmentRef: last.EnvironmentRef, Revision: revision}),
			)
		}
		close(goOn)
		slow.requireHeard(t, last)
	})

	t.Run("says when anything may have changed, and goes on, after its connection was lost", func(t *testing.T) {
		t.Parallel()
		bus, cut := open(t)
		if cut == nil {
			t.Skip("there is no connection to lose")
		}
		listener := listen(t, bus)
		for range 2 {
			cut()
			listener.requireHeard(t, store.Announcement{})
		}
		listener.announceUntilHeard(t, bus)
	})
}

// anAnnouncement is an announcement that no other test makes.
func anAnnouncement(revision int64) store.Announcement {
	return store.Announcement{
		EnvironmentRef: store.EnvironmentRef{Project: rand.Text(), Environment: production}, Revision: revision,
	}
}

type listener struct {
	heard chan store.Announcement
}

// listen listens until the test is over. The bus is listening already when listen returns.
func listen(t *testing.T, bus store.Bus) *listener {
	t.Helper()
	return listenWith(t, bus, func(store.Announcement) {})
}

// listenWith is listen, and first calls f with each announcement.
func listenWith(t *testing.T, bus store.Bus, f func(store.Announcement)) *listener {
	t.Helper()
	l := &listener{heard: make(chan store.Announcement, 1000)}
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(ended)
		_ = bus.Listen(ctx, func(a store.Announcement) {
			f(a)
			l.heard <- a
		})
	}()
	t.Cleanup(func() {
		cancel()
		await(t, ended)
	})
	l.requireHeard(t, store.Announcement{})
	return l
}

// requireHeard waits for an announcement. It ignores others, because other tests may have made them.
func (l *listener) requireHeard(t *testing.T, want store.Announcement) {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case a := <-l.heard:
			if a == want {
				return
			}
		case <-deadline:
			require.FailNow(t, "not heard", "%+v", want)
		}
	}
}

// announceUntilHeard announces again if the connection for the announcement turns out to be lost.
func (l *listener) announceUntilHeard(t *testing.T, bus store.Bus) {
	t.Helper()
	announcement := anAnnouncement(8)
	require.Eventually(
		t,
		func() bool { return bus.Announce(t.Context(), announcement) == nil },
		patience,
		10*time.Millisecond,
	)
	l.requireHeard(t, announcement)
}

// await receives from c. It fails if that takes too long.
func await[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		require.FailNow(t, "it did not happen")
		panic("unreachable")
	}
}
