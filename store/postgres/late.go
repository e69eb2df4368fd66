package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/internal/retry"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
	"github.com/tidegate-io/tidegate/store/internal/sqlstore"
	"github.com/tidegate-io/tidegate/supervise"
)

// errNotStarted is the error of a late engine until its database is up to date.
var errNotStarted = fmt.Errorf("%w: the database has not answered since this server started", store.ErrUnavailable)

// lateEngine is an engine whose database was away when it was opened. It refuses every query until the schema is up
// to date. Otherwise a query could find tables of an older version, or no tables.
type lateEngine struct {
	*engine
	started atomic.Bool

	stop context.CancelFunc
	done chan struct{}
}

var _ sqlstore.Engine = (*lateEngine)(nil)

// startLate tries in the background until the database answers, or until Close.
func startLate(owner *supervise.Supervisor, e *engine, r route, o options) *lateEngine {
	ctx, stop := context.WithCancel(context.Background())
	late := &lateEngine{engine: e, stop: stop, done: make(chan struct{})}
	owner.Begin(supervise.Piece{Name: "late start"}, func() {
		defer close(late.done)
		owner.Keep(ctx, supervise.Piece{Name: "late start"}, func(ctx context.Context) { late.run(ctx, r, o) })
	})
	return late
}

func (e *lateEngine) run(ctx context.Context, r route, o options) {
	var pace retry.Pace
	told := false
	for ctx.Err() == nil {
		err := e.prepare(ctx, r, o)
		if err == nil {
			e.started.Store(true)
			o.log.Info("The database answers and is up to date.")
			return
		}
		switch {
		case ctx.Err() != nil:
		case !errors.Is(err, store.ErrUnavailable):
			o.log.Error("The database answers but cannot be used; it is tried again.", "error", err)
		case !told:
			o.log.Warn("The database cannot be opened yet; it is tried again and again.", "error", err)
			told = true
		}
		pace.Wait(ctx)
	}
}

func (e *lateEngine) prepare(ctx context.Context, r route, o options) error {
	if err := r.prepare(ctx, o.migrate); err != nil {
		return err
	}
	return sqlstore.Prepare(ctx, e.engine)
}

func (e *lateEngine) Queries() db.Querier {
	if !e.started.Load() {
		return newQuerier(notStarted{})
	}
	return e.engine.Queries()
}

func (e *lateEngine) Read(ctx context.Context, f func(db.Querier) error) error {
	if !e.started.Load() {
		return errNotStarted
	}
	return e.engine.Read(ctx, f)
}

func (e *lateEngine) Write(ctx context.Context, f func(db.Querier) error) error {
	if !e.started.Load() {
		return errNotStarted
	}
	return e.engine.Write(ctx, f)
}

func (e *lateEngine) Ping(ctx context.Context) error {
	if !e.started.Load() {
		return errNotStarted
	}
	return e.engine.Ping(ctx)
}

func (e *lateEngine) Close() error {
	e.stop()
	<-e.done
	return e.engine.Close()
}

// notStarted is the connection for queries that are refused.
type notStarted struct{}

func (notStarted) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, errNotStarted
}

func (notStarted) Query(context.Context, string, ...any) (pgx.Rows, error) { return nil, errNotStarted }

func (notStarted) QueryRow(context.Context, string, ...any) pgx.Row { return noRow{} }

// noRow is the row that such a query gives.
type noRow struct{}

func (noRow) Scan(...any) error { return errNotStarted }
