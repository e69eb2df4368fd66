package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWatchRefusesWhatCannotWork(t *testing.T) {
	environment := map[string]string{"FLAGD_SERVER_URL": "https://flags.example.com", "FLAGD_TOKEN": "tg_x"}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(file, []byte("apiVersion: v1\nkind: Config\n"), 0o600))
	for name, c := range map[string]struct {
		environment map[string]string
		args        []string
		says        string
	}{
		"nothing to follow": {environment, []string{"watch"}, "flagd watch kubernetes"},
		"no server":         {nil, []string{"watch", "kubernetes"}, "--url (FLAGD_SERVER_URL)"},
		"no selector":       {environment, []string{"watch", "kubernetes", "--selector", "=="}, "--selector (FLAGD_SELECTOR)"},
		"no cluster":        {environment, []string{"watch", "kubernetes", "--kubeconfig", file}, "--kubeconfig"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := execute(t, c.environment, c.args...)
			require.Error(t, err)
			assert.Contains(t, explain(err), c.says)
			assert.Equal(t, exitUsage, exitCode(err))
		})
	}
}
