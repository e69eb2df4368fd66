package faults_test

import (
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestPrimaryMoves kills a PostgreSQL that has a synchronous standby. One replica reaches the database by an address
// that moves, so it finds the standby before the standby is promoted. The other replica knows both servers. Writes
// are refused meanwhile, and nothing needs a restart.
func TestPrimaryMoves(t *testing.T) {
	primary, redis := startPostgres(t), startRedis(t)
	standby := startStandby(t, primary)
	address := newLink(t, primary.URL)
	moving, _ := replica(t, address.URL, redis.URL)
	knowing, _ := replica(t, eitherPrimary(t, primary, standby), redis.URL)
	run := moderateLoad(moving.URL, knowing.URL).start(t, moving)
	run.awaitWrites(t, 30)

	primary.Kill(t)
	address.Lead(t, standby.URL)
	require.Eventually(t, func() bool { return moving.Call(t.Context(), http.MethodGet, production, nil, nil) == nil },
		patience, 10*time.Millisecond, "the standby can be read from")
	for _, server := range []*flagdtest.Server{moving, knowing} {
		requireRefusedSoon(t, run, server)
	}
	run.awaitEvaluations(t, 200)
	statement(t, standby, "SELECT pg_promote()")
	run.awaitWrites(t, 60)

	run.settle(t, moving)
	run.report(t, "PostgreSQL killed, its address moved to a standby, and that one promoted, under 2 replicas")
	run.check(t, run.sdkKey, moving, knowing)
	run.checkEvaluations(t)
	assert.Zero(t, run.unanswered.count, "writes must be refused while there is no primary: %q", run.unanswered.samples)
}

// startStandby makes a hot standby. It has every commit before the commit is acknowledged.
func startStandby(t *testing.T, primary *service) *service {
	t.Helper()
	bin, s := postgresPrograms(t), newService(t)
	data := filepath.Join(s.folder, "data")
	basebackup := exec.CommandContext(t.Context(), filepath.Join(bin, "pg_basebackup"),
		"--pgdata="+data, "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--dbname="+primary.URL)
	basebackup.Dir, basebackup.SysProcAttr = s.folder, unprivileged(t)
	output, err := basebackup.CombinedOutput()
	require.NoError(t, err, "pg_basebackup: %s", output)
	s.servePostgres(t, bin, data, flagdtest.FreeAddress(t))
	statement(t, primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
	statement(t, primary, "SELECT pg_reload_conf()")
	return s
}

// eitherPrimary is the URL of whichever of two servers takes writes.
func eitherPrimary(t *testing.T, one, other *service) string {
	t.Helper()
	parsed, err := url.Parse(one.URL)
	require.NoError(t, err)
	second, err := url.Parse(other.URL)
	require.NoError(t, err)
	parsed.Host += "," + second.Host
	query := parsed.Query()
	query.Set("target_session_attrs", "read-write")
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// statement runs one statement on a PostgreSQL.
func statement(t *testing.T, database *service, text string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database.URL)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), text)
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
}
