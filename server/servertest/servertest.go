// Package servertest runs a whole server in the process of a test, on a real SQLite file and a free port.
package servertest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// AdminToken is an access token of the role admin that every server of this package has.
const AdminToken = "tg_of-the-admin-in-tests"

// GitHubSecret is what GitHub signs with for every server of this package.
const GitHubSecret = "secret of GitHub in tests"

// ReadyTimeout is how long a server may take to serve its environments.
const readyTimeout = 10 * time.Second

// Server is a running server.
type Server struct {
	*Client
	Store store.Store
	// EvaluationURL and SyncURL are those of flagd's protocols, where they are on.
	EvaluationURL, SyncURL string
	stop                   func() error
}

// Backend opens a new SQLite store with a bus of its own. It is closed at the end of the test.
func Backend(t testing.TB) server.Backend {
	t.Helper()
	local := &bus.Local{}
	opened, err := sqlite.Open(
		t.Context(),
		filepath.Join(t.TempDir(), "tidegate.db"),
		sqlite.WithBus(local),
		sqlite.WithLogger(silent()),
	)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, opened.Close()) })
	return server.Backend{Store: opened, Bus: local}
}

// Start runs a server on a new store until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartOn(t, Backend(t), server.Config{})
}

// StartOn runs a server on the backend until Stop or the end of the test. The settings of config that are set replace
// the usual ones.
func StartOn(t testing.TB, backend server.Backend, config server.Config) *Server {
	t.Helper()
	if config.Addr == "" {
		config.Addr = "127.0.0.1:0"
	}
	if config.Log == nil {
		config.Log = silent()
	}
	config.BootstrapAdminToken, config.GitHub = AdminToken, hooks.GitHub{Secret: GitHubSecret, Project: "default"}
	srv, err := server.New(t.Context(), config, backend)
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- srv.Run(ctx) }()
	s := &Server{Client: NewClient(t, srv.URL(), AdminToken), Store: backend.Store}
	s.EvaluationURL, s.SyncURL = srv.FlagdURLs()
	stopped := false
	s.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-done
	}
	t.Cleanup(func() { require.NoError(t, s.stop()) })
	s.awaitReady(t, srv)
	return s
}

// Stop ends the server as SIGTERM does.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	require.NoError(t, s.stop())
}

func (s *Server) awaitReady(t testing.TB, srv *server.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), readyTimeout)
	defer cancel()
	require.NoError(t, srv.AwaitReady(ctx))
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }
