//go:build linux || darwin

package doctor

import "syscall"

// freeSpace is what an ordinary user may still write to the disk that the folder is on, in bytes.
func freeSpace(dir string) (uint64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0, err
	}
	return stat.Bavail * uint64(stat.Bsize), nil
}
