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

// WithBus has every change announced on the bus after its commit. With several buses, it is announced on each. A bus
// that hangs does not delay the others.
func WithBus(bus sqlstore.Announcer) Option {
	return func(o *options) { o.announcers = append(o.announcers, bus) }
}

// WithLogger sets the logger; without it slog's default is used.
func WithLogger(log *slog.Logger) Option { return func(o *options) { o.log = log } }

// WithoutMigration leaves the schema as it is. Open then fails if the schema is too old.
func WithoutMigration() Option { return func(o *options) { o.migrate = false } }

const migrations = "sqlite"

// readers is the number of connections that read. One more connection writes.
const readers = 8

// Open opens the file and brings its schema up to date. If there is no file, it makes one, and its folder. A commit
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

// prepareAttempts is how often a process tries, when other processes start on the same new file at the same time.
const prepareAttempts = 10

// prepare migrates the schema, or only checks that it is migrated. SQLite has no lock that lasts longer than a
// transaction. So, if several processes start, one may find that another has just done the same step. Then it looks
// again.
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

// makePrivateFile makes a file that only its owner can read, because it will hold the hashes of keys. SQLite gives
// the files beside it the same mode.
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
	// With immediate transactions a writer waits at the beginning until it may write. So it never fails in the middle
	// because another writer was faster.
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
