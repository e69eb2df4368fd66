// Command flagd is the Tidegate server. It turns flags and the environment into a configuration and runs it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// The exit codes, besides 0.
const (
	exitFailure = 1
	exitUsage   = 2
	// exitUnreachable is for commands that call a server.
	exitUnreachable = 3
)

func main() {
	// The first signal stops the server in order; a second one ends the process at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	redaction := newRedaction(os.Environ(), os.Args[1:])
	root := newRootCommand(os.Getenv)
	root.SetErr(redaction.writer(os.Stderr))
	// An export is data. It may hold the same text as a secret setting, so it is not redacted.
	if !slices.Contains(os.Args, "export") {
		root.SetOut(redaction.writer(os.Stdout))
	}
	err := root.ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(redaction.writer(os.Stderr), "flagd:", explain(err))
		os.Exit(exitCode(err))
	}
}

// usageError is a command line or an environment that cannot work.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// explain says what went wrong in terms of the command line.
func explain(err error) string {
	var setting *server.SettingError
	if errors.As(err, &setting) {
		return named(setting.Setting) + " " + setting.Problem
	}
	var inUse *server.AddressInUseError
	if errors.As(err, &inUse) {
		return fmt.Sprintf(
			"%s. Stop it, or choose another address with --%s or %s, for instance 127.0.0.1:8081.",
			inUse.Error(),
			inUse.Setting,
			variable(inUse.Setting),
		)
	}
	var locked *sqlite.LockedError
	if errors.As(err, &locked) {
		return locked.Error() + ". Stop it, or choose another folder with --data-dir or FLAGD_DATA_DIR. Several servers can share PostgreSQL, see --database-url."
	}
	return err.Error()
}

// exitError is an error with an exit code of its own, which says more than that something failed.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func exitCode(err error) int {
	var exit *exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	var (
		usage   *usageError
		setting *server.SettingError
	)
	if errors.As(err, &usage) || errors.As(err, &setting) {
		return exitUsage
	}
	if cannotReach(err) {
		return exitUnreachable
	}
	return exitFailure
}
