package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/tidegate-io/tidegate/store/internal/migration"
)

const migrations = "postgres"

var errNoSchema = errors.New("none of the schemas in search_path exists: create it, or name another")

// prepareSchema migrates the schema, or only checks that it is migrated. A statement of a migration may take long. It
// may not wait for locks longer than other statements, because everybody who comes after it would wait too.
func prepareSchema(ctx context.Context, config *pgx.ConnConfig, migrate bool) (err error) {
	config = config.Copy()
	if migrate {
		config.RuntimeParams["statement_timeout"] = "0"
	}
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	var schema sql.NullString
	if err := db.QueryRowContext(ctx, "SELECT current_schema()").Scan(&schema); err != nil {
		return fmt.Errorf("find the schema: %w", err)
	}
	if !schema.Valid {
		return errNoSchema
	}
	if !migrate {
		return migration.Check(ctx, goose.DialectPostgres, db, migrations)
	}
	return migration.Up(
		ctx,
		goose.DialectPostgres,
		db,
		migrations,
		goose.WithSessionLocker(newMigrationLock(schema.String)),
	)
}

// migrationLock makes servers that start at the same time migrate one after the other. It is an advisory lock of the
// session, named after the schema. The database frees it by itself if the server dies. The lock is requested again
// and again, because a wait in the database would end with its lock_timeout.
type migrationLock struct {
	id int64
}

const lockRetry = 100 * time.Millisecond

func newMigrationLock(schema string) migrationLock {
	hash := fnv.New64a()
	hash.Write([]byte("tidegate migration of " + schema))
	return migrationLock{int64(hash.Sum64())}
}

// SessionLock waits for the lock until ctx ends.
func (l migrationLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	retry := time.NewTicker(lockRetry)
	defer retry.Stop()
	for {
		var locked bool
		if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", l.id).Scan(&locked); err != nil {
			return fmt.Errorf("lock the schema for migration: %w", err)
		}
		if locked {
			return nil
		}
		select {
		case <-retry.C:
		case <-ctx.Done():
			return fmt.Errorf("lock the schema for migration: %w", ctx.Err())
		}
	}
}

// SessionUnlock frees the lock.
func (l migrationLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", l.id); err != nil {
		return fmt.Errorf("unlock the schema after migration: %w", err)
	}
	return nil
}
