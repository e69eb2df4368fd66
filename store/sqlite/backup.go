package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// partialSuffix marks a copy that is not complete yet.
const partialSuffix = ".partial"

// Backup writes the database at path, as it is at one moment, to a new file. Servers may use the database meanwhile.
// It never overwrites a file: it fails with an fs.ErrExist instead. If it fails, it leaves nothing behind.
func Backup(ctx context.Context, path, to string) error {
	if err := backup(ctx, path, to); err != nil {
		return fmt.Errorf("back up %s to %s: %w", path, to, err)
	}
	return nil
}

func backup(ctx context.Context, path, to string) (err error) {
	// The name is reserved first. So if two backups use one name, one of them fails.
	reserved, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := reserved.Close(); err != nil {
		return err
	}
	partial := to + partialSuffix
	if err := copyDatabase(ctx, path, partial); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return replace(partial, to)
}

// copyDatabase writes the content of the database at path, as it is at one moment, to a new file. If it returns nil,
// the file is complete and on the disk. Otherwise the file is gone.
func copyDatabase(ctx context.Context, path, to string) (err error) {
	if err := remove(to); err != nil {
		return err
	}
	// SQLite accepts an empty file as a new database. The file is made here so that it is private.
	if err := makePrivateFile(to); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, remove(to))
		}
	}()
	if err := execute(ctx, path, "VACUUM INTO ?", to); err != nil {
		return err
	}
	if err := check(ctx, to); err != nil {
		return err
	}
	return syncFile(to)
}

// check fails if the file is damaged, or is not a database of this program.
func check(ctx context.Context, path string) error {
	return withDatabase(path, func(db *sql.DB) error {
		var found string
		if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
			return err
		}
		if found != "ok" {
			return fmt.Errorf("the database is damaged: %s", found)
		}
		err := db.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = 'epoch'").Scan(&found)
		if err != nil {
			return fmt.Errorf("it is not a database of Tidegate's: %w", err)
		}
		return nil
	})
}

func execute(ctx context.Context, path, statement string, args ...any) error {
	return withDatabase(path, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, statement, args...)
		return err
	})
}

// withDatabase opens a file that must exist, with one connection. It does not change the journal mode.
func withDatabase(path string, use func(*sql.DB) error) (err error) {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	settings := url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(5000)", "synchronous(FULL)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+settings.Encode())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	return use(db)
}

// replace replaces a file with a complete one, durably.
func replace(complete, path string) error {
	if err := os.Rename(complete, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

// syncFile has a file, or a folder, written to the disk.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// remove deletes a file if it is there.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
