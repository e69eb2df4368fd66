// Package migration brings a database to the schema that this version of the server needs.
package migration

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	migrations "github.com/tidegate-io/tidegate/sql"
)

// Up applies the pending migrations in folder.
func Up(ctx context.Context, dialect goose.Dialect, db *sql.DB, folder string, options ...goose.ProviderOption) error {
	provider, err := newProvider(dialect, db, folder, options...)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// Check fails if a migration is pending. It accepts a database that is newer than the server, because the schema of
// the next release also works for this one.
func Check(ctx context.Context, dialect goose.Dialect, db *sql.DB, folder string) error {
	provider, err := newProvider(dialect, db, folder)
	if err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database's schema: %w", err)
	}
	if pending {
		return fmt.Errorf(
			"the database's schema is older than this server needs: start one server with migrations first",
		)
	}
	return nil
}

func newProvider(
	dialect goose.Dialect,
	db *sql.DB,
	folder string,
	options ...goose.ProviderOption,
) (*goose.Provider, error) {
	files, err := fs.Sub(migrations.Migrations, "migrations/"+folder)
	if err != nil {
		return nil, fmt.Errorf("find migrations: %w", err)
	}
	options = append(options, goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}
