package sqlite_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// stuck is a bus that hangs even after its context has ended.
type stuck chan struct{}

func (s stuck) Announce(context.Context, store.Announcement) error {
	<-s
	return nil
}

func TestABusThatHangsHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	local, hangs := &bus.Local{}, make(stuck)
	s := open(t, newPath(t), sqlite.WithBus(hangs), sqlite.WithBus(local))
	t.Cleanup(func() { close(hangs) }) // before the store is closed, which announces what is left
	ref := makeEnvironment(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	heard, ended := make(chan int64, 100), make(chan struct{})
	go func() {
		defer close(ended)
		// The error is that of ctx.
		_ = local.Listen(ctx, func(a store.Announcement) { heard <- a.Revision })
	}()
	defer func() {
		cancel()
		<-ended
	}()
	for range 3 {
		e, err := s.Environment(t.Context(), ref)
		require.NoError(t, err)
		e, err = s.UpdateEnvironment(t.Context(), e, e.Version, store.Attribution{})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return <-heard >= e.Revision }, 20*time.Second, time.Millisecond, "while the other hangs")
	}
}
