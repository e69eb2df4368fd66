package sqlite_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

var restoredAt = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// rename raises the revision of the environment and gives the new one.
func rename(t *testing.T, s store.Store, ref store.EnvironmentRef, name string) store.Cursor {
	t.Helper()
	_, err := s.UpdateEnvironment(t.Context(), store.Environment{EnvironmentRef: ref, Name: name}, store.AnyVersion, store.Attribution{})
	require.NoError(t, err)
	cursor, err := s.Cursor(t.Context(), ref)
	require.NoError(t, err)
	return cursor
}

func TestBackupWhileWritingIsWhole(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path)
	ref := makeEnvironment(t, s)
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			_, err := s.UpdateEnvironment(t.Context(), store.Environment{EnvironmentRef: ref}, store.AnyVersion, store.Attribution{})
			if err != nil {
				stopped <- err
				return
			}
		}
	}()
	before, err := s.Cursor(t.Context(), ref)
	require.NoError(t, err)
	to := filepath.Join(t.TempDir(), "backup.db")
	require.NoError(t, sqlite.Backup(t.Context(), path, to))
	after, err := s.Cursor(t.Context(), ref)
	require.NoError(t, err)
	close(stop)
	require.NoError(t, <-stopped)

	copied := open(t, to, sqlite.WithoutMigration())
	cursor, err := copied.Cursor(t.Context(), ref)
	require.NoError(t, err)
	require.GreaterOrEqual(t, cursor.Revision, before.Revision)
	require.LessOrEqual(t, cursor.Revision, after.Revision)
	changes, err := copied.ListChanges(t.Context(), ref, store.ChangeFilter{})
	require.NoError(t, err)
	require.Len(t, changes, int(cursor.Revision))
	requireNames(t, filepath.Dir(to), "backup.db", "backup.db-shm", "backup.db-wal")
}

func TestBackupOverwritesNothing(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	makeEnvironment(t, open(t, path))
	to := filepath.Join(t.TempDir(), "letter")
	require.NoError(t, os.WriteFile(to, []byte("dear friend"), 0o600))
	require.ErrorIs(t, sqlite.Backup(t.Context(), path, to), fs.ErrExist)
	kept, err := os.ReadFile(to)
	require.NoError(t, err)
	require.Equal(t, "dear friend", string(kept))
}

func TestBackupThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.ErrorIs(t, sqlite.Backup(t.Context(), newPath(t), filepath.Join(folder, "backup.db")), fs.ErrNotExist)
	requireNames(t, folder)
}

func TestRestoreBeginsAnEpochAndKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path)
	ref := makeEnvironment(t, s)
	saved := rename(t, s, ref, "saved")
	backup := filepath.Join(t.TempDir(), "backup.db")
	require.NoError(t, sqlite.Backup(t.Context(), path, backup))
	lost := rename(t, s, ref, "lost")
	require.NoError(t, s.Close())

	aside, err := sqlite.Restore(t.Context(), backup, path, restoredAt)
	require.NoError(t, err)
	require.Equal(t, path+".before-20260301T120000Z", aside)
	restored, err := open(t, path).Cursor(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, saved.Revision, restored.Revision)
	require.NotEqual(t, saved.Epoch, restored.Epoch)

	kept, err := open(t, aside).Cursor(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, lost, kept)
}

func TestRestoreToWhereNothingWas(t *testing.T) {
	t.Parallel()
	from := newPath(t)
	s := open(t, from)
	ref := makeEnvironment(t, s)
	path := newPath(t)
	aside, err := sqlite.Restore(t.Context(), from, path, restoredAt)
	require.NoError(t, err)
	require.Empty(t, aside)
	_, err = open(t, path).Cursor(t.Context(), ref)
	require.NoError(t, err)
}

func TestRestoreOfADamagedDatabaseSucceedsAndFromOneFails(t *testing.T) {
	t.Parallel()
	sound, damaged := newPath(t), newPath(t)
	ref := makeEnvironment(t, open(t, sound))
	letter := []byte("this is a letter, and not a short one, to a friend")
	require.NoError(t, os.WriteFile(damaged, letter, 0o600))

	_, err := sqlite.Restore(t.Context(), damaged, sound, restoredAt)
	require.ErrorContains(t, err, damaged)
	_, err = open(t, sound).Cursor(t.Context(), ref)
	require.NoError(t, err, "nothing was touched")

	aside, err := sqlite.Restore(t.Context(), sound, damaged, restoredAt)
	require.NoError(t, err)
	kept, err := os.ReadFile(aside)
	require.NoError(t, err)
	require.Equal(t, letter, kept)
	_, err = open(t, damaged).Cursor(t.Context(), ref)
	require.NoError(t, err)
}

func TestLockKeepsASecondServerAway(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "tidegate.db")
	first, err := sqlite.AcquireLock(path)
	require.NoError(t, err)
	_, err = sqlite.AcquireLock(path)
	var locked *sqlite.LockedError
	require.ErrorAs(t, err, &locked)
	require.ErrorContains(t, err, path)
	require.NotEmpty(t, locked.Holder)

	open(t, path) // others may look at it meanwhile
	require.NoError(t, first.Close())
	second, err := sqlite.AcquireLock(path)
	require.NoError(t, err)
	require.NoError(t, second.Close())
}

// requireNames requires that the folder holds these files and no others.
func requireNames(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	found := []string{}
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	require.ElementsMatch(t, names, found)
}
