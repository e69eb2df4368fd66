package faults_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestDiskFull fills the disk that SQLite is on. Writes are then refused, and evaluations go on. When there is room
// again, writes work again too.
func TestDiskFull(t *testing.T) {
	disk := smallDisk(t)
	settings := flagdtest.Settings{DataDir: disk, Addr: flagdtest.FreeAddress(t), Environment: []string{quiet}}
	server := flagdtest.Start(t, settings)
	run := moderateLoad(server.URL).start(t, server)
	run.awaitWrites(t, 30)
	ballast := fill(t, disk)
	run.awaitRefusals(t, 10)
	run.awaitEvaluations(t, 200)
	run.note(func() {
		for _, refusal := range run.refused.samples {
			assert.Contains(t, refusal, "507", "who is refused is told that the disk is full")
		}
	})
	require.NoError(t, os.Remove(ballast))
	run.awaitWrites(t, 30)

	run.settle(t, server)
	run.report(t, "the disk under SQLite full, and then no more")
	run.check(t, run.sdkKey, server)
	run.checkEvaluations(t)
	assert.Zero(t, run.unanswered.count, "writes must be refused: %q", run.unanswered.samples)

	server.Kill(t)
	server = flagdtest.Start(t, settings)
	run.check(t, run.sdkKey, server)
}

// TestDiskOfReplicaFull fills the disk on which a replica remembers its snapshots. No client may notice.
func TestDiskOfReplicaFull(t *testing.T) {
	disk := smallDisk(t)
	database := startPostgres(t)
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: disk, DatabaseURL: database.URL, Environment: []string{quiet}})
	fill(t, disk)
	run := moderateLoad(server.URL).start(t, server)
	run.awaitWrites(t, 60)
	run.settle(t, server)
	run.report(t, "the disk full on which a replica on PostgreSQL remembers snapshots")
	run.check(t, run.sdkKey, server)
	run.checkNothingFailed(t)
}

// smallDisk is a folder on a file system of its own of a few MiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tidegate-faults", folder, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a small file system cannot be mounted, which takes root and its rights: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(folder, syscall.MNT_DETACH)) })
	return folder
}

// fill writes a file until the disk is full.
func fill(t *testing.T, disk string) (ballast string) {
	t.Helper()
	file, err := os.Create(filepath.Join(disk, "ballast"))
	require.NoError(t, err)
	defer file.Close()
	_, err = io.Copy(file, zeros{})
	require.ErrorIs(t, err, syscall.ENOSPC, "the disk does not get full")
	return file.Name()
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// awaitRefusals waits until the given number of further writes was refused.
func (r *traffic) awaitRefusals(t *testing.T, more int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	count := func() (n int) {
		r.note(func() { n = r.refused.count })
		return n
	}
	wanted := count() + more
	require.True(t, flagdtest.Poll(ctx, func() bool { return count() >= wanted }), "only %d of %d writes were refused", count(), wanted)
}
