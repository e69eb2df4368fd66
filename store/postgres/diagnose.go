package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/internal/migration"
)

// Diagnose looks at the database that Open would open, and does not change it. If the url leads to a pooler, session
// is the URL of the database itself; otherwise it is "".
func Diagnose(ctx context.Context, url, session string) (d store.Diagnosis, err error) {
	r, err := parseRoute(url, session)
	if err != nil {
		return d, err
	}
	db := stdlib.OpenDB(*r.pool.ConnConfig)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := diagnose(ctx, db, &d); err != nil {
		return d, fmt.Errorf("look at the database: %w", storeError(err))
	}
	return d, nil
}

// oldestTested is the oldest version that the tests run on, as PostgreSQL counts.
const oldestTested = 15_00_00

func diagnose(ctx context.Context, db *sql.DB, d *store.Diagnosis) error {
	var version string
	var number int
	var schema sql.NullString
	row := db.QueryRowContext(
		ctx,
		"SELECT current_setting('server_version'), current_setting('server_version_num')::int, "+
			"current_schema(), current_setting('transaction_read_only') = 'on'",
	)
	if err := row.Scan(&version, &number, &schema, &d.ReadOnly); err != nil {
		return err
	}
	d.Server, d.OldServer = "PostgreSQL "+version, number < oldestTested
	if !schema.Valid {
		return errNoSchema
	}
	var clock time.Time
	before := time.Now()
	if err := db.QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&clock); err != nil {
		return err
	}
	// The database read its clock at some time between the question and the answer.
	d.OwnClock, d.ClockAhead = true, clock.Sub(before.Add(time.Since(before)/2))
	var err error
	d.Schema, d.NeededSchema, err = migration.Versions(
		ctx,
		goose.DialectPostgres,
		db,
		migrations,
		"SELECT to_regclass($1) IS NOT NULL",
	)
	return err
}

// CheckListen tells whether this process may listen on the database that NewBus would listen on.
func CheckListen(ctx context.Context, url string) (err error) {
	config, err := parseURL(url)
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config.ConnConfig)
	defer func() { err = errors.Join(err, db.Close()) }()
	// A pooler that gives the connection to somebody else after every transaction either refuses LISTEN or forgets
	// it. Two statements on one connection show that: the second one tells whether the first is remembered.
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("listen: %w", storeError(err))
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "LISTEN tidegate_doctor"); err != nil {
		return fmt.Errorf("listen: %w", storeError(err))
	}
	var listening bool
	if err := conn.QueryRowContext(
		ctx,
		"SELECT 'tidegate_doctor' IN (SELECT pg_listening_channels())",
	).Scan(
		&listening,
	); err != nil {
		return fmt.Errorf("listen: %w", storeError(err))
	}
	if !listening {
		return errors.New(
			"listen: the database has forgotten that this process listens, as a pooler in transaction mode makes it do",
		)
	}
	return nil
}
