package faults_test

import (
	"context"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// service is a database or a cache of a test's own, which the test may kill and start again on the same address.
type service struct {
	URL     string
	folder  string
	program []string
	// answers tells whether the service works.
	answers func(ctx context.Context) error
	process *exec.Cmd
	exited  chan struct{}
}

// startPostgres makes a PostgreSQL with an empty database. A write that the kernel has taken survives the death of
// the process, so these tests do not need fsync.
func startPostgres(t *testing.T) *service {
	t.Helper()
	bin := postgresPrograms(t)
	s := newService(t)
	data := filepath.Join(s.folder, "data")
	initdb := exec.CommandContext(t.Context(), filepath.Join(bin, "initdb"), "--pgdata="+data, "--username=flagd",
		"--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = s.folder, unprivileged(t)
	output, err := initdb.CombinedOutput()
	require.NoError(t, err, "initdb: %s", output)

	s.servePostgres(t, bin, data, flagdtest.FreeAddress(t))
	return s
}

// servePostgres starts PostgreSQL on a folder of data.
func (s *service) servePostgres(t *testing.T, bin, data, addr string) {
	t.Helper()
	_, port, _ := strings.Cut(addr, ":")
	s.URL = "postgres://flagd@" + addr + "/postgres?sslmode=disable"
	s.program = []string{filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=" + s.folder, "-c", "max_connections=100", "-c", "fsync=off", "-c", "full_page_writes=off"}
	s.answers = func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, s.URL)
		if err != nil {
			return err
		}
		return conn.Close(ctx)
	}
	s.Start(t)
}

// startRedis makes a Redis that keeps everything in memory. When it was killed, it comes back empty.
func startRedis(t *testing.T) *service {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		flagdtest.Lack(t, "redis-server is missing; scripts/with-services.sh installs it")
	}
	s := newService(t)
	addr := flagdtest.FreeAddress(t)
	_, port, _ := strings.Cut(addr, ":")
	s.URL = "redis://" + addr + "/0"
	s.program = []string{program, "--port", port, "--bind", "127.0.0.1", "--dir", s.folder, "--save", "", "--appendonly", "no"}
	s.answers = func(ctx context.Context) error {
		client := goredis.NewClient(&goredis.Options{Addr: addr})
		defer client.Close()
		return client.Ping(ctx).Err()
	}
	s.Start(t)
	return s
}

func newService(t *testing.T) *service {
	t.Helper()
	folder, err := os.MkdirTemp("", "tidegate-faults")
	require.NoError(t, err)
	if attributes := unprivileged(t); attributes != nil {
		require.NoError(t, os.Chown(folder, int(attributes.Credential.Uid), int(attributes.Credential.Gid)))
	}
	s := &service{folder: folder}
	t.Cleanup(func() {
		s.Kill(t)
		require.NoError(t, os.RemoveAll(folder))
	})
	return s
}

// Start starts the service, also again after Kill, and waits until it works. A PostgreSQL that was killed may refuse
// to start until the last of its processes has gone, so Start tries several times.
func (s *service) Start(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var last error
	for attempt := 0; ctx.Err() == nil; attempt++ {
		s.launch(t)
		if flagdtest.Poll(ctx, func() bool {
			last = s.answers(ctx)
			select {
			case <-s.exited:
				return true
			default:
				return last == nil
			}
		}) && last == nil {
			return
		}
	}
	require.NoError(t, last, "%s did not start; it printed\n%s", s.program[0], s.output(t))
}

func (s *service) launch(t *testing.T) {
	t.Helper()
	log, err := os.OpenFile(s.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	defer log.Close()
	process := exec.Command(s.program[0], s.program[1:]...)
	process.Dir, process.SysProcAttr = s.folder, unprivileged(t)
	process.Stdout, process.Stderr = log, log
	require.NoError(t, process.Start())
	exited := make(chan struct{})
	s.process, s.exited = process, exited
	go func() {
		// The error does not matter: the process was killed, or Start finds out that it does not answer.
		_ = process.Wait()
		close(exited)
	}()
}

// Kill ends the service and its children at once, as the kernel does when memory is short.
func (s *service) Kill(t *testing.T) {
	t.Helper()
	if s.process == nil {
		return
	}
	children := childrenOf(s.process.Process.Pid)
	// An error means that the process has ended already.
	_ = s.process.Process.Kill()
	for _, child := range children {
		_ = syscall.Kill(child, syscall.SIGKILL)
	}
	<-s.exited
}

func (s *service) log() string { return filepath.Join(s.folder, "log") }

func (s *service) output(t *testing.T) string {
	t.Helper()
	output, err := os.ReadFile(s.log())
	require.NoError(t, err)
	return string(output)
}

// childrenOf gives the children of a process that are alive now. If a file cannot be read, its process has ended.
func childrenOf(parent int) []int {
	var children []int
	statuses, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range statuses {
		status, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// The name, in brackets, may hold anything; after it come the state and the parent.
		_, rest, _ := strings.Cut(string(status), ") ")
		fields := strings.Fields(rest)
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
				children = append(children, pid)
			}
		}
	}
	return children
}

// postgresPrograms is the folder of PostgreSQL's server programs. If there are several, it is the last one.
func postgresPrograms(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	require.NoError(t, err)
	if inPath, err := exec.LookPath("initdb"); err == nil {
		found = append([]string{inPath}, found...)
	}
	if len(found) == 0 {
		flagdtest.Lack(t, "PostgreSQL's server programs are missing; scripts/with-services.sh installs them")
	}
	return filepath.Dir(found[len(found)-1])
}

// unprivileged makes a process run as nobody if the test runs as root, because PostgreSQL refuses to run as root.
func unprivileged(t *testing.T) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	nobody, err := user.Lookup("nobody")
	require.NoError(t, err)
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	require.NoError(t, err)
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	require.NoError(t, err)
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// quiet leaves the requests out of a replica's log.
const quiet = "FLAGD_LOG_LEVEL=warn"

// replica starts a flagd on the services with a data folder of its own; redis may be "".
func replica(t *testing.T, database, redis string) (*flagdtest.Server, flagdtest.Settings) {
	t.Helper()
	settings := flagdtest.Settings{
		DataDir: t.TempDir(), DatabaseURL: database, RedisURL: redis, Addr: flagdtest.FreeAddress(t), Environment: []string{quiet},
	}
	return flagdtest.Start(t, settings), settings
}
