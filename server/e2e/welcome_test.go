package e2e_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// What flagd prints for people on its first start: lines to paste, and a link.
var (
	pasteLines = regexp.MustCompile(`(?m)^    ((?:curl|KEY=).*)$`)
	signInLink = regexp.MustCompile(`http://\S+/sign-in\?token=(\S+)`)
)

func TestFirstStartPrintsWhatWorksAsItStands(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		flagdtest.Lack(t, "curl is missing, and what flagd prints is made of it")
	}
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir()})
	printed := awaitWelcome(t, server)

	var lines []string
	for _, match := range pasteLines.FindAllStringSubmatch(printed, -1) {
		lines = append(lines, match[1])
	}
	require.NotEmpty(t, lines, printed)
	shell := exec.CommandContext(t.Context(), "bash", "-c", "set -e\n"+strings.Join(lines, "\n"))
	shell.Dir = t.TempDir()
	output, err := shell.CombinedOutput()
	require.NoError(t, err, "%s", output)

	answers := json.NewDecoder(strings.NewReader(string(output)))
	var last map[string]any
	for answers.More() {
		last = nil
		require.NoError(t, answers.Decode(&last), "%s", output)
	}
	require.Equal(t, false, last["value"], "the last line evaluates a flag; all printed %s", output)
}

func TestSignInLinkWorksOnce(t *testing.T) {
	t.Parallel()
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir()})
	link := signInLink.FindStringSubmatch(awaitWelcome(t, server))
	require.NotNil(t, link)

	session := "/api/v1/session"
	credentials := flagdtest.Map{"token": link[1]}
	server.MustCall(t, http.MethodPost, session, credentials, nil)
	require.ErrorContains(t, server.Call(t.Context(), http.MethodPost, session, credentials, nil), "401")
}

// awaitWelcome gives what flagd has printed once all of it is there.
func awaitWelcome(t *testing.T, server *flagdtest.Server) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var printed string
	complete := flagdtest.Poll(ctx, func() bool {
		printed = server.Output(t)
		return signInLink.MatchString(printed) && strings.Contains(printed, "/ofrep/v1/evaluate/flags/")
	})
	require.True(t, complete, "flagd printed only this:\n%s", printed)
	return printed
}
