package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Dump reads the tables of a database file, to copy them to a database of another kind. The caller holds the file's
// lock.
type Dump struct {
	store *Store
	db    *sql.DB
}

// OpenDump opens the file and brings its schema up to date.
func OpenDump(ctx context.Context, path string) (*Dump, error) {
	if err := check(ctx, path); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	opened, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	db, err := openPool(path, 1, map[string][]string{"_pragma": {"query_only(1)"}})
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return &Dump{opened, db}, nil
}

// Close closes the file.
func (d *Dump) Close() error { return errors.Join(d.db.Close(), d.store.Close()) }

// Epoch names the life of the database.
func (d *Dump) Epoch(ctx context.Context) (epoch string, err error) {
	err = d.db.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = 'epoch'").Scan(&epoch)
	if err != nil {
		return "", fmt.Errorf("read epoch: %w", err)
	}
	return epoch, nil
}

// Count gives the number of rows of a table.
func (d *Dump) Count(ctx context.Context, table string) (n int64, err error) {
	if err := d.db.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		return 0, fmt.Errorf("count %s: %w", table, err)
	}
	return n, nil
}

// Rows calls each with the values of every row of a table, in the order of the columns named, until it fails.
func (d *Dump) Rows(ctx context.Context, table string, columns []string, each func(values []any) error) (err error) {
	rows, err := d.db.QueryContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+table)
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	for rows.Next() {
		values := make([]any, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("read %s: %w", table, err)
		}
		for i, column := range types {
			// SQLite has no booleans. In columns that are declared as boolean they are 0 and 1.
			if number, ok := values[i].(int64); ok && strings.EqualFold(column.DatabaseTypeName(), "boolean") {
				values[i] = number != 0
			}
		}
		if err := each(values); err != nil {
			return err
		}
	}
	return rows.Err()
}
