package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/server"
)

const longHelp = `flagd is the Tidegate server: feature flags that separate deploying code from releasing it.

Every flag can be given as a variable too: --database-url is FLAGD_DATABASE_URL. A flag on the command line wins.`

const examples = `  # Serve on 127.0.0.1:8080 with everything in ./data
  flagd

  # The same on PostgreSQL and Redis, for several replicas
  FLAGD_DATABASE_URL=postgres://tidegate:secret@db/tidegate FLAGD_REDIS_URL=redis://redis:6379/0 flagd --addr :8080

  # A shop to look around in
  flagd demo

  # A new one-time sign-in link for the admin
  flagd sign-in-link`

// newRootCommand is the command line; getenv is os.Getenv.
func newRootCommand(getenv func(string) string) *cobra.Command {
	s := &settings{}
	root := &cobra.Command{
		Use: "flagd", Short: "The Tidegate feature flag server", Long: longHelp, Example: examples,
		Args: usageArgs, SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd.Flags(), getenv) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return serve(cmd, s) },
	}
	s.bind(root.PersistentFlags())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(
		&cobra.Command{
			Use: "serve", Short: "Serve (what flagd does by itself)", Args: usageArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd, s) },
		},
		&cobra.Command{
			Use:   "demo",
			Short: "Serve a shop that has been at work for a fortnight, in ./data/demo",
			Args:  usageArgs,
			Long:  "Fill an empty store with a shop that has been at work for a fortnight, and serve it. It keeps away from real data: its folder is ./data/demo unless --data-dir says otherwise, and a store with other flags is refused.",
			RunE:  func(cmd *cobra.Command, _ []string) error { return serveDemo(cmd, s) },
		},
		&cobra.Command{
			Use:   "sign-in-link",
			Short: "Print a new one-time sign-in link for the admin",
			Args:  usageArgs,
			Long:  "Print a new one-time sign-in link for the admin. It works on the database, whether or not a server is running; give it the server's settings.",
			RunE:  func(cmd *cobra.Command, _ []string) error { return signInLink(cmd, s) },
		},
		newDoctorCommand(s, getenv),
		newExportCommand(s),
		newGateCommand(),
		newBackupCommand(s),
		newRestoreCommand(s),
		newNewEpochCommand(s),
		newMigrateCommand(s),
		newMigrateStoreCommand(s),
		newDeployCommand(getenv),
		newWatchCommand(s),
		newImportCommand(),
		newReleaseCommand(),
		newKillCommand(),
		newRestoreFlagCommand(),
		&cobra.Command{
			Use: "version", Short: "Print the version", Args: usageArgs,
			Run: func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), "flagd", version()) },
		},
	)
	return root
}

// usageArgs refuses arguments.
func usageArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &usageError{fmt.Errorf("there is no command %q; see flagd --help", args[0])}
}

func signInLink(cmd *cobra.Command, s *settings) error {
	return withBackend(cmd, s, openBackend, func(ctx context.Context, b *backend, config server.Config) error {
		if _, err := server.Bootstrap(ctx, b.Store, time.Now()); err != nil {
			return err
		}
		link, err := server.SignInLink(ctx, b.Store, config.URL(), time.Now())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), link)
		return err
	})
}

// releaseVersion is the version of a build for a release, set by the linker; other builds leave it empty.
var releaseVersion string

// version is that of the release. Other builds have the version of the module, which names the commit of a checkout.
func version() string {
	if releaseVersion != "" {
		return releaseVersion
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}
