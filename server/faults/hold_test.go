package faults_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// holdAt is the moment at which a write transaction is held up, written as a trigger of the table changes.
type holdAt string

const (
	beforeInsert holdAt = "CREATE TRIGGER held BEFORE INSERT ON changes FOR EACH ROW EXECUTE FUNCTION hold()"
	atCommit     holdAt = "CREATE CONSTRAINT TRIGGER held AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold()"
)

// hold keeps write transactions waiting for an advisory lock.
type hold struct {
	conn *pgx.Conn
}

// holdKey is the number of the lock.
const holdKey = "4711"

// holdChanges makes every transaction that records a change wait until release. The end of the test drops the
// trigger.
func holdChanges(t *testing.T, database *service, at holdAt) *hold {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database.URL)
	require.NoError(t, err)
	h := &hold{conn}
	for _, statement := range []string{
		"CREATE OR REPLACE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(" + holdKey + "); RETURN NEW; END'",
		string(at),
		"SELECT pg_advisory_lock(" + holdKey + ")",
	} {
		h.exec(t, statement)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		_, err := conn.Exec(ctx, "DROP TRIGGER held ON changes")
		require.NoError(t, err)
		require.NoError(t, conn.Close(ctx))
	})
	return h
}

// await waits until a transaction is being held.
func (h *hold) await(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.True(t, flagdtest.Poll(ctx, func() bool {
		var waiting int
		err := h.conn.QueryRow(ctx, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = "+holdKey+" AND NOT granted").Scan(&waiting)
		return err == nil && waiting > 0
	}), "no transaction came to the hold")
}

func (h *hold) release(t *testing.T) {
	t.Helper()
	h.exec(t, "SELECT pg_advisory_unlock("+holdKey+")")
}

func (h *hold) exec(t *testing.T, statement string) {
	t.Helper()
	_, err := h.conn.Exec(t.Context(), statement)
	require.NoError(t, err, statement)
}
