package flagdrpc

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"

	"github.com/tidegate-io/tidegate/server/stream"
)

// follower writes one stream. Only the goroutine of the stream calls it.
type follower interface {
	// moved writes what has changed, if anything has. The first call is for the state that the stream begins with.
	moved(a *access) (wrote bool, err error)
	// idle writes a sign of life.
	idle() error
}

// follow lets a stream in, and has f write each state of the environment until the caller goes, stops reading, or may not
// see it any longer. A stream that is ended here ends with an error, never well.
func (h *Handler) follow(ctx context.Context, a *access, kind string, f follower) error {
	admission, err := h.Streams.Admit(kind)
	if err != nil {
		return connect.NewError(connect.CodeUnavailable, err)
	}
	defer admission.Leave()
	revoked := h.Keys.Revoked(a.key.ID)
	keepAlive := time.NewTimer(admission.KeepAlive())
	defer keepAlive.Stop()
	write := func(message func() (bool, error)) error {
		began := time.Now()
		wrote, err := message()
		if err != nil && time.Since(began) >= h.Streams.WriteTimeout() {
			admission.Dropped()
		}
		if wrote {
			keepAlive.Reset(admission.KeepAlive())
		}
		return err
	}
	for {
		if err := write(func() (bool, error) { return f.moved(a) }); err != nil {
			return err
		}
		if err := h.await(ctx, a, admission, revoked, keepAlive.C, func() error {
			return write(func() (bool, error) { return true, f.idle() })
		}); err != nil {
			return err
		}
	}
}

// await returns once a is of a newer state, or with the error that ends the stream.
func (h *Handler) await(
	ctx context.Context, a *access, admission *stream.Admission, revoked <-chan struct{}, keepAlive <-chan time.Time, idle func() error,
) error {
	for {
		select {
		case <-a.state.Superseded():
			next, err := h.current(a.key)
			if err != nil {
				return err
			}
			*a = next
			return nil
		case <-revoked:
			return connect.NewError(connect.CodeUnauthenticated, errUnknownKey)
		case <-keepAlive:
			if err := idle(); err != nil {
				return err
			}
		case <-h.Streams.Closing():
			return leaveSlowly(ctx, admission.Spread())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// leaveSlowly ends a stream of a server that stops, after a while: these clients cannot be told when to come back.
func leaveSlowly(ctx context.Context, while time.Duration) error {
	timer := time.NewTimer(while)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return connect.NewError(connect.CodeUnavailable, errors.New("this server is going to stop; connect again"))
}
