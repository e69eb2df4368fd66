package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// shellBlock is a block of commands in a Markdown text.
var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// TestTourInTheReadme runs the commands of the README's tour against a flagd that runs already, at a tenth of their
// pace.
func TestTourInTheReadme(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		flagdtest.Lack(t, "curl is missing, and the tour is made of it")
	}
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir()})
	commands := strings.NewReplacer(
		"http://127.0.0.1:8080", server.URL,
		"tour-token-0123456789abcdef", flagdtest.Token,
		`"hold": "10s"`, `"hold": "1s"`,
		"sleep 1;", "sleep 0.1;",
	).Replace(tour(t))
	require.Contains(t, commands, server.URL)
	require.Contains(t, commands, flagdtest.Token)

	shell := exec.CommandContext(t.Context(), "bash", "-c", "set -e\n"+commands)
	shell.Dir = t.TempDir()
	output, err := shell.CombinedOutput()
	require.NoError(t, err, "%s", output)

	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	require.Greater(t, len(lines), 2, "%s", output)
	var evaluation flagdtest.Evaluation
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-2]), &evaluation), "%s", output)
	require.Equal(t, false, evaluation.Value, "nobody sees the new checkout any more; all printed:\n%s", output)
	var last release
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &last), "%s", output)
	require.Equal(t, "reverted", last.Phase, "all printed:\n%s", output)
}

// tour gives the commands of the README's tour, without the one that starts flagd.
func tour(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(readme), "\n## Five minutes")
	require.True(t, found, "README.md has no section that begins with \"Five minutes\"")
	section, _, _ = strings.Cut(section, "\n## ")

	var commands strings.Builder
	for _, block := range shellBlock.FindAllStringSubmatch(section, -1) {
		if !strings.Contains(block[1], "make run") {
			commands.WriteString(block[1])
		}
	}
	return commands.String()
}
