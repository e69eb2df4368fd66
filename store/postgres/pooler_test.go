package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestStoreThroughPgBouncer(t *testing.T) {
	t.Parallel()
	pooler := storetest.StartPgBouncer(t)
	storetest.RunRaces(t, func(t *testing.T) store.Store {
		pooled, direct := pooler.NewDatabase(t)
		return open(t, pooled, postgres.WithSessions(direct))
	})
}

func TestBusThroughPgBouncer(t *testing.T) {
	t.Parallel()
	pooled, direct := storetest.StartPgBouncer(t).NewDatabase(t)
	storetest.RunBus(t, func(t *testing.T) (store.Bus, func()) {
		proxy, listen := storetest.NewProxy(t, direct)
		return openBus(t, pooled, listen), proxy.Cut
	})
}

// TestPoolerAloneIsReached: only functions that need a session are missing. The only effect is that some things are
// slower.
func TestPoolerAloneIsReached(t *testing.T) {
	t.Parallel()
	const nowhere = "postgres://127.0.0.1:1/none?connect_timeout=1"
	pooled, direct := storetest.StartPgBouncer(t).NewDatabase(t)
	_, err := postgres.Open(t.Context(), pooled, postgres.WithSessions(nowhere))
	require.ErrorIs(t, err, store.ErrUnavailable, "there is no schema yet, and nothing to make it through")
	open(t, pooled, postgres.WithSessions(direct))

	s := open(t, pooled, postgres.WithSessions(nowhere))
	_, err = s.Cursor(t.Context(), makeEnvironment(t, s))
	require.NoError(t, err)
}

// A pooler does not accept limits at the start of a connection. They still hold, in every transaction.
func TestAHungWriterBehindPgBouncer(t *testing.T) {
	t.Parallel()
	pooled, direct := storetest.StartPgBouncer(t).NewDatabase(t)
	s := open(t, with(t, pooled, "lock_timeout", "50ms"), postgres.WithSessions(direct))
	ref := makeEnvironment(t, s)
	hung, err := connect(t, direct).Begin(t.Context())
	require.NoError(t, err)
	_, err = hung.Exec(t.Context(), "UPDATE environments SET revision = revision")
	require.NoError(t, err)
	_, err = s.UpdateEnvironment(t.Context(), store.Environment{EnvironmentRef: ref}, store.AnyVersion, store.Attribution{})
	require.ErrorIs(t, err, store.ErrUnavailable)
	require.NoError(t, hung.Rollback(t.Context()))
}

func TestAPoolerWithoutTheDatabaseItselfIsExplained(t *testing.T) {
	t.Parallel()
	pooled, direct := storetest.StartPgBouncer(t).NewDatabase(t)
	_, err := postgres.Open(t.Context(), pooled)
	require.ErrorContains(t, err, "the URL leads to a pooler")
	require.NotErrorIs(t, err, store.ErrUnavailable, "waiting does not help")

	d, err := postgres.Diagnose(t.Context(), pooled, direct)
	require.NoError(t, err)
	require.Zero(t, d.Schema)
	require.NoError(t, postgres.CheckListen(t.Context(), direct))
}
