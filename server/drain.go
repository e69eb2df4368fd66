package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// drain ends what is under way, in order: whoever looks at /readyz has the grace to send requests elsewhere, streams are
// told to come back, and requests finish.
func (s *Server) drain() error {
	s.config.Log.Info("stopping", "grace", s.config.DrainGrace)
	s.stopping.Store(true)
	time.Sleep(s.config.DrainGrace)
	s.streams.Close()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("some requests did not finish: %w", err), s.http.Close())
	}
	s.config.Log.Info("stopped")
	return nil
}

// windDown tells clients, while the server is stopping, that each answer is the last on its connection. A connection that
// stayed open would be closed by the shutdown, perhaps just when its client sends the next request, which would then fail.
func (s *Server) windDown(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
