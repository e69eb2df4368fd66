package sqlite

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// restoringSuffix marks a restored database that is not at its final place yet.
const restoringSuffix = ".restoring"

// journals are the files that SQLite keeps beside a database while it is in use. They stay if its process is killed.
var journals = []string{"-wal", "-shm"}

// Restore replaces the database at path with a backup. The caller holds the lock of the database. The old database is
// kept under the name that is returned. The name is empty if there was no old database.
//
// The restored database begins a new epoch. Its revisions count on from the backup's. Clients may have seen later
// revisions, and must not take the new ones for the same.
func Restore(ctx context.Context, backup, path string, now time.Time) (aside string, err error) {
	aside, err = restore(ctx, backup, path, now)
	if err != nil {
		return "", fmt.Errorf("restore %s from %s: %w", path, backup, err)
	}
	return aside, nil
}

func restore(ctx context.Context, backup, path string, now time.Time) (aside string, err error) {
	restoring := path + restoringSuffix
	if err := copyDatabase(ctx, backup, restoring); err != nil {
		return "", err
	}
	if err := execute(ctx, restoring, "UPDATE settings SET value = ? WHERE name = 'epoch'", rand.Text()); err != nil {
		return "", errors.Join(err, remove(restoring))
	}
	aside, err = setAside(ctx, path, now)
	if err != nil {
		return "", errors.Join(err, remove(restoring))
	}
	return aside, replace(restoring, path)
}

// setAside gives the database at path a second name. It keeps the first name until it is replaced, so that there is a
// database at every moment.
func setAside(ctx context.Context, path string, now time.Time) (aside string, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	aside = path + ".before-" + now.UTC().Format("20060102T150405Z")
	// The content of the journal goes into the file, if both are sound. If they are not, the journal is moved away
	// with the file. Such damage may be the reason for the restore.
	_ = execute(ctx, path, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := os.Link(path, aside); err != nil {
		return "", err
	}
	for _, journal := range journals {
		if err := os.Rename(path+journal, aside+journal); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return aside, nil
}
