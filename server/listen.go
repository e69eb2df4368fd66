package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// goneAfter is how long sent data may stay unacknowledged, or wait while the client's window is closed. With it, a
// machine that has vanished without a word is noticed at the next keep-alive of its stream. The system itself would
// wait a quarter of an hour, and for that time the instance would count as part of the fleet.
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

// listen returns a listener. It closes connections when the other side no longer answers.
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
