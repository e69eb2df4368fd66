package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/supervise"
)

// Joined is several buses as one. It announces on each bus, and hears what comes from any of them. The same
// announcement may be heard several times. If one bus is down or hangs, the others still work.
type Joined []store.Bus

var _ store.Bus = Joined(nil)

// Announce asks all buses at once and joins their errors.
func (j Joined) Announce(ctx context.Context, a store.Announcement) error {
	return j.each(ctx, func(b store.Bus) error { return b.Announce(ctx, a) })
}

// Listen returns when the last of the buses has returned.
func (j Joined) Listen(ctx context.Context, heard func(store.Announcement)) error {
	var mu sync.Mutex
	return j.each(ctx, func(b store.Bus) error {
		return b.Listen(ctx, func(a store.Announcement) {
			mu.Lock()
			defer mu.Unlock()
			heard(a)
		})
	})
}

func (j Joined) each(ctx context.Context, f func(store.Bus) error) error {
	errs := make([]error, len(j))
	var group sync.WaitGroup
	for i, b := range j {
		of := supervise.Piece{Name: "bus", Detail: fmt.Sprintf("%T", b)}
		supervise.Start(ctx, &group, of, func(context.Context) { errs[i] = f(b) })
	}
	group.Wait()
	return errors.Join(errs...)
}
