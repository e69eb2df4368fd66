package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
	"github.com/tidegate-io/tidegate/store/internal/sqlstore"
)

type engine struct {
	pool    *pgxpool.Pool
	queries querier
	// read and write are how transactions begin.
	read, write pgx.TxOptions
}

var _ sqlstore.Engine = (*engine)(nil)

// newEngine makes an engine. It sends begin after the BEGIN of every transaction, in the same round trip.
//
// A write reads committed data, whatever the default of the database is. It may have waited for the lock of a row.
// The next query must then see what the previous holder of the lock wrote.
func newEngine(pool *pgxpool.Pool, begin string) *engine {
	return &engine{
		pool: pool, queries: newQuerier(bounded{pool, answerTimeout}),
		read:  pgx.TxOptions{BeginQuery: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" + begin},
		write: pgx.TxOptions{BeginQuery: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE" + begin},
	}
}

func (e *engine) Queries() db.Querier { return e.queries }

func (e *engine) Read(ctx context.Context, f func(db.Querier) error) error {
	return e.transact(ctx, e.read, f)
}

func (e *engine) Write(ctx context.Context, f func(db.Querier) error) error {
	return e.transact(ctx, e.write, f)
}

func (e *engine) transact(ctx context.Context, options pgx.TxOptions, f func(db.Querier) error) error {
	return pgx.BeginTxFunc(ctx, boundedPool{e.pool}, options, func(tx pgx.Tx) error {
		return f(newQuerier(bounded{tx, statementTimeout}))
	})
}

func (e *engine) StoreError(err error) error { return storeError(err) }

func (e *engine) Ping(ctx context.Context) error { return e.pool.Ping(ctx) }

func (e *engine) Close() error {
	e.pool.Close()
	return nil
}
