package storetest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Redis is a redis-server of a test's own, to be killed and started again. It keeps nothing on disk.
type Redis struct {
	Addr string

	args    []string
	process *exec.Cmd
	log     string
}

// StartRedis starts a server that lasts as long as the test, with settings as on the command line of redis-server. Where
// none is installed, the test ends as it does without a service.
func StartRedis(t testing.TB, settings ...string) *Redis {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv(requireVariable) == "1" {
			t.Fatalf("redis-server is not installed, and %s=1 asks for it", requireVariable)
		}
		t.Skip("redis-server is not installed")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := listener.Addr().(*net.TCPAddr)
	require.NoError(t, listener.Close())
	r := &Redis{Addr: addr.String(), log: filepath.Join(t.TempDir(), "redis.log")}
	r.args = append([]string{"--port", fmt.Sprint(addr.Port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--logfile", r.log}, settings...)
	t.Cleanup(func() { r.Kill(t) })
	r.Start(t)
	return r
}

// URL is that of the default user.
func (r *Redis) URL() string { return "redis://" + r.Addr }

// Start starts the server, empty, after Kill, and waits until it answers.
func (r *Redis) Start(t testing.TB) {
	t.Helper()
	r.process = exec.Command("redis-server", r.args...)
	require.NoError(t, r.process.Start())
	require.Eventually(t, func() bool { return r.answers(t.Context()) }, 20*time.Second, 10*time.Millisecond, "see %s", r.log)
}

// Kill ends the server at once.
func (r *Redis) Kill(t testing.TB) {
	t.Helper()
	if r.process == nil {
		return
	}
	require.NoError(t, r.process.Process.Kill())
	// The error says that it was killed.
	_ = r.process.Wait()
	r.process = nil
}

// answers tells whether the server takes a PING; one that asks for a password has answered too.
func (r *Redis) answers(ctx context.Context) bool {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", r.Addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	if err := conn.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	answer := make([]byte, 1)
	_, err = conn.Read(answer)
	return err == nil && (answer[0] == '+' || answer[0] == '-')
}
