// Package sqlstore is the logic of the store, written once for every SQL engine. It uses the queries and row types
// that sqlc generates for SQLite. The types generated for Postgres have the same fields, and store/postgres converts
// them.
package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
	"github.com/tidegate-io/tidegate/supervise"
)

// Engine is one SQL database. Its methods and the queries that it hands out return the driver's errors.
type Engine interface {
	// Queries read outside of transactions.
	Queries() db.Querier
	// Read runs f in one transaction in which every query sees the same state of the database.
	Read(ctx context.Context, f func(db.Querier) error) error
	// Write runs f in one transaction. It commits if f succeeds, and rolls back otherwise. A query sees everything
	// that was committed before the query got its locks.
	Write(ctx context.Context, f func(db.Querier) error) error
	// StoreError translates a driver's error into the error of package store. It gives any other error as it is.
	StoreError(err error) error

	Ping(ctx context.Context) error
	Close() error
}

// Announcer tells other replicas of changes. A store.Bus is one.
type Announcer interface {
	Announce(ctx context.Context, a store.Announcement) error
}

// Store implements store.Store on an Engine.
type Store struct {
	engine  Engine
	log     *slog.Logger
	heralds []*herald
}

var _ store.Store = (*Store)(nil)

// New makes a store on a migrated database. It gives a new database its epoch. Changes are announced by each of
// the announcers; one that hangs does not hold up the others.
func New(ctx context.Context, engine Engine, announcers []Announcer, log *slog.Logger) (*Store, error) {
	if err := Prepare(ctx, engine); err != nil {
		return nil, err
	}
	return NewPrepared(ctx, engine, announcers, log), nil
}

// NewPrepared is New for a database that is prepared, or will be. It takes from ctx only the owner of its goroutines.
func NewPrepared(ctx context.Context, engine Engine, announcers []Announcer, log *slog.Logger) *Store {
	s := &Store{engine: engine, log: log}
	for _, announcer := range announcers {
		s.heralds = append(s.heralds, startHerald(supervise.From(ctx), announcer, log))
	}
	return s
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.wrap(s.engine.Ping(ctx), "reach", "the database")
}

// Close announces what is left and closes the engine.
func (s *Store) Close() error {
	for _, h := range s.heralds {
		h.stop()
	}
	return s.engine.Close()
}

// queries read outside of transactions.
func (s *Store) queries() db.Querier { return s.engine.Queries() }

// wrap says what failed, in terms of package store. A nil err stays nil.
func (s *Store) wrap(err error, verb, what string, args ...any) error {
	if err == nil {
		return nil
	}
	failure := s.engine.StoreError(err)
	// The whole driver's error is translated. If a step of the operation says what it failed on, that is kept.
	if step, ok := errors.AsType[*store.OperationError](err); ok && !errors.As(failure, new(*store.OperationError)) {
		failure = &store.OperationError{Verb: step.Verb, What: step.What, Err: failure}
	}
	return operationError(failure, verb, what, args...)
}

func operationError(err error, verb, what string, args ...any) error {
	return &store.OperationError{Verb: verb, What: fmt.Sprintf(what, args...), Err: err}
}

// checkVersion fails with a ConflictError if a write is guarded by a version that is not the current one.
func checkVersion(what string, current, ifVersion int64) error {
	if ifVersion != store.AnyVersion && ifVersion != current {
		return &store.ConflictError{What: what, Current: current}
	}
	return nil
}

// rowLimit is the LIMIT of a query that gives at most n rows, or all if n is 0.
func rowLimit(n int) int64 {
	if n <= 0 {
		return math.MaxInt64
	}
	return int64(n)
}

// errUnchanged makes a write roll back because there is nothing to write. It is not a failure.
var errUnchanged = errors.New("nothing changed")
