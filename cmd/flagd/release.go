package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/openapi"
)

const releaseHelp = `Move the release of a flag in one environment, or show where it stands.

  start, promote   take the first or the next step now, whatever the release waits for
  pause, resume    keep it where it is, and go on with the rest of the hold
  revert           give everybody back what was served before, at once
  approve          approve the next step that needs it; it is taken when nothing else holds it
  show             print where it stands and what it waits for

Exit codes: 0 done, 1 refused, 2 the command line is wrong, 3 the server could not be reached.`

const releaseExamples = `  export FLAGD_SERVER_URL=https://flags.example.com FLAGD_TOKEN=tg_…   # a token of the role releaser
  flagd release revert new-checkout --environment production --reason "errors in the funnel"
  flagd release approve new-checkout --environment production --reason "the numbers are fine"
  flagd release show new-checkout --environment production`

// releaseVerbs are what flagd release can do.
var releaseVerbs = []string{"start", "promote", "pause", "resume", "revert", "approve", "show"}

// flagSettings are the flags of commands that are about one flag in one environment.
type flagSettings struct {
	remote      remoteSettings
	environment string
	reason      string
}

func (s *flagSettings) bind(command *cobra.Command) {
	command.Flags().StringVar(&s.environment, "environment", "", "environment")
	command.Flags().StringVar(&s.reason, "reason", "", "why; kept with the change")
	s.remote.bind(command)
}

// client checks the flags.
func (s *flagSettings) client(cmd *cobra.Command) (*client.Client, error) {
	if s.environment == "" {
		return nil, missing("environment", "the environment that the flag is in")
	}
	return s.remote.client(cmd, client.WithReason(s.reason))
}

// newReleaseCommand is flagd release.
func newReleaseCommand() *cobra.Command {
	s := &flagSettings{}
	command := &cobra.Command{
		Use: "release " + strings.Join(
			releaseVerbs,
			"|",
		) + " FLAG",
		Short:     "Move the release of a flag, or show where it stands",
		Long:      releaseHelp,
		Example:   releaseExamples,
		Args:      verbAndFlag,
		ValidArgs: releaseVerbs,
		RunE:      func(cmd *cobra.Command, args []string) error { return moveRelease(cmd, s, args[0], args[1]) },
	}
	s.bind(command)
	return command
}

func verbAndFlag(_ *cobra.Command, args []string) error {
	if len(args) == 2 && slices.Contains(releaseVerbs, args[0]) && args[1] != "" {
		return nil
	}
	return &usageError{
		fmt.Errorf(
			"say what to do with which flag: flagd release %s FLAG; see flagd release --help",
			strings.Join(releaseVerbs, "|"),
		),
	}
}

func moveRelease(cmd *cobra.Command, s *flagSettings, verb, flag string) error {
	c, err := s.client(cmd)
	if err != nil {
		return err
	}
	var release openapi.Release
	switch ctx, project := cmd.Context(), s.remote.project; verb {
	case "show":
		release, err = c.GetRelease(ctx, project, s.environment, flag)
	case "approve":
		release, err = c.ApproveRelease(ctx, project, s.environment, flag, openapi.ReleaseApprove{})
	default:
		release, err = c.MoveRelease(
			ctx,
			project,
			s.environment,
			flag,
			openapi.ReleaseVerb(verb),
			openapi.ReleaseCommand{},
		)
	}
	if err != nil {
		return err
	}
	return printRelease(cmd.OutOrStdout(), release, s.environment)
}

func printRelease(out io.Writer, r openapi.Release, environment string) error {
	_, err := fmt.Fprintf(out, "%s in %s: release %s. %s\n", r.Flag, environment, r.Phase, r.Reason)
	if err == nil && r.Serving != nil {
		_, err = fmt.Fprintf(out, "  now: %s\n", r.Serving.Sentence)
	}
	for _, wait := range r.Waits {
		if err == nil {
			_, err = fmt.Fprintf(out, "  waits %s\n", wait.Text)
		}
	}
	return err
}

const killHelp = `Close a flag in one environment at once: it serves its off variation there, whatever its rules and its release say. It waits for
no approval, window or freeze. The configuration is kept, and flagd restore-flag serves it again, exactly as before. A release
under way pauses until somebody resumes it.

Exit codes: 0 done, 1 refused, 2 the command line is wrong, 3 the server could not be reached.`

const killExample = `  flagd kill new-checkout --environment production --reason "errors in the funnel"
  flagd restore-flag new-checkout --environment production --reason "fixed in 2.3.1"`

// newKillCommand is flagd kill.
func newKillCommand() *cobra.Command {
	s := &flagSettings{}
	command := &cobra.Command{
		Use:     "kill FLAG",
		Short:   "Close a flag in an environment at once",
		Long:    killHelp,
		Example: killExample,
		Args:    oneFlag,
		RunE: func(cmd *cobra.Command, args []string) error {
			return setKill(cmd, s, args[0], (*client.Client).KillFlag)
		},
	}
	s.bind(command)
	return command
}

// newRestoreFlagCommand is flagd restore-flag; flagd restore restores a backup.
func newRestoreFlagCommand() *cobra.Command {
	s := &flagSettings{}
	command := &cobra.Command{
		Use:     "restore-flag FLAG",
		Short:   "Open a flag again that was killed",
		Long:    killHelp,
		Example: killExample,
		Args:    oneFlag,
		RunE: func(cmd *cobra.Command, args []string) error {
			return setKill(cmd, s, args[0], (*client.Client).RestoreFlag)
		},
	}
	s.bind(command)
	return command
}

func oneFlag(cmd *cobra.Command, args []string) error {
	if len(args) == 1 && args[0] != "" {
		return nil
	}
	return &usageError{errors.New("name one flag: flagd " + cmd.Use + "; see flagd " + cmd.Name() + " --help")}
}

// killMethod is what client.Client has for kill and for restore-flag.
type killMethod func(c *client.Client, ctx context.Context, project, flag, environment string, body openapi.Reason, options ...client.CallOption) (openapi.FlagConfig, error)

// setKill kills or restores a flag by a method of the client.
func setKill(cmd *cobra.Command, s *flagSettings, flag string, set killMethod) error {
	c, err := s.client(cmd)
	if err != nil {
		return err
	}
	config, err := set(c, cmd.Context(), s.remote.project, flag, s.environment, openapi.Reason{})
	if err != nil {
		return err
	}
	said := fmt.Sprintf("%s is restored in %s.", flag, s.environment)
	if config.Killed != nil {
		said = fmt.Sprintf(
			"%s is killed in %s by %s, %s.",
			flag,
			s.environment,
			config.Killed.By,
			reasonOf(config.Killed.Reason),
		)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n  now: %s\n", said, config.Serving.Sentence)
	return err
}

func reasonOf(reason string) string {
	if reason == "" {
		return "without a reason"
	}
	return "because " + reason
}
