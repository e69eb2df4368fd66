package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/tidegate-io/tidegate/store/internal/sqlitedb"
	"github.com/tidegate-io/tidegate/store/internal/sqlstore"
)

// engine has one connection that writes, and several connections that read what is committed.
type engine struct {
	writer  *sql.DB
	reader  *sql.DB
	queries *sqlitedb.Queries
}

var _ sqlstore.Engine = (*engine)(nil)

func newEngine(writer, reader *sql.DB) *engine {
	return &engine{writer: writer, reader: reader, queries: sqlitedb.New(reader)}
}

func (e *engine) Queries() sqlitedb.Querier { return e.queries }

func (e *engine) Read(ctx context.Context, f func(sqlitedb.Querier) error) error {
	return transact(ctx, e.reader, f)
}

func (e *engine) Write(ctx context.Context, f func(sqlitedb.Querier) error) error {
	return transact(ctx, e.writer, f)
}

func transact(ctx context.Context, pool *sql.DB, f func(sqlitedb.Querier) error) (err error) {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if rollback := tx.Rollback(); !errors.Is(rollback, sql.ErrTxDone) {
			err = errors.Join(err, rollback)
		}
	}()
	if err := f(sqlitedb.New(tx)); err != nil {
		return err
	}
	return tx.Commit()
}

func (e *engine) Ping(ctx context.Context) error {
	_, err := e.reader.ExecContext(ctx, "SELECT 1 FROM settings")
	return err
}

func (e *engine) Close() error {
	return errors.Join(e.reader.Close(), e.writer.Close())
}
