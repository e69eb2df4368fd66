package flagdrpc

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/stream"
)

// follower writes one stream. Only the goroutine of the stream calls it.
type follower interface {
	// moved writes what has changed, if anything has. The first call is for the state at the start of the stream.
	moved(a *auth.Access) (wrote bool, err error)
	// idle writes a keep-alive.
	idle() error
}

// follow lets a stream in. Then f writes each state of the environment until the caller goes, stops reading, or may
// no longer see it. A stream that the server ends always ends with an error.
func (h *Handler) follow(ctx context.Context, a *auth.Access, kind string, f follower) error {
	admission, err := h.Streams.Admit(kind)
	if err != nil {
		return connect.NewError(connect.CodeUnavailable, err)
	}
	defer admission.Leave()
	defer func() {
		if stalled(ctx) {
			admission.Dropped()
		}
	}()
	s := &flow{
		handler:   h,
		at:        a,
		follower:  f,
		admission: admission,
		revoked:   h.Keys.Revoked(a.Key.ID),
		keepAlive: time.NewTimer(admission.KeepAlive()),
	}
	defer s.keepAlive.Stop()
	for {
		wrote, err := f.moved(a)
		if err != nil {
			return err
		}
		if wrote {
			s.keepAlive.Reset(admission.KeepAlive())
		}
		if err := s.await(ctx); err != nil {
			return err
		}
	}
}

// flow is one stream that was let in.
type flow struct {
	handler   *Handler
	at        *auth.Access
	follower  follower
	admission *stream.Admission
	revoked   <-chan struct{}
	keepAlive *time.Timer
}

// await returns nil when there is a newer state. Otherwise it returns the error that ends the stream.
func (s *flow) await(ctx context.Context) error {
	for {
		select {
		case <-s.at.State.Superseded():
			next, err := s.handler.current(s.at.Key)
			if err != nil {
				return err
			}
			*s.at = next
			return nil
		case <-s.revoked:
			return connect.NewError(connect.CodeUnauthenticated, errUnknownKey)
		case <-s.keepAlive.C:
			if err := s.follower.idle(); err != nil {
				return err
			}
			s.keepAlive.Reset(s.admission.KeepAlive())
		case <-s.handler.Streams.Closing():
			return leaveSlowly(ctx, s.admission.Spread())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// leaveSlowly waits a while before it ends a stream of a server that stops. These clients cannot be told when to come
// back.
func leaveSlowly(ctx context.Context, while time.Duration) error {
	timer := time.NewTimer(while)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return connect.NewError(connect.CodeUnavailable, errors.New("this server is going to stop; connect again"))
}
