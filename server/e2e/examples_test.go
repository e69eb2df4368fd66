package e2e_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestExamplesOfTheReadme runs the README's snippets, which are the files in examples, until each shows a flip.
func TestExamplesOfTheReadme(t *testing.T) {
	t.Parallel()
	for _, example := range []struct {
		language, file string
		command        func(t *testing.T, source string) *exec.Cmd
		off, on        string
	}{
		{"go", "go/main.go", goExample, "new-checkout is on for 0.0 % of users", "new-checkout is on for 100.0 % of users"},
		{"js", "node/main.mjs", nodeExample, "false off DEFAULT", "true on STATIC"},
	} {
		t.Run(example.language, func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(filepath.Join("../../examples", example.file))
			require.NoError(t, err)
			readme, err := os.ReadFile("../../README.md")
			require.NoError(t, err)
			require.Contains(t, string(readme), "```"+example.language+"\n"+string(source)+"```", "the README shows another text")

			server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir()})
			server.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/new-checkout", flagdtest.Map{"type": "boolean"}, nil)
			command := example.command(t, strings.ReplaceAll(string(source), "http://127.0.0.1:8080", server.URL))
			command.Env = append(os.Environ(), "SDK_KEY="+server.SDKKey(t, "production", "server"))
			output, err := command.StdoutPipe()
			require.NoError(t, err)
			command.Stderr = os.Stderr
			require.NoError(t, command.Start())
			// The examples run until they are killed, which Wait then reports.
			t.Cleanup(func() { require.NoError(t, command.Process.Kill()); _ = command.Wait() })

			lines := bufio.NewScanner(output)
			requireLine(t, lines, example.off)
			server.MustCall(t, http.MethodPatch, flagdtest.Project+"/flags/new-checkout/environments/production",
				flagdtest.Map{"enabled": true}, nil)
			requireLine(t, lines, example.on)
		})
	}
}

// requireLine reads until the example prints the line.
func requireLine(t *testing.T, lines *bufio.Scanner, want string) {
	t.Helper()
	for lines.Scan() {
		if lines.Text() == want {
			return
		}
	}
	require.Fail(t, "the example ended", "it never printed %q: %v", want, lines.Err())
}

// goExample builds the program as if the source were that of the file.
func goExample(t *testing.T, source string) *exec.Cmd {
	t.Helper()
	folder := t.TempDir()
	edited, program, overlay := filepath.Join(folder, "main.go"), filepath.Join(folder, "example"), filepath.Join(folder, "overlay.json")
	require.NoError(t, os.WriteFile(edited, []byte(source), 0o600))
	original, err := filepath.Abs("../../examples/go/main.go")
	require.NoError(t, err)
	replace, err := json.Marshal(flagdtest.Map{"Replace": flagdtest.Map{original: edited}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, replace, 0o600))
	output, err := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlay, "-o", program, "../../examples/go").CombinedOutput()
	require.NoError(t, err, "%s", output)
	return exec.Command(program)
}

// nodeExample puts the script beside the official clients, which it imports.
func nodeExample(t *testing.T, source string) *exec.Cmd {
	t.Helper()
	requireClients(t)
	script, err := os.CreateTemp("clients", "example-*.mjs")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.Remove(script.Name())) })
	_, err = script.WriteString(source)
	require.NoError(t, err)
	require.NoError(t, script.Close())
	return exec.Command("node", script.Name())
}
