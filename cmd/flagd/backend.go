package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// sqliteFile is the name of the embedded database in the data folder.
const sqliteFile = "tidegate.db"

// backend holds everything that was opened, and how to close it.
type backend struct {
	server.Backend
	closers []io.Closer
}

// openBackend opens what the settings name: PostgreSQL, or SQLite in the data folder, and Redis. Changes that this
// process makes are always announced within the process. So it serves them at once without any other service.
func openBackend(ctx context.Context, s *settings, log *slog.Logger) (*backend, error) {
	b := &backend{}
	if err := b.open(ctx, s, log); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// openExisting is openBackend for a command that only reads. If the file is not there, --data-dir is wrong: the
// command fails and makes no file.
func openExisting(ctx context.Context, s *settings, log *slog.Logger) (*backend, error) {
	if s.databaseURL == "" {
		if _, err := os.Stat(filepath.Join(s.dataDir, sqliteFile)); err != nil {
			return nil, &usageError{fmt.Errorf("%w: is --data-dir (FLAGD_DATA_DIR) the server's?", err)}
		}
	}
	return openBackend(ctx, s, log)
}

// openServing is openBackend for a process that serves. Only one may serve an SQLite file; see sqlite.Lock.
func openServing(ctx context.Context, s *settings, log *slog.Logger) (*backend, error) {
	if s.databaseURL != "" {
		return openBackend(ctx, s, log)
	}
	lock, err := sqlite.AcquireLock(filepath.Join(s.dataDir, sqliteFile))
	if err != nil {
		return nil, err
	}
	b, err := openBackend(ctx, s, log)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	b.closers = append([]io.Closer{lock}, b.closers...)
	return b, nil
}

func (b *backend) open(ctx context.Context, s *settings, log *slog.Logger) error {
	joined := bus.Joined{&bus.Local{}}
	if s.redisURL != "" {
		client, err := redis.Open(s.redisURL, log)
		if err != nil {
			return &server.SettingError{Setting: "redis-url", Problem: "cannot be used: " + err.Error()}
		}
		b.closers = append(b.closers, client)
		joined = append(joined, client.Bus())
		cache := client.SnapshotCache()
		b.Cache, b.Directory, b.RateLimits, b.Instances = cache, cache, client.RateLimits(), client.Instances()
	}
	if s.databaseURL == "" {
		return b.openSQLite(ctx, s, log, joined)
	}
	notify, err := postgres.NewBus(s.databaseURL, s.listenDatabaseURL, log)
	if err != nil {
		return &server.SettingError{Setting: "database-url", Problem: "cannot be used: " + err.Error()}
	}
	b.closers = append(b.closers, notify)
	joined = append(joined, notify)
	b.Bus = joined
	options := []postgres.Option{postgres.WithLogger(log)}
	for _, one := range joined {
		options = append(options, postgres.WithBus(one))
	}
	opened, err := s.openPostgres(ctx, options...)
	if errors.Is(err, store.ErrUnavailable) && replica.Remembers(ctx, s.dataDir, b.Directory) {
		log.WarnContext(ctx, "the database does not answer; starting with what was last known", "error", err)
		opened, err = s.openPostgres(ctx, append(options, postgres.WithLateStart())...)
	}
	if err != nil {
		return err
	}
	b.Store, b.closers = opened, append(b.closers, opened)
	return nil
}

// openPostgres opens the PostgreSQL that the settings name, through its pooler if there is one.
func (s *settings) openPostgres(ctx context.Context, options ...postgres.Option) (*postgres.Store, error) {
	return postgres.Open(ctx, s.databaseURL, append(options, postgres.WithSessions(s.listenDatabaseURL))...)
}

func (b *backend) openSQLite(ctx context.Context, s *settings, log *slog.Logger, joined bus.Joined) error {
	b.Bus = joined
	options := []sqlite.Option{sqlite.WithLogger(log)}
	for _, one := range joined {
		options = append(options, sqlite.WithBus(one))
	}
	opened, err := sqlite.Open(ctx, filepath.Join(s.dataDir, sqliteFile), options...)
	if err != nil {
		return err
	}
	b.Store, b.closers = opened, append(b.closers, opened)
	return nil
}

// close closes in the reverse order of opening.
func (b *backend) close() error {
	var errs []error
	for i := len(b.closers) - 1; i >= 0; i-- {
		errs = append(errs, b.closers[i].Close())
	}
	return errors.Join(errs...)
}
