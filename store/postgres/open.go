// Package postgres is the store in PostgreSQL, shared by any number of servers, and a bus over its NOTIFY.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/internal/sqlstore"
	"github.com/tidegate-io/tidegate/supervise"
)

// Store is a store in one schema of a PostgreSQL database. It implements store.Store.
type Store struct {
	*sqlstore.Store
}

// Option changes how a store is opened.
type Option func(*options)

type options struct {
	announcers []sqlstore.Announcer
	log        *slog.Logger
	migrate    bool
	late       bool
	// session is the URL of the database itself where the store's URL leads to a pooler; otherwise "".
	session string
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

// WithSessions is for a store whose URL leads to a pooler, such as PgBouncer, that gives the connection to somebody
// else after every transaction. Its url leads to the database itself, because migrations need a session. An empty url
// changes nothing.
func WithSessions(url string) Option { return func(o *options) { o.session = url } }

// WithLateStart makes Open succeed while the database is away. The schema is brought up to date as soon as the
// database answers. Until then everything fails with store.ErrUnavailable.
func WithLateStart() Option { return func(o *options) { o.late = true } }

// Open connects to the database and brings its schema up to date. Any number of servers may do so at once.
//
// The url is libpq's, with pgx's additions: search_path names the schema, which must exist; pool_max_conns,
// pool_max_conn_lifetime and so on size the pool; statement_timeout, lock_timeout and the like override the limits
// that the store sets itself.
func Open(ctx context.Context, url string, opts ...Option) (*Store, error) {
	o := options{log: slog.Default(), migrate: true}
	for _, opt := range opts {
		opt(&o)
	}
	r, err := parseRoute(url, o.session)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, r.pool)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", storeError(err))
	}
	e := newEngine(pool, r.begin)
	err = r.prepare(ctx, o.migrate)
	if err == nil {
		err = sqlstore.Prepare(ctx, e)
	}
	switch {
	case err == nil:
		return &Store{sqlstore.NewPrepared(ctx, e, o.announcers, o.log)}, nil
	case o.late && errors.Is(err, store.ErrUnavailable):
		return &Store{sqlstore.NewPrepared(ctx, startLate(supervise.From(ctx), e, r, o), o.announcers, o.log)}, nil
	default:
		return nil, fmt.Errorf("open database: %w", errors.Join(err, e.Close()))
	}
}

// limits are the settings of every connection, in PostgreSQL's words, unless the url says otherwise. If a server
// hangs in a query, it delays neither its callers nor, through its locks, the other servers. A server may also go
// silent in the middle of a transaction, with an environment locked. Then its transaction ends before those that wait
// for the lock fail.
func limits() map[string]string {
	return map[string]string{
		"application_name":                    "tidegate",
		"statement_timeout":                   "10s",
		"lock_timeout":                        "5s",
		"idle_in_transaction_session_timeout": "4s",
	}
}

// connectTimeout bounds a connection's start, unless the url says otherwise.
const connectTimeout = 5 * time.Second

func parseURL(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The error shows the url without its password.
		return nil, fmt.Errorf("read the database's URL: %w", err)
	}
	for name, value := range limits() {
		if _, set := config.ConnConfig.RuntimeParams[name]; !set {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	return config, nil
}
