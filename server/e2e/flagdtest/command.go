package flagdtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// Command prepares a command of the flagd under test, such as backup. Its environment has the settings and nothing
// else. The command is killed when ctx ends.
func Command(ctx context.Context, settings Settings, args ...string) *exec.Cmd {
	binary := settings.Binary
	if binary == "" {
		binary = os.Getenv(binaryVariable)
	}
	command := exec.CommandContext(ctx, binary, args...)
	command.Env = append([]string{
		"PATH=" + os.Getenv("PATH"),
		"FLAGD_DATA_DIR=" + settings.DataDir,
		"FLAGD_DATABASE_URL=" + settings.DatabaseURL,
		"FLAGD_REDIS_URL=" + settings.RedisURL,
	}, settings.Environment...)
	return command
}

// Run runs a command to its end and gives what it printed. The error holds its error output.
func Run(ctx context.Context, settings Settings, args ...string) (stdout string, err error) {
	command := Command(ctx, settings, args...)
	var printed, complained bytes.Buffer
	command.Stdout, command.Stderr = &printed, &complained
	if err := command.Run(); err != nil {
		return printed.String(), fmt.Errorf("flagd %s: %w", args[0], errors.Join(err, errors.New(complained.String())))
	}
	return printed.String(), nil
}

// MustRun is Run for a test that cannot go on without it.
func MustRun(t testing.TB, settings Settings, args ...string) (stdout string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	stdout, err := Run(ctx, settings, args...)
	require.NoError(t, err)
	return stdout
}
