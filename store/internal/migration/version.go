package migration

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"
)

// Versions gives two versions of the schema: that of the database, and the one that this program brings. The first is
// 0 if tableExists says that there never was a migration. It writes nothing; goose would make its table.
func Versions(
	ctx context.Context,
	dialect goose.Dialect,
	db *sql.DB,
	folder, tableExists string,
) (current, needed int64, err error) {
	provider, err := newProvider(dialect, db, folder)
	if err != nil {
		return 0, 0, err
	}
	sources := provider.ListSources()
	needed = sources[len(sources)-1].Version
	var exists bool
	if err := db.QueryRowContext(ctx, tableExists, goose.DefaultTablename).Scan(&exists); err != nil {
		return 0, needed, fmt.Errorf("look for the table of migrations: %w", err)
	}
	if !exists {
		return 0, needed, nil
	}
	row := db.QueryRowContext(ctx, "SELECT max(version_id) FROM "+goose.DefaultTablename+" WHERE is_applied")
	if err := row.Scan(&current); err != nil {
		return 0, needed, fmt.Errorf("read the version of the database's schema: %w", err)
	}
	return current, needed, nil
}
