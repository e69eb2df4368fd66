package bus_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLocal(t *testing.T) {
	t.Parallel()
	storetest.RunBus(t, func(*testing.T) (store.Bus, func()) { return &bus.Local{}, nil })
}

func TestJoined(t *testing.T) {
	t.Parallel()
	storetest.RunBus(t, func(*testing.T) (store.Bus, func()) { return bus.Joined{&bus.Local{}, &bus.Local{}}, nil })
}

// broken is a bus that fails at everything.
type broken struct{ err error }

func (b broken) Announce(context.Context, store.Announcement) error         { return b.err }
func (b broken) Listen(_ context.Context, _ func(store.Announcement)) error { return b.err }

func TestJoinedCarriesOnWithoutABrokenBus(t *testing.T) {
	t.Parallel()
	failure := errors.New("out of order")
	local := &bus.Local{}
	joined := bus.Joined{broken{failure}, local}

	ctx, cancel := context.WithCancel(t.Context())
	heard := make(chan store.Announcement, 10)
	ended := make(chan error, 1)
	go func() { ended <- joined.Listen(ctx, func(a store.Announcement) { heard <- a }) }()
	require.Equal(t, store.Announcement{}, <-heard)

	announcement := store.Announcement{EnvironmentRef: store.EnvironmentRef{Project: "p", Environment: "e"}, Revision: 4}
	require.ErrorIs(t, joined.Announce(ctx, announcement), failure)
	require.Equal(t, announcement, <-heard)
	cancel()
	err := <-ended
	require.ErrorIs(t, err, failure)
	require.ErrorIs(t, err, context.Canceled)
}

func TestLocalTellsASlowListenerTheNewest(t *testing.T) {
	t.Parallel()
	local := &bus.Local{}
	ref := store.EnvironmentRef{Project: "p", Environment: "e"}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	heard, goOn := make(chan store.Announcement), make(chan struct{})
	go func() {
		_ = local.Listen(ctx, func(a store.Announcement) {
			heard <- a
			<-goOn
		})
	}()
	require.Equal(t, store.Announcement{}, <-heard)
	for _, revision := range []int64{1, 3, 2} {
		require.NoError(t, local.Announce(ctx, store.Announcement{EnvironmentRef: ref, Revision: revision}))
	}
	goOn <- struct{}{}
	require.Equal(t, store.Announcement{EnvironmentRef: ref, Revision: 3}, <-heard)
	cancel()
	close(goOn)
}
