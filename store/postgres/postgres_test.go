package postgres_test

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestMain(m *testing.M) {
	os.Exit(storetest.Main(m, func(ctx context.Context, url string) (store.Store, error) { return postgres.Open(ctx, url) }))
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.PostgresURL(t) // skips, or fails, once
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, storetest.PostgresURL(t)) })
}

func TestStoreSurvivesSIGKILL(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	storetest.RunCrash(t, url, func(t *testing.T) store.Store { return open(t, url) })
}

func TestStoreAnnouncesAfterCommit(t *testing.T) {
	t.Parallel()
	storetest.RunAnnounces(t, func(t *testing.T) (store.Store, store.Bus) {
		local := &bus.Local{}
		return open(t, storetest.PostgresURL(t), postgres.WithBus(local)), local
	})
}

func TestServersStartAtOnce(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	const servers = 6
	type outcome struct {
		store *postgres.Store
		err   error
	}
	outcomes := make(chan outcome)
	for range servers {
		go func() {
			s, err := postgres.Open(t.Context(), url)
			outcomes <- outcome{s, err}
		}()
	}
	var stores []*postgres.Store
	for range servers {
		o := <-outcomes
		require.NoError(t, o.err)
		t.Cleanup(func() { require.NoError(t, o.store.Close()) })
		stores = append(stores, o.store)
	}
	ref := makeEnvironment(t, stores[0])
	want, err := stores[0].Cursor(t.Context(), ref)
	require.NoError(t, err)
	for _, s := range stores {
		got, err := s.Cursor(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, want, got, "one epoch for all")
	}
}

func TestOpenWithoutMigrationNeedsASchema(t *testing.T) {
	t.Parallel()
	_, err := postgres.Open(t.Context(), storetest.PostgresURL(t), postgres.WithoutMigration())
	require.ErrorContains(t, err, "older than this server needs")
}

func TestOpenAcceptsANewerSchema(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	open(t, url)
	execute(t, connect(t, url), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	open(t, url)
	open(t, url, postgres.WithoutMigration())
}

func TestOpenExplainsItself(t *testing.T) {
	t.Parallel()
	service := storetest.PostgresURL(t)
	_, err := postgres.Open(t.Context(), with(t, service, "search_path", "no_such_schema"))
	require.ErrorContains(t, err, "none of the schemas in search_path exists")

	_, err = postgres.Open(t.Context(), "postgres://user:secret@localhost:port/db")
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret")

	proxy, url := storetest.NewProxy(t, service)
	proxy.SetAway(true)
	_, err = postgres.Open(t.Context(), url)
	require.ErrorIs(t, err, store.ErrUnavailable)
}

func TestStoreOutlivesItsDatabase(t *testing.T) {
	t.Parallel()
	proxy, url := storetest.NewProxy(t, storetest.PostgresURL(t))
	s := open(t, url)
	ref := makeEnvironment(t, s)
	proxy.SetAway(true)
	require.ErrorIs(t, s.Ping(t.Context()), store.ErrUnavailable)
	_, err := s.Definition(t.Context(), ref)
	require.ErrorIs(t, err, store.ErrUnavailable)
	_, err = s.UpdateProject(t.Context(), store.Project{Key: ref.Project}, store.AnyVersion, store.Attribution{})
	require.ErrorIs(t, err, store.ErrUnavailable)

	proxy.SetAway(false)
	require.NoError(t, s.Ping(t.Context()))
	cursor, err := s.Cursor(t.Context(), ref)
	require.NoError(t, err)
	require.EqualValues(t, 1, cursor.Revision)
}

func TestAHungWriterHoldsUpOthersOnlySoLong(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	s := open(t, with(t, url, "lock_timeout", "50ms"))
	ref := makeEnvironment(t, s)
	hung, err := connect(t, url).Begin(t.Context())
	require.NoError(t, err)
	_, err = hung.Exec(t.Context(), "UPDATE environments SET revision = revision")
	require.NoError(t, err)

	_, err = s.UpdateEnvironment(t.Context(), store.Environment{EnvironmentRef: ref}, store.AnyVersion, store.Attribution{})
	require.ErrorIs(t, err, store.ErrUnavailable)
	_, err = s.Definition(t.Context(), ref)
	require.NoError(t, err, "readers do not wait for writers")

	require.NoError(t, hung.Rollback(t.Context()))
	_, err = s.UpdateEnvironment(t.Context(), store.Environment{EnvironmentRef: ref}, store.AnyVersion, store.Attribution{})
	require.NoError(t, err)
}

func TestReplicasHearOfEachOthersChanges(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	writer := open(t, url, postgres.WithBus(openBus(t, url, "")))
	listening := openBus(t, url, "")
	heard := make(chan store.Announcement, 100)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	ended := make(chan error, 1)
	go func() { ended <- listening.Listen(ctx, func(a store.Announcement) { heard <- a }) }()
	require.Equal(t, store.Announcement{}, <-heard)

	ref := makeEnvironment(t, writer)
	for a := (store.Announcement{}); a != (store.Announcement{EnvironmentRef: ref, Revision: 1}); {
		select {
		case a = <-heard:
		case err := <-ended:
			require.FailNow(t, "not heard", "%v", err)
		}
	}
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}

func open(t *testing.T, url string, opts ...postgres.Option) *postgres.Store {
	t.Helper()
	opts = append([]postgres.Option{postgres.WithLogger(slog.New(slog.DiscardHandler))}, opts...)
	s, err := postgres.Open(t.Context(), url, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func makeEnvironment(t *testing.T, s store.Store) store.EnvironmentRef {
	t.Helper()
	ref := store.EnvironmentRef{Project: t.Name(), Environment: "production"}
	_, err := s.CreateProject(t.Context(), store.Project{Key: ref.Project}, store.Attribution{})
	require.NoError(t, err)
	_, err = s.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: ref}, store.Attribution{})
	require.NoError(t, err)
	return ref
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), statement)
	require.NoError(t, err)
}

// with gives the url with a parameter set.
func with(t *testing.T, address, parameter, value string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	query := parsed.Query()
	query.Set(parameter, value)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}
