package e2e_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

const examples = "../../examples"

// The two versions of the page that each example has.
const (
	oldCheckout = "The old checkout"
	newCheckout = "The new checkout"
)

// shop is a flagd with the flag of the examples, which is off.
type shop struct {
	*flagdtest.Server
	variables []string // what an example is told
}

func openShop(t *testing.T, kind string) shop {
	t.Helper()
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir()})
	server.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/new-checkout", flagdtest.Map{"type": "boolean", "clientSide": true}, nil)
	return shop{server, append(os.Environ(), "TIDEGATE_URL="+server.URL, "SDK_KEY="+server.SDKKey(t, "production", kind))}
}

func (s shop) flip(t *testing.T) {
	t.Helper()
	s.MustCall(t, http.MethodPatch, flagdtest.Project+"/flags/new-checkout/environments/production", flagdtest.Map{"enabled": true}, nil)
}

// run starts an example and ends it at the end of the test. Like a service manager it first asks the example to stop,
// and kills it if it does not.
func (s shop) run(t *testing.T, command *exec.Cmd, variables ...string) {
	t.Helper()
	command.Env = append(s.variables, variables...)
	command.Stderr = os.Stderr
	require.NoError(t, command.Start())
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = command.Wait() // The signal that stops it is its error.
	}()
	t.Cleanup(func() {
		require.NoError(t, command.Process.Signal(os.Interrupt))
		select {
		case <-exited:
		case <-time.After(10 * time.Second):
			require.NoError(t, command.Process.Kill())
			<-exited
		}
	})
}

func TestExampleGoService(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "goservice")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, examples+"/goservice").CombinedOutput()
	require.NoError(t, err, "%s", output)
	shop, addr := openShop(t, "server"), flagdtest.FreeAddress(t)
	shop.run(t, exec.Command(program), "ADDR="+addr)
	requirePage(t, "http://"+addr+"/?user=ada", oldCheckout)
	shop.flip(t)
	requirePage(t, "http://"+addr+"/?user=ada", newCheckout)
	answer, err := http.Post("http://"+addr+"/pay?user=ada", "", nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
}

func TestExampleNodeServer(t *testing.T) {
	t.Parallel()
	requireExamples(t)
	shop, addr := openShop(t, "server"), flagdtest.FreeAddress(t)
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	command := exec.Command("node", "node/server.mjs")
	command.Dir = examples
	shop.run(t, command, "PORT="+port)
	requirePage(t, "http://"+addr+"/?user=ada", oldCheckout)
	shop.flip(t)
	requirePage(t, "http://"+addr+"/?user=ada", newCheckout)
}

func TestExamplePython(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		flagdtest.Lack(t, "python3 is missing; install it, 3.9 or newer, to run its example")
	}
	shop := openShop(t, "client")
	command := exec.Command(python, "python/main.py")
	command.Dir = examples
	reader, writer := io.Pipe()
	command.Stdout = writer
	shop.run(t, command)
	// This must happen before the example is ended: otherwise its last output would wait for a reader.
	t.Cleanup(func() { require.NoError(t, reader.Close()) })
	lines := bufio.NewScanner(reader)
	requireLine(t, lines, oldCheckout)
	shop.flip(t)
	requireLine(t, lines, newCheckout)
}

func TestExampleReactPage(t *testing.T) {
	t.Parallel()
	flagdtest.Need(t, "CHROMIUM", "the path of a Chromium")
	requireExamples(t)
	requireClients(t)
	shop, addr := openShop(t, "client"), flagdtest.FreeAddress(t)
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	command := exec.Command("node", "node_modules/vite/bin/vite.js", "react", "--port", port, "--strictPort")
	command.Dir = examples
	shop.run(t, command)
	requirePage(t, "http://"+addr+"/", `<div id="app">`)

	node := exec.CommandContext(t.Context(), "node", "--test", "--test-reporter=spec", "--test-timeout=60000", "react-example.test.mjs")
	node.Dir = "clients"
	node.Env = append(os.Environ(), "FLAGD_URL="+shop.URL, "FLAGD_TOKEN="+flagdtest.Token, "EXAMPLE_URL=http://"+addr)
	output, err := node.CombinedOutput()
	require.NoError(t, err, "%s", output)
}

// requirePage waits until the page has the text.
func requirePage(t *testing.T, url, text string) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		answer, err := http.Get(url)
		require.NoError(c, err)
		defer answer.Body.Close()
		page, err := io.ReadAll(answer.Body)
		require.NoError(c, err)
		require.Contains(c, string(page), text, url)
	}, 30*time.Second, 20*time.Millisecond)
}

// requireExamples skips, or fails, the test where the packages of the examples are not installed.
func requireExamples(t *testing.T) {
	t.Helper()
	_, err := os.ReadDir(examples) // for the go command, which caches outcomes
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(examples, "node_modules")); err != nil {
		flagdtest.Lack(t, "examples/node_modules is missing; run 'npm ci' in examples, or 'make test-go'")
	}
}
