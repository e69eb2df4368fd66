package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/demo"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/sqlite"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestServingAFileThatIsServedIsRefused(t *testing.T) {
	dir := t.TempDir()
	lock, err := sqlite.AcquireLock(filepath.Join(dir, sqliteFile))
	require.NoError(t, err)
	defer func() { require.NoError(t, lock.Close()) }()

	for _, command := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"restore", "backup.db"}, {"migrate-store", "--to", "postgres://h/d"}} {
		_, err = execute(t, nil, append(command, "--data-dir", dir)...)
		require.Error(t, err)
		assert.Contains(t, explain(err), "--data-dir or FLAGD_DATA_DIR")
		assert.Equal(t, exitFailure, exitCode(err))
	}
	_, err = execute(t, nil, "sign-in-link", "--data-dir", dir)
	require.NoError(t, err, "a command that only takes a moment works beside the server")
	_, err = execute(t, nil, "backup", filepath.Join(dir, "backup.db"), "--data-dir", dir)
	require.NoError(t, err)
}

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	backup := filepath.Join(t.TempDir(), "backup.db")
	_, err := execute(t, nil, "backup", backup, "--data-dir", dir)
	require.ErrorContains(t, err, "is --data-dir the server's?")
	_, err = execute(t, nil, "migrate", "up", "--data-dir", dir)
	require.NoError(t, err)
	said, err := execute(t, nil, "backup", backup, "--data-dir", dir)
	require.NoError(t, err)
	assert.Contains(t, said, backup)
	_, err = execute(t, nil, "backup", backup, "--data-dir", dir)
	require.ErrorContains(t, err, "choose another name")
	said, err = execute(t, nil, "restore", backup, "--data-dir", dir)
	require.NoError(t, err)
	assert.Contains(t, said, sqliteFile+".before-")

	for _, args := range [][]string{{"backup"}, {"restore", "a", "b"}, {"backup", "x", "--database-url", "postgres://h/d"}, {"migrate"}, {"migrate-store"}} {
		_, err = execute(t, nil, args...)
		require.Error(t, err)
		assert.Equal(t, exitUsage, exitCode(err), "%v: %v", args, err)
	}
}

func TestMigrate(t *testing.T) {
	dir := t.TempDir()
	_, err := execute(t, nil, "migrate", "status", "--data-dir", dir)
	require.ErrorContains(t, err, "flagd migrate up")
	said, err := execute(t, nil, "migrate", "up", "--data-dir", dir)
	require.NoError(t, err)
	again, err := execute(t, nil, "migrate", "status", "--data-dir", dir)
	require.NoError(t, err)
	assert.Equal(t, said, again)

	postgresURL := storetest.PostgresURL(t)
	_, err = execute(t, nil, "migrate", "status", "--database-url", postgresURL)
	require.ErrorContains(t, err, "migrations are pending")
	_, err = execute(t, nil, "migrate", "up", "--database-url", postgresURL)
	require.NoError(t, err)
}

// shop is a store with two weeks of history.
func shop(t *testing.T, dir string) *sqlite.Store {
	t.Helper()
	opened, err := sqlite.Open(t.Context(), filepath.Join(dir, sqliteFile))
	require.NoError(t, err)
	now := time.Now()
	_, err = server.Bootstrap(t.Context(), opened, now.Add(-demoAge))
	require.NoError(t, err)
	require.NoError(t, demo.Fill(t.Context(), opened, now))
	return opened
}

func TestMigrateStoreMovesEverythingAndCanBeRunAgain(t *testing.T) {
	dir, url := t.TempDir(), storetest.PostgresURL(t)
	source := shop(t, dir)
	move := []string{"migrate-store", "--data-dir", dir, "--to", url}
	said, err := execute(t, nil, move...)
	require.NoError(t, err)
	assert.Regexp(t, `changes +\[#{30}\] (\d+)/\d+\n`, said)
	requireSame(t, source, url)

	_, err = execute(t, nil, move...)
	require.NoError(t, err, "again")
	environments, err := source.ListEnvironments(t.Context(), "")
	require.NoError(t, err)
	_, err = source.UpdateEnvironment(t.Context(), environments[0], store.AnyVersion, store.Attribution{At: time.Now()})
	require.NoError(t, err)
	_, err = execute(t, nil, move...)
	require.NoError(t, err, "again, after the source went on")
	requireSame(t, source, url)

	target, err := postgres.Open(t.Context(), url)
	require.NoError(t, err)
	_, err = target.UpdateEnvironment(t.Context(), environments[0], store.AnyVersion, store.Attribution{At: time.Now()})
	require.NoError(t, err)
	require.NoError(t, target.Close())
	_, err = execute(t, nil, move...)
	require.ErrorContains(t, err, "has been changed since")
	require.NoError(t, source.Close())
}

func TestMigrateStoreLeavesAnotherInstallationAlone(t *testing.T) {
	dir, url := t.TempDir(), storetest.PostgresURL(t)
	require.NoError(t, shop(t, dir).Close())
	_, err := execute(t, nil, "sign-in-link", "--database-url", url, "--data-dir", t.TempDir())
	require.NoError(t, err)
	_, err = execute(t, nil, "migrate-store", "--data-dir", dir, "--to", url)
	require.ErrorIs(t, err, postgres.ErrNotEmpty)
	assert.Contains(t, explain(err), "empty schema")
}

// requireSame requires that the database at url has the same present and the same past as the source.
func requireSame(t *testing.T, source store.Store, url string) {
	t.Helper()
	target, err := postgres.Open(t.Context(), url)
	require.NoError(t, err)
	defer func() { require.NoError(t, target.Close()) }()
	environments, err := source.ListEnvironments(t.Context(), "")
	require.NoError(t, err)
	moved, err := target.ListEnvironments(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, environments, moved)
	for _, e := range environments {
		want, err := source.Definition(t.Context(), e.EnvironmentRef)
		require.NoError(t, err)
		got, err := target.Definition(t.Context(), e.EnvironmentRef)
		require.NoError(t, err)
		require.Equal(t, want, got)
		wantChanges, err := source.ListChanges(t.Context(), e.EnvironmentRef, store.ChangeFilter{})
		require.NoError(t, err)
		gotChanges, err := target.ListChanges(t.Context(), e.EnvironmentRef, store.ChangeFilter{})
		require.NoError(t, err)
		require.Equal(t, wantChanges, gotChanges)
		wantReleases, err := source.ListReleases(t.Context(), e.EnvironmentRef)
		require.NoError(t, err)
		gotReleases, err := target.ListReleases(t.Context(), e.EnvironmentRef)
		require.NoError(t, err)
		require.Equal(t, wantReleases, gotReleases)
	}
}
