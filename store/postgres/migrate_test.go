package postgres

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store/storetest"
)

// An index that is built concurrently waits for every open transaction. A server that waits for its turn to migrate
// must hold no open transaction. Otherwise each would wait for the other.
func TestServersThatStartAtOnceBuildAnIndexConcurrently(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresDatabaseURL(t)
	migrations := fstest.MapFS{
		"00001_table.sql": {Data: []byte("-- +goose Up\nCREATE TABLE teams (owner text);")},
		"00002_index.sql": {Data: []byte("-- +goose NO TRANSACTION\n-- +goose Up\n" +
			"DROP INDEX CONCURRENTLY IF EXISTS teams_by_owner;\nCREATE INDEX CONCURRENTLY teams_by_owner ON teams (owner);")},
	}
	const servers = 4
	outcomes := make(chan error, servers)
	for range servers {
		go func() { outcomes <- migrateWith(t.Context(), url, migrations) }()
	}
	for range servers {
		require.NoError(t, <-outcomes)
	}
	var valid bool
	require.NoError(t, withDB(url, func(db *sql.DB) error {
		return db.QueryRowContext(t.Context(), "SELECT indisvalid FROM pg_index WHERE indexrelid = 'teams_by_owner'::regclass").Scan(&valid)
	}))
	require.True(t, valid)
}

func migrateWith(ctx context.Context, url string, migrations fstest.MapFS) error {
	return withDB(url, func(db *sql.DB) error {
		provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations,
			goose.WithDisableGlobalRegistry(true), goose.WithSessionLocker(newMigrationLock(url)))
		if err != nil {
			return err
		}
		_, err = provider.Up(ctx)
		return err
	})
}

func withDB(url string, use func(*sql.DB) error) error {
	config, err := parseURL(url)
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config.ConnConfig)
	return errors.Join(use(db), db.Close())
}

// Every table either moves with an installation, or is in the list of tables that stay behind.
func TestEveryTableMovesOrStays(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	opened, err := Open(t.Context(), url)
	require.NoError(t, err)
	require.NoError(t, opened.Close())
	var tables []string
	require.NoError(t, withDB(url, func(db *sql.DB) error {
		rows, err := db.QueryContext(t.Context(), "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table string
			if err := rows.Scan(&table); err != nil {
				return err
			}
			tables = append(tables, table)
		}
		return rows.Err()
	}))
	// The table settings holds only the epoch, which moves separately.
	known := append(append([]string{goose.DefaultTablename, "settings"}, adopted()...), leftBehind()...)
	require.ElementsMatch(t, known, tables, "name a new table in adopt.go")
}
