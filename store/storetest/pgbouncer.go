package storetest

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// PgBouncer is a pooler in transaction mode, with few connections to share, before the PostgreSQL of the tests.
type PgBouncer struct {
	addr string
}

// StartPgBouncer starts a PgBouncer that runs until the test ends.
func StartPgBouncer(t testing.TB) *PgBouncer {
	t.Helper()
	program := service(t, "PGBOUNCER")
	server, err := url.Parse(service(t, databaseVariable))
	require.NoError(t, err, databaseVariable)
	p := &PgBouncer{FreeAddress(t)}
	startPgBouncer(
		t,
		program,
		p.addr,
		fmt.Sprintf("host=%s port=%s user=%s", server.Hostname(), server.Port(), server.User.Username()),
	)
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", p.addr)
		return err == nil && conn.Close() == nil
	}, patience, 20*time.Millisecond, "PgBouncer on %s does not answer", p.addr)
	return p
}

// NewDatabase gives the URLs of a new and empty database, one through the pooler and one to the database itself. It
// is dropped when the test is over. (It is not only a schema, because a pooler does not accept the name of a schema.)
func (p *PgBouncer) NewDatabase(t testing.TB) (pooled, direct string) {
	t.Helper()
	direct = PostgresDatabaseURL(t)
	through, err := url.Parse(direct)
	require.NoError(t, err)
	through.Host = p.addr
	return through.String(), direct
}

func startPgBouncer(t testing.TB, program, addr, target string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pgbouncer.ini")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `[databases]
* = %s

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
`, target, portOf(addr)), 0o600))
	args := []string{file}
	if os.Getuid() == 0 {
		// PgBouncer refuses to run as root.
		args = append([]string{"--user", "nobody"}, args...)
	}
	process := exec.Command(program, args...)
	log, err := os.Create(filepath.Join(filepath.Dir(file), "log"))
	require.NoError(t, err)
	process.Stdout, process.Stderr = log, log
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		// An error means that the process has ended already.
		_ = process.Process.Kill()
		_ = process.Wait()
		require.NoError(t, log.Close())
		if output, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Logf("PgBouncer printed:\n%s", output)
		}
	})
}
