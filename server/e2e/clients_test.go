package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

func TestOpenFeatureServerProvider(t *testing.T) {
	t.Parallel()
	runClientTest(t, "server-provider.test.mjs")
}

func TestOpenFeatureServerProviderFeatures(t *testing.T) {
	t.Parallel()
	runClientTest(t, "server-features.test.mjs", "FLAGD_EVALUATION_LIMIT=5")
}

func TestOpenFeatureWebProvider(t *testing.T) {
	t.Parallel()
	flagdtest.Need(t, "CHROMIUM", "the path of a Chromium")
	runClientTest(t, "web-provider.test.mjs")
}

func TestOpenFeatureWebProviderFeatures(t *testing.T) {
	t.Parallel()
	flagdtest.Need(t, "CHROMIUM", "the path of a Chromium")
	runClientTest(t, "web-features.test.mjs")
}

// runClientTest runs a Node test in clients/ against a flagd of its own, with further environment variables. Such a
// test makes its flags itself.
func runClientTest(t *testing.T, file string, variables ...string) {
	t.Helper()
	requireClients(t)
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir(), Environment: variables})

	node := exec.CommandContext(t.Context(), "node", "--test", "--test-reporter=spec", "--test-timeout=60000", file)
	node.Dir = "clients"
	node.Env = append(os.Environ(), "FLAGD_URL="+server.URL, "FLAGD_TOKEN="+flagdtest.Token)
	output, err := node.CombinedOutput()
	require.NoError(t, err, "node --test %s:\n%s", file, output)
}

// requireClients skips, or fails, the test where the official clients are not installed.
func requireClients(t *testing.T) {
	t.Helper()
	// The go command caches outcomes. This read shows it that the test depends on the content of this folder.
	_, err := os.ReadDir("clients")
	require.NoError(t, err)
	modules := filepath.Join("clients", "node_modules")
	if _, err := os.Stat(modules); err != nil {
		flagdtest.Lack(t, "server/e2e/"+modules+" is missing; run 'npm ci' in server/e2e/clients, or 'make test-go'")
	}
}
