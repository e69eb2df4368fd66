package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// goneAfter is how long what was sent may stay unacknowledged, or wait for a window that does not open. A machine that
// vanished without a word is noticed by the next keep-alive of its stream; the system itself would wait a quarter of an
// hour, and its instance would count as part of the fleet for as long.
const goneAfter = 10 * time.Second

func (s *Server) listen(ctx context.Context) error {
	listener, err := listen(ctx, s.config.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return &AddressInUseError{Addr: s.config.Addr, Setting: "addr"}
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.config.Addr, err)
	}
	s.listener, s.url = listener, s.config.reachedAt(listener.Addr().String())
	return nil
}

// listen returns a listener whose connections end when the other side is gone.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, conn syscall.RawConn) error {
		var failed error
		if err := conn.Control(func(fd uintptr) { failed = setGoneAfter(fd, goneAfter) }); err != nil {
			return err
		}
		return failed
	}}
	return config.Listen(ctx, "tcp", addr)
}
