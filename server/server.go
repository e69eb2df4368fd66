package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/web"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/supervise"
)

// The limits of connections. Streams set their own deadlines for writing.
const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
	shutdownTimeout   = 15 * time.Second
)

// Server is one replica. It is made by New, runs once and ends with the context of Run.
type Server struct {
	config   Config
	backend  Backend
	listener net.Listener
	http     *http.Server
	url      string
	metrics  *prometheus.Registry

	replica  *replica.Replica
	streams  *stream.Streams
	flagd    []*flagdServer
	workers  []owned
	owner    *supervise.Supervisor
	stopping atomic.Bool
}

// worker is a component that runs until its context ends.
type worker interface{ Run(ctx context.Context) }

// owned is a worker with the name of its work. A panic in it is reported under this name.
type owned struct {
	name string
	worker
}

// AddressInUseError says that something else listens on the address.
type AddressInUseError struct {
	Addr string
	// Setting is the name of the setting of the address, as a command line flag.
	Setting string
}

// Error says what to do.
func (e *AddressInUseError) Error() string {
	return fmt.Sprintf("another program listens on %s already", e.Addr)
}

// New prepares a server. It gives an empty store its first content and opens the listener. From then on, connections
// are not refused: they wait for Run. The caller must call Run on the result.
func New(ctx context.Context, config Config, backend Backend) (*Server, error) {
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.Now == nil {
		// Stores keep microseconds. An answer now must have the same time as an answer that is read later.
		config.Now = func() time.Time { return time.Now().Truncate(time.Microsecond) }
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	owner := supervise.Owner(ctx)
	if owner == nil {
		owner = supervise.New(config.Log)
	}
	s := &Server{config: config, metrics: newRegistry(config.Version), owner: owner}
	s.metrics.MustRegister(observe.NewPanics(owner))
	s.backend = s.measured(backend)
	if err := s.listen(ctx); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.closeListeners())
	}
	return s, nil
}

// URL is the address of the server.
func (s *Server) URL() string { return s.url }

// AwaitReady waits until every environment that is now in the store is served. The server must be running.
func (s *Server) AwaitReady(ctx context.Context) error {
	environments, err := s.backend.Store.ListEnvironments(ctx, "")
	if err != nil {
		return err
	}
	for _, environment := range environments {
		if err := s.replica.Await(ctx, environment.EnvironmentRef, environment.Revision); err != nil {
			return err
		}
	}
	return nil
}

// prepare builds everything behind the listener.
func (s *Server) prepare(ctx context.Context) error {
	parts, err := s.assemble()
	if err != nil {
		return err
	}
	handler, err := s.routes(parts)
	if err != nil {
		return err
	}
	if err := s.listenFlagd(ctx, parts.flagd); err != nil {
		return err
	}
	s.http = &http.Server{
		Handler:     s.windDown(web.Secured(s.recovering("HTTP", body.Timed(handler)))),
		BaseContext: s.baseContext, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(s.config.Log.Handler(), slog.LevelWarn),
	}
	err = s.begin(ctx)
	if errors.Is(err, store.ErrUnavailable) {
		s.config.Log.WarnContext(
			ctx,
			"the store does not answer; flags are served as last known, and the start is finished later",
			"error",
			err,
		)
		s.workers = append(s.workers, owned{"late start", &lateBeginning{server: s}})
		return nil
	}
	return err
}

// Run serves until ctx ends or a listener fails. Then it stops: it says so at /readyz, continues to serve for the
// grace, ends the streams, lets requests finish, and waits for everything that it has started. The error says which
// listener failed, and why.
func (s *Server) Run(ctx context.Context) error {
	working, stopWorkers := context.WithCancel(supervise.With(context.WithoutCancel(ctx), s.owner))
	var running sync.WaitGroup
	for _, w := range s.workers {
		supervise.Start(working, &running, supervise.Piece{Name: w.name}, w.Run)
	}
	defer running.Wait()
	defer stopWorkers()

	failed := make(chan error, 1+len(s.flagd))
	supervise.Start(working, &running, supervise.Piece{Name: "listener", Detail: "HTTP"}, func(context.Context) {
		failed <- serving("HTTP", s.http.Serve(s.listener))
	})
	s.config.Log.InfoContext(ctx, "serving", "address", s.listener.Addr().String(), "url", s.url)
	for _, f := range s.flagd {
		supervise.Start(working, &running, supervise.Piece{Name: "listener", Detail: f.name}, func(context.Context) {
			failed <- serving("flagd's "+f.name+" protocol", f.serve())
		})
		s.config.Log.InfoContext(
			ctx,
			"serving flagd's protocol",
			"protocol",
			f.name,
			"address",
			f.listener.Addr().String(),
		)
	}
	var reason error
	select {
	case reason = <-failed:
		s.config.Log.ErrorContext(ctx, "a listener has failed; the server stops", "error", reason)
	case <-ctx.Done():
	}
	// Only this ends the listeners. Without it, the listeners that have not failed would serve for ever.
	return errors.Join(reason, s.drain())
}

// serving adds to err what was served when it happened.
func serving(what string, err error) error { return fmt.Errorf("serve %s: %w", what, err) }
