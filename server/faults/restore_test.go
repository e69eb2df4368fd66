package faults_test

import (
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestRestoreOlderBackup restores a backup of PostgreSQL while replicas and clients run, which have already seen
// newer changes. Afterwards, what was acknowledged before the backup is there, and what came after it is gone,
// everywhere. No replica and no client keeps a revision that no longer exists.
func TestRestoreOlderBackup(t *testing.T) {
	database, redis := startPostgres(t), startRedis(t)
	first, _ := replica(t, database.URL, redis.URL)
	second, _ := replica(t, database.URL, redis.URL)
	run := moderateLoad(first.URL, second.URL).start(t, first)
	run.awaitWrites(t, 30)
	run.stopWriting()
	backup := dump(t, database)

	const lost = 10
	for n := range lost {
		marker := fmt.Sprintf("lost %d", n)
		first.MustCall(t, http.MethodPatch, flagdtest.Project+"/flags/"+run.flag+"/environments/production",
			flagdtest.Map{"targets": []flagdtest.Map{{"variation": "on", "values": []string{marker}}}}, nil)
	}
	awaitServed(t, second, run.sdkKey, run.flag, fmt.Sprintf("lost %d", lost-1))
	ahead, _ := run.snapshot(t, second)
	restore(t, database, backup)

	afterwards := moderateLoad(first.URL, second.URL)
	afterwards.name = "afterwards"
	later := afterwards.start(t, first)
	later.awaitWrites(t, 60)
	later.settle(t, first)
	run.settle(t, second)
	now, _ := run.snapshot(t, second)
	require.NotEqual(t, ahead.Epoch, now.Epoch)
	run.report(t, fmt.Sprintf("a backup restored under 2 replicas and their streams, which had seen %d writes more", lost))
	run.check(t, run.sdkKey, first, second)
	later.check(t, later.sdkKey, first, second)
	run.checkEvaluations(t)
}

// dump gives a file of statements that bring the database back to where it is now.
func dump(t *testing.T, database *service) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backup.sql")
	program := filepath.Join(postgresPrograms(t), "pg_dump")
	output, err := exec.CommandContext(t.Context(), program, "--clean", "--if-exists", "--file="+file, database.URL).CombinedOutput()
	require.NoError(t, err, "pg_dump: %s", output)
	return file
}

// restore runs such a file and begins a new epoch, as docs/operations.md says.
func restore(t *testing.T, database *service, backup string) {
	t.Helper()
	program := filepath.Join(postgresPrograms(t), "psql")
	output, err := exec.CommandContext(t.Context(), program, "--single-transaction", "--quiet", "--set=ON_ERROR_STOP=1",
		"--file="+backup, database.URL).CombinedOutput()
	require.NoError(t, err, "psql: %s", output)
	flagdtest.MustRun(t, flagdtest.Settings{DataDir: t.TempDir(), DatabaseURL: database.URL}, "new-epoch")
}
