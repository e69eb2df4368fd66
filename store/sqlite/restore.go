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

// restoringSuffix marks a restored database that is not in its place yet.
const restoringSuffix = ".restoring"

// journals are the files that SQLite keeps beside a database that is in use, or was when its process was killed.
var journals = []string{"-wal", "-shm"}

// Restore puts a backup in the place of the database at path, whose lock the caller holds. What was there is kept,
// under the name that is given back, which is empty if nothing was.
//
// The restored database begins a new epoch: its revisions count on from the backup's, and clients that have seen later
// ones must not take them for the same.
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

// setAside gives the database at path a second name. Until it is replaced it stays under the first one too, so that
// there is a database at every moment.
func setAside(ctx context.Context, path string, now time.Time) (aside string, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	aside = path + ".before-" + now.UTC().Format("20060102T150405Z")
	// The journal's content goes into the file, if both are sound. If they are not, and that is why a backup is restored,
	// the journal goes with the file.
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
