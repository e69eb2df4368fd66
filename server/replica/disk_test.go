package replica

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSweepRemovesWhatWasAbandoned(t *testing.T) {
	t.Parallel()
	require.NoError(t, disk{}.sweep(time.Now()), "nothing is kept at all")
	d := disk{dir: t.TempDir()}
	require.NoError(t, d.sweep(time.Now()), "there is no folder yet")
	require.NoError(t, os.Mkdir(d.folder(), 0o700))
	now := time.Now()
	for name, age := range map[string]time.Duration{"new-1": 2 * time.Hour, "new-2": time.Minute, "shop,new-.json": 2 * time.Hour} {
		path := filepath.Join(d.folder(), name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Chtimes(path, now, now.Add(-age)))
	}
	require.NoError(t, d.sweep(now))
	entries, err := os.ReadDir(d.folder())
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	require.Equal(t, []string{"new-2", "shop,new-.json"}, names)
}
