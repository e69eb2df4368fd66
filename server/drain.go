package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/supervise"
)

// drain ends the server's work in three steps. First it waits for the grace, so that those who read /readyz can send
// requests elsewhere. Then it tells streams to come back, and ends them. Then it lets requests finish.
func (s *Server) drain() error {
	s.config.Log.Info("stopping", "grace", s.config.DrainGrace)
	s.stopping.Store(true)
	time.Sleep(s.config.DrainGrace)
	s.streams.Close()
	ctx, cancel := context.WithTimeout(supervise.With(context.Background(), s.owner), shutdownTimeout)
	defer cancel()
	if err := s.shutDown(ctx); err != nil {
		return err
	}
	s.config.Log.Info("stopped")
	return nil
}

// shutDown lets the requests on all listeners finish. It shuts all listeners down at the same time.
func (s *Server) shutDown(ctx context.Context) error {
	servers := []*http.Server{s.http}
	for _, f := range s.flagd {
		servers = append(servers, f.http)
	}
	failures := make([]error, len(servers))
	var stopping sync.WaitGroup
	for i, one := range servers {
		supervise.Start(ctx, &stopping, supervise.Piece{Name: "shutdown"}, func(context.Context) {
			if err := one.Shutdown(ctx); err != nil {
				failures[i] = errors.Join(fmt.Errorf("some requests did not finish: %w", err), one.Close())
			}
		})
	}
	stopping.Wait()
	return errors.Join(failures...)
}

// closeListeners closes the listeners of a server that is never run.
func (s *Server) closeListeners() error {
	err := s.listener.Close()
	for _, f := range s.flagd {
		err = errors.Join(err, f.listener.Close())
	}
	return err
}

// windDown tells clients, while the server is stopping, that each answer is the last on its connection. Otherwise the
// shutdown would close connections that are still open. If a client sent its next request at that moment, the request
// would fail.
func (s *Server) windDown(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
