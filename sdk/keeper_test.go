package tidegate

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A process that was killed while it wrote leaves a draft behind. The next process removes the draft. It does not
// remove other files, or drafts that may still be in use.
func TestKeeperSweepsWhatWasAbandoned(t *testing.T) {
	t.Parallel()
	now := time.Now()
	k := newKeeper(NewProvider("http://127.0.0.1:1", "sdk-any"), filepath.Join(t.TempDir(), "snapshot.json"))
	require.NoError(t, k.sweep(now))
	for name, age := range map[string]time.Duration{
		"snapshot.json": 48 * time.Hour, "snapshot.json.original": 48 * time.Hour, "other.json.draft-ABCDEFGH": 48 * time.Hour,
		"snapshot.json.draft-ABCDEFGH": 48 * time.Hour, "snapshot.json.draft-NEWNEWNE": time.Minute,
	} {
		path := filepath.Join(filepath.Dir(k.path), name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Chtimes(path, now.Add(-age), now.Add(-age)))
	}
	require.NoError(t, k.sweep(now))
	entries, err := os.ReadDir(filepath.Dir(k.path))
	require.NoError(t, err)
	var left []string
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	require.Equal(t, []string{"other.json.draft-ABCDEFGH", "snapshot.json", "snapshot.json.draft-NEWNEWNE", "snapshot.json.original"}, left)

	k = newKeeper(k.provider, filepath.Join(t.TempDir(), "no-such-folder", "snapshot.json"))
	require.NoError(t, k.sweep(now))
}
