package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
)

// The database's own limits, such as statement_timeout, do not help when the connection has gone silent, for instance
// because a packet filter drops packets or a host hangs. In that case these limits tell the callers soon.
const (
	// answerTimeout is the most time to get a connection and an answer on it. It holds for a query by itself, and for
	// the beginning of a transaction.
	answerTimeout = 1500 * time.Millisecond
	// statementTimeout is the most time for a statement within a transaction, which may have to wait for locks. If
	// the database can be reached, its own limits come first.
	statementTimeout = 12 * time.Second
)

// bounded is a connection on which every statement must be answered in time.
type bounded struct {
	conn   postgresdb.DBTX
	within time.Duration
}

func (b bounded) Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error) {
	ctx, cancel := context.WithTimeout(ctx, b.within)
	defer cancel()
	return b.conn.Exec(ctx, query, args...)
}

func (b bounded) Query(ctx context.Context, query string, args ...any) (pgx.Rows, error) {
	ctx, cancel := context.WithTimeout(ctx, b.within)
	rows, err := b.conn.Query(ctx, query, args...)
	if err != nil {
		cancel()
		return nil, err
	}
	return boundedRows{rows, cancel}, nil
}

func (b bounded) QueryRow(ctx context.Context, query string, args ...any) pgx.Row {
	ctx, cancel := context.WithTimeout(ctx, b.within)
	return boundedRow{b.conn.QueryRow(ctx, query, args...), cancel}
}

// boundedRows ends its context when it is closed.
type boundedRows struct {
	pgx.Rows
	cancel context.CancelFunc
}

func (r boundedRows) Close() {
	r.Rows.Close()
	r.cancel()
}

// boundedRow ends its context when it has been read, which happens once.
type boundedRow struct {
	pgx.Row
	cancel context.CancelFunc
}

func (r boundedRow) Scan(dest ...any) error {
	defer r.cancel()
	return r.Row.Scan(dest...)
}

// boundedPool is a pool whose transactions must begin and end in time. It does not limit how long they last in
// between.
type boundedPool struct {
	pool *pgxpool.Pool
}

func (p boundedPool) BeginTx(ctx context.Context, options pgx.TxOptions) (pgx.Tx, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	tx, err := p.pool.BeginTx(ctx, options)
	if isStandby(err) {
		// By now the address may lead to the primary. The connections that are open still lead to the standby.
		p.pool.Reset()
		return nil, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	if err != nil {
		return nil, err
	}
	return boundedTx{tx}, nil
}

type boundedTx struct {
	pgx.Tx
}

func (tx boundedTx) Commit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, statementTimeout)
	defer cancel()
	return tx.Tx.Commit(ctx)
}

func (tx boundedTx) Rollback(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, statementTimeout)
	defer cancel()
	return tx.Tx.Rollback(ctx)
}
