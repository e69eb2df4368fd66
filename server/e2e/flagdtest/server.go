package flagdtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store/storetest"
)

// patience is how long a process may take to become ready or to end. It is far more than either needs.
const patience = 30 * time.Second

// Token is the admin's access token. It is the same on every Server, so that it works on all replicas of one store.
const Token = "tg_end-to-end-tests-have-this-token-and-nothing-else-does"

// Settings say which stores a Server uses.
type Settings struct {
	// DataDir is flagd's folder, and holds the SQLite file where DatabaseURL is empty.
	DataDir string
	// DatabaseURL is that of a PostgreSQL.
	DatabaseURL string
	// RedisURL may be empty.
	RedisURL string
	// Addr is where to listen; empty means a free port.
	Addr string
	// Binary is another flagd than the one under test; empty means that one.
	Binary string
	// Environment holds further variables, NAME=value.
	Environment []string
}

// Server is a running flagd.
type Server struct {
	URL string

	process *exec.Cmd
	// output is the file that the process writes to.
	output string
	exited chan struct{}
	// exit is what the process ended with; it may be read when exited is closed.
	exit error
}

// Start starts flagd and waits until it is ready. The end of the test kills it, and shows its log if the test failed.
func Start(t testing.TB, settings Settings) *Server {
	t.Helper()
	s := Launch(t, settings)
	s.AwaitReady(t)
	return s
}

// Launch is Start without the wait.
func Launch(t testing.TB, settings Settings) *Server {
	t.Helper()
	addr := settings.Addr
	if addr == "" {
		addr = FreeAddress(t)
	}
	binary := settings.Binary
	if binary == "" {
		binary = os.Getenv(binaryVariable)
	}
	s := &Server{URL: "http://" + addr, output: filepath.Join(t.TempDir(), "flagd.log"), exited: make(chan struct{})}
	output, err := os.Create(s.output)
	require.NoError(t, err)

	s.process = exec.Command(binary, "serve")
	s.process.Env = append([]string{
		"PATH=" + os.Getenv("PATH"),
		"FLAGD_ADDR=" + addr,
		"FLAGD_DATA_DIR=" + settings.DataDir,
		"FLAGD_DATABASE_URL=" + settings.DatabaseURL,
		"FLAGD_REDIS_URL=" + settings.RedisURL,
		"FLAGD_BOOTSTRAP_ADMIN_TOKEN=" + Token,
	}, settings.Environment...)
	s.process.Stdout, s.process.Stderr = output, output
	require.NoError(t, s.process.Start(), "start flagd; is there a TestMain that calls flagdtest.Main?")
	go func() {
		s.exit = s.process.Wait()
		output.Close()
		close(s.exited)
	}()
	t.Cleanup(func() {
		s.Kill(t)
		if t.Failed() {
			t.Logf("flagd on %s printed:\n%s", addr, s.Output(t))
		}
	})
	return s
}

// Output gives what the process has printed so far: its messages to people and its log.
func (s *Server) Output(t testing.TB) string {
	t.Helper()
	output, err := os.ReadFile(s.output)
	if err != nil {
		t.Errorf("read what flagd printed: %v", err)
	}
	return string(output)
}

// Kill ends the process at once, as a power cut or the kernel would, and waits until it is gone.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if err := s.process.Process.Kill(); err != nil {
		require.ErrorIs(t, err, os.ErrProcessDone)
	}
	<-s.exited
}

// Terminate asks the process to end, as an orchestrator does.
func (s *Server) Terminate(t testing.TB) {
	t.Helper()
	require.NoError(t, s.process.Process.Signal(syscall.SIGTERM))
}

// AwaitExit waits for the process to end by itself and gives its exit error, nil for status 0.
func (s *Server) AwaitExit(t testing.TB) error {
	t.Helper()
	select {
	case <-s.exited:
		return s.exit
	case <-time.After(patience):
		require.Fail(t, "flagd did not end", "waited %s", patience)
		return nil
	}
}

// Ready tells whether /readyz answers 200 now.
func (s *Server) Ready(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz answered %s", response.Status)
	}
	return nil
}

// AwaitReady waits until flagd is ready; it fails if flagd ends instead.
func (s *Server) AwaitReady(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var ready error
	Poll(ctx, func() bool {
		select {
		case <-s.exited:
			ready = fmt.Errorf("flagd ended: %w", errors.Join(s.exit, errors.New("what it printed is below")))
			return true
		default:
			ready = s.Ready(ctx)
			return ready == nil
		}
	})
	require.NoError(t, ready, "flagd on %s is not ready", s.URL)
}

// Poll asks again and again, a few milliseconds apart, until done says yes or ctx ends. It tells which.
func Poll(ctx context.Context, done func() bool) bool {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		if done() {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
	}
}

// FreeAddress gives a loopback address whose port is free now; see storetest.FreeAddress.
func FreeAddress(t testing.TB) string {
	t.Helper()
	return storetest.FreeAddress(t)
}
