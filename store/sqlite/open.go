// Package sqlite is the store in one embedded file, for a single server without a database of its own.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/tidegate-io/tidegate/store/internal/migration"
	"github.com/tidegate-io/tidegate/store/internal/retry"
	"github.com/tidegate-io/tidegate/store/internal/sqlstore"
)

// Store is a store in one SQLite file. It implements store.Store.
type Store struct {
	*sqlstore.Store
}

// Option changes how a store is opened.
type Option func(*options)

type options struct {
	announcers []sqlstore.Announcer
	log        *slog.Logger
	migrate    bool
}

// WithBus has every change announced on the bus after its commit. Given several times, it is announced on each, and one
// that hangs holds up none of the others.
func WithBus(bus sqlstore.Announcer) Option {
	return func(o *options) { o.announcers = append(o.announcers, bus) }
}

// WithLogger sets the logger; without it slog's default is used.
func WithLogger(log *slog.Logger) Option { return func(o *options) { o.log = log } }

// WithoutMigration leaves the schema as it is, and has Open fail if it is too old.
func WithoutMigration() Option { return func(o *options) { o.migrate = false } }

const migrations = "sqlite"

// readers is the size of the pool of connections that read beside the one that writes.
const readers = 8

// Open opens the file, which it makes, with its folder, where there is none, and brings its schema up to date. A commit
// is on the disk before it is acknowledged.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	o := options{log: slog.Default(), migrate: true}
	for _, opt := range opts {
		opt(&o)
	}
	if err := makePrivateFile(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	e, err := openEngine(path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if err := prepare(ctx, e, o.migrate); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, errors.Join(e.StoreError(err), e.Close()))
	}
	s, err := sqlstore.New(ctx, e, o.announcers, o.log)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, errors.Join(err, e.Close()))
	}
	return &Store{s}, nil
}

// prepareAttempts is how often a process may lose to others that start on the same new file at once.
const prepareAttempts = 10

// prepare migrates the schema, or only checks that somebody has. SQLite has no lock that outlasts a transaction, so
// of several processes each may find that another has just done what it was about to do; then it looks again.
func prepare(ctx context.Context, e *engine, migrate bool) error {
	if !migrate {
		return migration.Check(ctx, goose.DialectSQLite3, e.writer, migrations)
	}
	var pace retry.Pace
	for attempt := 1; ; attempt++ {
		err := migration.Up(ctx, goose.DialectSQLite3, e.writer, migrations)
		if !mayBeRace(err) || attempt == prepareAttempts || ctx.Err() != nil {
			return err
		}
		pace.Wait(ctx)
	}
}

// makePrivateFile keeps the hashes of keys from other users of the machine. SQLite gives the files beside it the same
// mode.
func makePrivateFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

func openEngine(path string) (*engine, error) {
	// With immediate transactions a writer waits for its turn at the beginning; it never fails in the middle because
	// another one was faster.
	writer, err := openPool(path, 1, url.Values{"_txlock": {"immediate"}})
	if err != nil {
		return nil, err
	}
	reader, err := openPool(path, readers, url.Values{"_pragma": {"query_only(1)"}})
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	return newEngine(writer, reader), nil
}

func openPool(path string, size int, settings url.Values) (*sql.DB, error) {
	settings["_pragma"] = append([]string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	}, settings["_pragma"]...)
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+settings.Encode())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return pool, nil
}
