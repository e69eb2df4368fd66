package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Lock keeps a second server away from a database file. SQLite itself would allow a second server. Each server would
// then serve what it has in memory, and not hear of the other's changes. Other processes may still open the file for
// a moment.
type Lock struct {
	file *os.File
}

// LockedError says that another process holds the lock.
type LockedError struct {
	Path string
	// Holder is the process id that the process wrote into the file. It is empty if it has not written it yet.
	Holder string
}

// Error names the process.
func (e *LockedError) Error() string {
	if e.Holder == "" {
		return fmt.Sprintf("another process is at work on %s", e.Path)
	}
	return fmt.Sprintf("process %s is at work on %s", e.Holder, e.Path)
}

// lockSuffix is added to the name of the database to get the name of the lock file. The file stays when the lock is
// free. What counts is the kernel's lock on the file. It ends when the process ends, for whatever reason.
const lockSuffix = ".lock"

// AcquireLock takes the lock of the database at path. The database need not exist yet. If another process has the
// lock, it fails at once with a LockedError.
func AcquireLock(path string) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("lock database %s: %w", path, err)
	}
	file, err := os.OpenFile(path+lockSuffix, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w", path, err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder, readErr := io.ReadAll(io.LimitReader(file, 20))
		return nil, errors.Join(
			&LockedError{Path: path, Holder: strings.TrimSpace(string(holder))},
			readErr,
			file.Close(),
		)
	}
	if err == nil {
		err = writeHolder(file)
	}
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w", path, errors.Join(err, file.Close()))
	}
	return &Lock{file}, nil
}

func writeHolder(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := fmt.Fprintln(file, os.Getpid())
	return err
}

// Close frees the lock.
func (l *Lock) Close() error { return l.file.Close() }
