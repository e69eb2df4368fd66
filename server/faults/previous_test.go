package faults_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	// previousVariable names the flagd of the previous release.
	previousVariable = "FLAGD_TEST_PREVIOUS_BINARY"
	// previousCommit is used as long as there is no previous release. It is a commit before the second migration of
	// the schema.
	previousCommit = "ae51cb5bdf0a927830e1ed814dcff7f566ac5b78"
)

// previousBinary gives the flagd of the previous release and says which it is. It builds that flagd if the history of
// this repository is enough to do so.
func previousBinary(t *testing.T) (path, what string) {
	t.Helper()
	if path := os.Getenv(previousVariable); path != "" {
		return path, path
	}
	root := filepath.Join("..", "..")
	if err := exec.CommandContext(t.Context(), "git", "-C", root, "cat-file", "-e", previousCommit+"^{commit}").Run(); err != nil {
		t.Skipf("the previous flagd cannot be built: this clone lacks commit %s, and %s is not set", previousCommit, previousVariable)
	}
	sources, path := t.TempDir(), filepath.Join(t.TempDir(), "flagd")
	archive := filepath.Join(t.TempDir(), "sources.tar")
	for _, command := range [][]string{
		{"git", "-C", root, "archive", "--output=" + archive, previousCommit},
		{"tar", "--extract", "--file=" + archive, "--directory=" + sources},
		{"go", "build", "-C", sources, "-o", path, "./cmd/flagd"},
	} {
		output, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput()
		require.NoError(t, err, "%v: %s", command, output)
	}
	return path, "commit " + previousCommit[:12]
}
