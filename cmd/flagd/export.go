package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/store"
)

// formatFlagd is the only format so far.
const formatFlagd = "flagd"

// newExportCommand is flagd export.
func newExportCommand(s *settings) *cobra.Command {
	format, ref := "", store.EnvironmentRef{}
	command := &cobra.Command{
		Use:   "export --format flagd",
		Short: "Print an environment as a definition for OpenFeature's flagd",
		Args:  usageArgs,
		Long:  "Print the flags of an environment as a definition for OpenFeature's flagd and its in-process providers, which give the same answers. Flags that cannot be expressed there are left out, and named on the standard error output. It works on the database, whether or not a server is running; give it the server's settings.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != formatFlagd {
				return &usageError{fmt.Errorf("--format must be flagd, not %q", format)}
			}
			return exportFlagd(cmd, s, ref)
		},
	}
	command.Flags().StringVar(&format, "format", formatFlagd, "the format; flagd is the only one")
	command.Flags().StringVar(&ref.Project, "project", "default", "key of the project")
	command.Flags().StringVar(&ref.Environment, "environment", "production", "key of the environment")
	return command
}

func exportFlagd(cmd *cobra.Command, s *settings, ref store.EnvironmentRef) error {
	return withBackend(cmd, s, openExisting, func(ctx context.Context, b *backend, _ server.Config) error {
		stored, err := b.Store.Definition(ctx, ref)
		if errors.Is(err, store.ErrNotFound) {
			return &usageError{
				fmt.Errorf(
					"there is no environment %s/%s; --project and --environment name it",
					ref.Project,
					ref.Environment,
				),
			}
		}
		if err != nil {
			return err
		}
		snapshot, _, err := evaluator.Compile(stored)
		if err != nil {
			return fmt.Errorf("compile the environment: %w", err)
		}
		definition, omissions := flagdjson.Export(snapshot, flagdjson.Options{Source: true})
		for _, o := range omissions {
			fmt.Fprintf(cmd.ErrOrStderr(), "left out %s: %s%s\n", o.Flag, at(o.Pointer), o.Reason)
		}
		encoded, err := definition.Encode("  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", encoded)
		return err
	})
}

// at makes a prefix that says where in a configuration something is. It is "" for the configuration as a whole.
func at(pointer string) string {
	if pointer == "" {
		return ""
	}
	return pointer + ": "
}
