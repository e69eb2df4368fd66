package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/internal/migration"
)

// Diagnose looks at the file that Open would open, and does not change it. It fails with an fs.ErrNotExist if there
// is no file. It also fails if the file is damaged.
func Diagnose(ctx context.Context, path string) (d store.Diagnosis, err error) {
	// mode=rw does not make a file. Read-only would not be enough: to read the journal, SQLite may have to write it.
	settings := url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(2000)", "query_only(1)"}}
	if _, err := os.Stat(path); err != nil {
		return d, err
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+settings.Encode())
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var version, damage string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return d, fmt.Errorf("look at the database %s: %w", path, err)
	}
	d.Server = "SQLite " + version
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&damage); err != nil {
		return d, fmt.Errorf("check the database %s: %w", path, err)
	}
	if damage != "ok" {
		return d, fmt.Errorf("the database %s is damaged: %s", path, damage)
	}
	d.Schema, d.NeededSchema, err = migration.Versions(ctx, goose.DialectSQLite3, db, migrations,
		"SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = ?")
	return d, err
}
