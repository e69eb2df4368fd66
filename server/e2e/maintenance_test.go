package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// A backup is taken while writers are at work. It holds everything that was acknowledged before it began. After it is
// restored, that is served, and the history up to it has no gap.
func TestBackupUnderWritesAndRestore(t *testing.T) {
	t.Parallel()
	settings := flagdtest.Settings{DataDir: t.TempDir()}
	server := flagdtest.Start(t, settings)
	sdkKey := server.SDKKey(t, "production", "server")
	before := epochOf(t, server, sdkKey)
	writing, stopWriting := context.WithCancel(t.Context())
	acknowledged := writeAll(t, writing, server)
	var kept []string
	for len(kept) < 20 {
		kept = append(kept, <-acknowledged)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	flagdtest.MustRun(t, settings, "backup", backup)
	<-acknowledged
	stopWriting()
	for range acknowledged { // until the writers have stopped
		continue
	}
	_, err := flagdtest.Run(t.Context(), settings, "restore", backup)
	require.ErrorContains(t, err, "FLAGD_DATA_DIR", "a server is at work on it")
	server.Terminate(t)
	require.NoError(t, server.AwaitExit(t))

	flagdtest.MustRun(t, settings, "restore", backup)
	server = flagdtest.Start(t, settings)
	requireEnabled(t, server, kept)
	requireRevisionsWithoutGaps(t, server)
	require.NotEqual(t, before, epochOf(t, server, sdkKey))
}

// writeAll lets writers create and enable flags until ctx ends. It sends the key of each flag whose writes were
// acknowledged. The channel is closed when all writers have stopped.
func writeAll(t *testing.T, ctx context.Context, server *flagdtest.Server) <-chan string {
	t.Helper()
	acknowledged := make(chan string)
	var writers sync.WaitGroup
	for writer := range 4 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				key := fmt.Sprintf("writer-%d-flag-%d", writer, n)
				if createEnabled(t.Context(), server, key) != nil {
					return
				}
				acknowledged <- key
			}
		})
	}
	go func() {
		writers.Wait()
		close(acknowledged)
	}()
	return acknowledged
}

// An operator restores PostgreSQL and says so. A replica that is running then reads everything anew.
func TestNewEpochReachesARunningReplica(t *testing.T) {
	t.Parallel()
	settings := flagdtest.Settings{DataDir: t.TempDir(), DatabaseURL: storetest.PostgresURL(t)}
	server := flagdtest.Start(t, settings)
	sdkKey := server.SDKKey(t, "production", "server")
	before := epochOf(t, server, sdkKey)
	require.Contains(t, flagdtest.MustRun(t, settings, "new-epoch"), "read it anew")
	require.Eventually(t, func() bool { return epochOf(t, server, sdkKey) != before }, 20*time.Second, 20*time.Millisecond)
}

// epochOf gives the epoch of what a server serves of production, once it knows the key.
func epochOf(t *testing.T, server *flagdtest.Server, sdkKey string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/sdk/v1/snapshot", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+sdkKey)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, "%s", body)
	var definition struct {
		Epoch string `json:"epoch"`
	}
	require.NoError(t, json.Unmarshal(body, &definition))
	return definition.Epoch
}

// An installation moves to PostgreSQL with its history. This also works after an earlier move was killed in the
// middle; the killed move leaves nothing behind.
func TestMigrateStoreIsInterruptedAndRunAgain(t *testing.T) {
	t.Parallel()
	source := flagdtest.Settings{DataDir: t.TempDir()}
	target := flagdtest.Settings{DataDir: t.TempDir(), DatabaseURL: storetest.PostgresURL(t)}
	server := flagdtest.Start(t, source)
	for n := range 5 {
		require.NoError(t, createEnabled(t.Context(), server, fmt.Sprintf("flag-%d", n)))
	}
	sdkKey := server.SDKKey(t, "production", "server")
	before := epochOf(t, server, sdkKey)
	server.Terminate(t)
	require.NoError(t, server.AwaitExit(t))
	flagdtest.MustRun(t, target, "migrate", "up")
	require.Contains(t, flagdtest.MustRun(t, target, "migrate", "status"), "version")

	move := []string{"migrate-store", "--from", filepath.Join(source.DataDir, "tidegate.db"), "--to", target.DatabaseURL}
	killMidway(t, target.DatabaseURL, source, move...)
	require.Zero(t, countRows(t, target.DatabaseURL, "projects"), "what was killed left nothing behind")
	said := flagdtest.MustRun(t, source, move...)
	require.Regexp(t, `(?m)^changes +\[#{30}\] (\d+)/\d+$`, said)
	flagdtest.MustRun(t, source, move...)

	server = flagdtest.Start(t, target)
	requireEnabled(t, server, []string{"flag-0", "flag-1", "flag-2", "flag-3", "flag-4"})
	requireRevisionsWithoutGaps(t, server)
	require.Equal(t, before, epochOf(t, server, sdkKey), "clients notice nothing")
}

// killMidway runs a command until it has copied everything but the last table, the changes. It kills the command
// there: a trigger holds the command up at the first row.
func killMidway(t *testing.T, databaseURL string, settings flagdtest.Settings, args ...string) {
	t.Helper()
	const class = 4711
	conn := connect(t, databaseURL)
	pid := conn.PgConn().PID()
	execute(t, conn, fmt.Sprintf("SELECT pg_advisory_lock(%d, %d)", class, pid))
	execute(t, conn, fmt.Sprintf(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN PERFORM pg_advisory_xact_lock(%d, %d); RETURN NEW; END $$`, class, pid))
	execute(t, conn, "CREATE TRIGGER hold BEFORE INSERT ON changes FOR EACH ROW EXECUTE FUNCTION hold()")

	command := flagdtest.Command(t.Context(), settings, args...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	require.NoError(t, command.Start())
	require.Eventually(t, func() bool {
		var held bool
		row := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND classid = $1 AND objid = $2)", class, pid)
		require.NoError(t, row.Scan(&held))
		return held
	}, 20*time.Second, 10*time.Millisecond, "the command does not get that far")
	require.NoError(t, command.Process.Kill())
	require.Error(t, command.Wait(), "%s", output.String())
	require.Contains(t, output.String(), "flag_configs", "it had copied some tables")
	execute(t, conn, "SELECT pg_advisory_unlock_all()")
	// This waits for the killed transaction to go.
	execute(t, conn, "DROP TRIGGER hold ON changes")
}

func execute(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), statement)
	require.NoError(t, err)
}

func countRows(t *testing.T, databaseURL, table string) (n int) {
	t.Helper()
	require.NoError(t, connect(t, databaseURL).QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func connect(t *testing.T, databaseURL string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	return conn
}
