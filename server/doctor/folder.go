package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The limits of free space. A database that cannot grow refuses changes.
const (
	spaceWarn = 1 << 30
	spaceFail = 64 << 20
)

// DataDir checks that the folder can be written to by this user, and by nobody else, and has room.
func DataDir(dir string) Check {
	return func(context.Context) []Finding {
		return []Finding{access(dir), space(dir)}
	}
}

func access(dir string) Finding {
	const check = "data folder"
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		parent := existing(dir)
		if err := writable(parent); err != nil {
			return Failed(
				check,
				fmt.Sprintf(
					"Make it, and give it to the user that runs flagd (number %d), or choose another --data-dir (FLAGD_DATA_DIR).",
					os.Getuid(),
				),
				"%s cannot be made: %v",
				dir,
				err,
			)
		}
		return Found(check, "%s is made by the first start", dir)
	case err != nil:
		return Failed(check, "Correct --data-dir (FLAGD_DATA_DIR) or the rights of the folders above it.", "%v", err)
	case !info.IsDir():
		return Failed(check, "Choose another --data-dir (FLAGD_DATA_DIR).", "%s is not a folder", dir)
	}
	if err := writable(dir); err != nil {
		return Failed(
			check,
			fmt.Sprintf("Give it to the user that runs flagd: chown -R %d %s", os.Getuid(), dir),
			"%s cannot be written to: %v",
			dir,
			err,
		)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return Warned(
			check,
			"Keep the definitions and hashes in it from others: chmod 700 "+dir,
			"%s is open to other users (%v)",
			dir,
			mode,
		)
	}
	return Found(check, "%s can be written to, by this user alone", dir)
}

// writable tries what a server will do: it makes a file and takes it away again.
func writable(dir string) error {
	file, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// existing is dir, or the nearest folder above it that exists.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func space(dir string) Finding {
	const check, do = "disk", "Make room, or move --data-dir (FLAGD_DATA_DIR) to another disk."
	free, err := freeSpace(existing(filepath.Clean(dir)))
	switch mebibytes := free >> 20; {
	case err != nil:
		return Warned(check, "Look at it yourself.", "the free space cannot be found out: %v", err)
	case free < spaceFail:
		return Failed(check, do, "only %d MiB are free: changes will be refused", mebibytes)
	case free < spaceWarn:
		return Warned(check, do, "only %d MiB are free", mebibytes)
	default:
		return Found(check, "%d GiB are free", free>>30)
	}
}
