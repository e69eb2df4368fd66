package storetest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Redis is a redis-server for one test, which may kill it and start it again. It keeps nothing on disk.
type Redis struct {
	Addr string

	args    []string
	process *exec.Cmd
	log     string
}

// StartRedis starts a server that runs until the test ends. The settings are as on the command line of redis-server.
// If redis-server is not installed, the test is skipped or fails, as without a service.
func StartRedis(t testing.TB, settings ...string) *Redis {
	t.Helper()
	addr, folder := FreeAddress(t), t.TempDir()
	args := []string{"--port", portOf(addr), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"}
	return runRedis(t, addr, folder, append(args, settings...))
}

func runRedis(t testing.TB, addr, folder string, args []string) *Redis {
	t.Helper()
	requireProgram(t, "redis-server")
	r := &Redis{Addr: addr, log: filepath.Join(folder, "redis.log")}
	r.args = append(args, "--logfile", r.log)
	t.Cleanup(func() { r.Kill(t) })
	r.Start(t)
	return r
}

// requireProgram ends the test if the program is not installed, in the same way as if a service is missing.
func requireProgram(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv(requireVariable) == "1" {
		t.Fatalf("%s is not installed, and %s=1 asks for it", program, requireVariable)
	}
	t.Skipf("%s is not installed", program)
}

// URL is the URL for the default user.
func (r *Redis) URL() string { return "redis://" + r.Addr }

// Start starts the server, empty, after Kill, and waits until it answers.
func (r *Redis) Start(t testing.TB) {
	t.Helper()
	r.process = exec.Command("redis-server", r.args...)
	require.NoError(t, r.process.Start())
	require.Eventually(
		t,
		func() bool { return r.answers(t.Context()) },
		20*time.Second,
		10*time.Millisecond,
		"see %s",
		r.log,
	)
}

// Kill ends the server at once.
func (r *Redis) Kill(t testing.TB) {
	t.Helper()
	if r.process == nil {
		return
	}
	require.NoError(t, r.process.Process.Kill())
	// The error only says that it was killed.
	_ = r.process.Wait()
	r.process = nil
}

// answers tells whether the server answers a PING. A server that asks for a password has answered too.
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
