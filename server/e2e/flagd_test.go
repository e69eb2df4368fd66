package e2e_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestFlagdProvider drives OpenFeature's provider for flagd. FLAGD_TEST_KEEP_ALIVE_SECONDS=600 is the long form of
// its test with aggressive keep-alives.
func TestFlagdProvider(t *testing.T) {
	t.Parallel()
	runFlagdTest(t, "flagd-provider.test.mjs")
}

func TestFlagdWebProvider(t *testing.T) {
	t.Parallel()
	flagdtest.Need(t, "CHROMIUM", "the path of a Chromium")
	runFlagdTest(t, "flagd-web-provider.test.mjs")
}

// runFlagdTest runs a Node test in clients/ that starts and stops a flagd by itself.
func runFlagdTest(t *testing.T, file string) {
	t.Helper()
	requireClients(t)
	addr := flagdtest.FreeAddress(t)
	timeout := "480000"
	if os.Getenv("FLAGD_TEST_KEEP_ALIVE_SECONDS") != "" {
		timeout = "3600000"
	}
	node := exec.CommandContext(t.Context(), "node", "--test", "--test-reporter=spec", "--test-timeout="+timeout, file)
	node.Dir = "clients"
	node.Env = append(os.Environ(),
		"FLAGD_URL=http://"+addr, "FLAGD_ADDR="+addr, "FLAGD_TOKEN="+flagdtest.Token, "FLAGD_DATA_DIR="+t.TempDir(),
		"FLAGD_FLAGD_ADDR="+flagdtest.FreeAddress(t), "FLAGD_FLAGD_SYNC_ADDR="+flagdtest.FreeAddress(t))
	output, err := node.CombinedOutput()
	require.NoError(t, err, "node --test %s:\n%s", file, output)
	if testing.Verbose() {
		t.Logf("%s", output)
	}
}
