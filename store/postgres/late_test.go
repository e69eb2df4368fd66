package postgres_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestLateStart(t *testing.T) {
	t.Parallel()
	proxy, url := storetest.NewProxy(t, storetest.PostgresURL(t))
	proxy.SetAway(true)
	_, err := postgres.Open(t.Context(), url, postgres.WithLogger(slog.New(slog.DiscardHandler)))
	require.ErrorIs(t, err, store.ErrUnavailable, "not unless it is asked for")

	s := open(t, url, postgres.WithLateStart())
	_, err = s.ListProjects(t.Context())
	require.ErrorIs(t, err, store.ErrUnavailable, "a query outside of transactions")
	_, err = s.Project(t.Context(), "shop")
	require.ErrorIs(t, err, store.ErrUnavailable, "a query of one row")
	_, err = s.Patch(t.Context(), store.EnvironmentRef{}, 0)
	require.ErrorIs(t, err, store.ErrUnavailable, "a transaction that reads")
	_, err = s.CreateProject(t.Context(), store.Project{Key: "shop"}, store.Attribution{})
	require.ErrorIs(t, err, store.ErrUnavailable, "a transaction that writes")
	require.ErrorIs(t, s.Ping(t.Context()), store.ErrUnavailable)

	proxy.SetAway(false)
	require.Eventually(t, func() bool { return s.Ping(t.Context()) == nil }, 20*time.Second, 10*time.Millisecond)
	ref := makeEnvironment(t, s)
	cursor, err := s.Cursor(t.Context(), ref)
	require.NoError(t, err)
	require.NotEmpty(t, cursor.Epoch, "the new database has got its tables and its epoch")
}

// A late store must not wait longer for a silent database than a store whose database was there at the start.
func TestReadsAfterALateStartAreBounded(t *testing.T) {
	t.Parallel()
	proxy, url := storetest.NewProxy(t, storetest.PostgresURL(t))
	proxy.SetAway(true)
	s := open(t, url, postgres.WithLateStart())
	proxy.SetAway(false)
	require.Eventually(t, func() bool { return s.Ping(t.Context()) == nil }, 20*time.Second, 10*time.Millisecond)
	_, err := s.ListProjects(t.Context())
	require.NoError(t, err)

	proxy.Stall(true)
	defer proxy.Stall(false)
	for name, read := range map[string]func(context.Context) error{
		"a query outside of transactions": func(ctx context.Context) error { _, err := s.ListProjects(ctx); return err },
		"a query of one row":              func(ctx context.Context) error { _, err := s.Project(ctx, "shop"); return err },
		"a transaction that reads": func(ctx context.Context) error {
			_, err := s.Patch(ctx, store.EnvironmentRef{Project: "shop", Environment: "production"}, 0)
			return err
		},
	} {
		// The deadline of the caller is much later than the limit of the store.
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		err := read(ctx)
		require.ErrorIs(t, err, store.ErrUnavailable, name)
		require.NoError(t, ctx.Err(), "%s: the store gives up by itself", name)
		cancel()
	}
}

func TestLateStartIsNoExcuseForAWrongAddress(t *testing.T) {
	t.Parallel()
	_, err := postgres.Open(t.Context(), with(t, storetest.PostgresURL(t), "search_path", "no_such_schema"), postgres.WithLateStart())
	require.ErrorContains(t, err, "search_path")
}

func TestLateStartEndsWithTheStore(t *testing.T) {
	t.Parallel()
	s, err := postgres.Open(t.Context(), "postgres://127.0.0.1:1/none?connect_timeout=1", postgres.WithLateStart(),
		postgres.WithLogger(slog.New(slog.DiscardHandler)))
	require.NoError(t, err)
	require.NoError(t, s.Close())
}
