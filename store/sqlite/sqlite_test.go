package sqlite_test

import (
	"context"
	"database/sql"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/sqlite"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestMain(m *testing.M) {
	os.Exit(storetest.Main(m, func(ctx context.Context, path string) (store.Store, error) { return sqlite.Open(ctx, path) }))
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, newPath(t)) })
}

func TestStoreSurvivesSIGKILL(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	storetest.RunCrash(t, path, func(t *testing.T) store.Store { return open(t, path) })
}

func TestStoreAnnouncesAfterCommit(t *testing.T) {
	t.Parallel()
	storetest.RunAnnounces(t, func(t *testing.T) (store.Store, store.Bus) {
		local := &bus.Local{}
		return open(t, newPath(t), sqlite.WithBus(local)), local
	})
}

func TestOpenKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new folder", "50% of #1?.db")
	first, err := sqlite.Open(t.Context(), path)
	require.NoError(t, err)
	ref := makeEnvironment(t, first)
	before, err := first.Cursor(t.Context(), ref)
	require.NoError(t, err)
	require.NoError(t, first.Close())

	for _, opts := range [][]sqlite.Option{{}, {sqlite.WithoutMigration()}} {
		after, err := open(t, path, opts...).Cursor(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, before, after, "the same revision of the same epoch")
	}
}

func TestOpenKeepsTheFileToItself(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	makeEnvironment(t, open(t, path))
	folder := os.DirFS(filepath.Dir(path))
	names, err := fs.Glob(folder, "*")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		info, err := fs.Stat(folder, name)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s may be read by others", name)
	}
}

func TestStoresOnOneFileSeeEachOther(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	one, two := open(t, path), open(t, path)
	ref := makeEnvironment(t, one)
	cursor, err := two.Cursor(t.Context(), ref)
	require.NoError(t, err)
	require.EqualValues(t, 1, cursor.Revision)
}

func TestProcessesStartAtOnce(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	const processes = 4
	opened := make(chan error)
	for range processes {
		go func() {
			s, err := sqlite.Open(t.Context(), path)
			if err == nil {
				err = s.Close()
			}
			opened <- err
		}()
	}
	for range processes {
		require.NoError(t, <-opened)
	}
	makeEnvironment(t, open(t, path))
}

func TestOpenWithoutMigrationNeedsASchema(t *testing.T) {
	t.Parallel()
	_, err := sqlite.Open(t.Context(), newPath(t), sqlite.WithoutMigration())
	require.ErrorContains(t, err, "older than this server needs")
}

func TestOpenAcceptsANewerSchema(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	require.NoError(t, open(t, path).Close())
	raw, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	_, err = raw.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
	require.NoError(t, err)
	require.NoError(t, raw.Close())
	open(t, path)
	open(t, path, sqlite.WithoutMigration())
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	require.NoError(t, os.WriteFile(path, []byte("this is a letter, and not a short one, to a friend"), 0o600))
	_, err := sqlite.Open(t.Context(), path)
	require.ErrorContains(t, err, path)
	_, err = sqlite.Open(t.Context(), filepath.Join(path, "below a file"))
	require.Error(t, err)
}

func newPath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "tidegate.db")
}

// open opens a store that is closed when the test is over, at the latest.
func open(t *testing.T, path string, opts ...sqlite.Option) *sqlite.Store {
	t.Helper()
	opts = append([]sqlite.Option{sqlite.WithLogger(slog.New(slog.DiscardHandler))}, opts...)
	s, err := sqlite.Open(t.Context(), path, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func makeEnvironment(t *testing.T, s store.Store) store.EnvironmentRef {
	t.Helper()
	ref := store.EnvironmentRef{Project: "shop", Environment: "production"}
	_, err := s.CreateProject(t.Context(), store.Project{Key: ref.Project}, store.Attribution{})
	require.NoError(t, err)
	_, err = s.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: ref}, store.Attribution{})
	require.NoError(t, err)
	return ref
}
