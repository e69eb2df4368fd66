package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/doctor"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/sqlite"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// diagnosed runs flagd doctor --json on free ports. It gives the findings by check, as "status: found". If a check
// has several findings, it gives the last one.
func diagnosed(t *testing.T, environment map[string]string, args ...string) (found map[string]string, err error) {
	t.Helper()
	out, err := execute(t, environment, append([]string{"doctor", "--json", "--addr", "127.0.0.1:0"}, args...)...)
	var report doctor.Report
	require.NoError(t, json.Unmarshal([]byte(out), &report), out)
	found = make(map[string]string)
	for _, f := range report.Findings {
		found[f.Check] = string(f.Status) + ": " + f.Found
	}
	return found, err
}

func TestDoctorBeforeTheFirstStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	found, err := diagnosed(t, nil, "--data-dir", dir)
	require.NoError(t, err)
	assert.Equal(t, "ok: there is none yet; the first start makes it", found["database"])
	assert.NoDirExists(t, dir, "the doctor has made the folder")
}

func TestDoctorOnSQLite(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, sqliteFile)
	opened, err := sqlite.Open(t.Context(), file)
	require.NoError(t, err)
	found, err := diagnosed(t, nil, "--data-dir", dir)
	require.NoError(t, err, "beside a running server")
	assert.Contains(t, found["database"], "ok: SQLite")
	assert.Contains(t, found["schema"], "ok: version")
	assert.NotContains(t, found, "clock", "the file has no clock")
	require.NoError(t, opened.Close())

	require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("this is no database ", 100)), 0o600))
	found, err = diagnosed(t, nil, "--data-dir", dir)
	require.ErrorContains(t, err, "1 of ")
	assert.Equal(t, exitFailure, exitCode(err))
	assert.Contains(t, found["database"], "fail: ")
	assert.Contains(t, found["database"], "file is not a database")
}

func TestDoctorOnPostgresAndRedis(t *testing.T) {
	databaseURL := storetest.PostgresURL(t)
	environment := map[string]string{"FLAGD_DATABASE_URL": databaseURL, "FLAGD_REDIS_URL": storetest.StartRedis(t).URL(), "FLAGD_DATA_DIR": t.TempDir()}
	found, err := diagnosed(t, environment)
	require.NoError(t, err)
	assert.Contains(t, found["schema"], "ok: there is none yet")

	opened, err := postgres.Open(t.Context(), databaseURL)
	require.NoError(t, err)
	require.NoError(t, opened.Close())
	found, err = diagnosed(t, environment)
	require.NoError(t, err)
	assert.Contains(t, found["database"], "ok: PostgreSQL")
	assert.Contains(t, found["schema"], "ok: version")
	assert.Contains(t, found["clock"], "ok: within")
	assert.Equal(t, "ok: the database tells of changes", found["notify"])
	assert.Contains(t, found["redis"], "ok: Redis ")
	assert.Contains(t, found["settings"], "--database-url, --redis-url")
}

func TestDoctorOnServicesThatAreWrong(t *testing.T) {
	databaseURL := storetest.PostgresURL(t)
	redis := storetest.StartRedis(t, "--user", "default", "on", "nopass", "~other:*", "resetchannels", "+@all")
	found, err := diagnosed(t, map[string]string{
		"FLAGD_DATABASE_URL": databaseURL + "&default_transaction_read_only=on", "FLAGD_REDIS_URL": redis.URL(), "FLAGD_DATA_DIR": t.TempDir(),
	})
	require.Error(t, err)
	assert.Contains(t, found["database"], "fail: PostgreSQL")
	assert.Contains(t, found["database"], "refuses to be written to")
	assert.Contains(t, found["redis"], "warn: cannot be used")
	assert.Contains(t, found["redis"], "NOPERM")

	found, err = diagnosed(t, map[string]string{"FLAGD_DATABASE_URL": strings.Replace(databaseURL, "search_path=", "search_path=not_", 1), "FLAGD_DATA_DIR": t.TempDir()})
	require.Error(t, err)
	assert.Contains(t, found["database"], "none of the schemas in search_path exists")
}

func TestDoctorOnServicesThatAreAway(t *testing.T) {
	found, err := diagnosed(t, map[string]string{
		"FLAGD_DATABASE_URL": "postgres://tidegate:hunter2@127.0.0.1:1/tidegate", "FLAGD_REDIS_URL": "redis://:hunter2@127.0.0.1:1", "FLAGD_DATA_DIR": t.TempDir(),
		"OTEL_TRACES_EXPORTER": "jaeger",
	})
	require.ErrorContains(t, err, "2 of ")
	assert.Contains(t, found["database"], "fail: ")
	assert.Contains(t, found["redis"], "warn: ")
	assert.Contains(t, found["traces"], "fail: OTEL_TRACES_EXPORTER must be otlp or none")
	assert.NotContains(t, found, "notify", "what cannot work without the database is not looked at")
	for check, text := range found {
		assert.NotContains(t, text, "hunter2", "%s shows a password", check)
	}
}

func TestDoctorFindsVariablesThatAreNone(t *testing.T) {
	t.Setenv("FLAGD_DATABSE_URL", "postgres://x")
	out, err := execute(t, nil, "doctor", "--addr", "127.0.0.1:0", "--data-dir", t.TempDir())
	require.NoError(t, err)
	assert.Contains(t, out, "there is no setting FLAGD_DATABSE_URL")
	assert.NotContains(t, out, "postgres://x", "the value may be a secret")
}

func TestDoctorRefusesSettingsAsServeDoes(t *testing.T) {
	_, err := execute(t, nil, "doctor", "--addr", "nowhere")
	require.Error(t, err)
	assert.Equal(t, exitUsage, exitCode(err))
}
