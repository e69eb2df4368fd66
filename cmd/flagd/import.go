package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/server/importer"
)

const importHelp = `Bring the flags and segments of another system into one environment of a running server, by its REST API and with an
access token of the role editor. Every flag keeps its key, variations, rules and percentages. Whatever cannot be kept is
reported line by line with its place in the file, together with how many users change their variation where a split is
bucketed anew. Nothing is written before you have seen the report and said yes, and nothing at all with --dry-run, which
needs no server. The command can be run again.

docs/migrating.md says how to export from each system, and what is mapped to what.`

const importExamples = `  # Look at what would come of it
  flagd import --from launchdarkly flags.json --dry-run

  # The same for a program: every loss with its place, its flag and its effect
  flagd import --from launchdarkly flags.json --dry-run --report json

  # Write it
  FLAGD_TOKEN=tg_… flagd import --from flagd demo.flagd.json --url https://flags.example.com --environment staging`

// importOptions are the flags of flagd import.
type importOptions struct {
	source      importer.Source
	remote      remoteSettings
	environment string
	reason      string
	dryRun      bool
	yes         bool
	report      string
}

// newImportCommand is flagd import.
func newImportCommand() *cobra.Command {
	o := importOptions{}
	command := &cobra.Command{
		Use: "import FILE", Short: "Bring flags from another system", Long: importHelp, Example: importExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &usageError{errors.New("name one file to import, or - for the standard input")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runImport(cmd, &o, args[0]) },
	}
	flags := command.Flags()
	flags.StringVar(&o.source.Format, "from", "", "format of the file: "+strings.Join(importer.Formats(), ", "))
	flags.StringVar(
		&o.source.Environment,
		"source-environment",
		"",
		"the source's own environment, where the file has several",
	)
	flags.StringVar(&o.environment, "environment", "", "environment to write to")
	flags.StringVar(
		&o.reason,
		"reason",
		"",
		"why, for the history (default \"Imported from …\", with the name of the format)",
	)
	flags.BoolVar(&o.dryRun, "dry-run", false, "report only")
	flags.StringVar(&o.report, "report", "text", "form of the report: text, or json for programs")
	flags.BoolVar(&o.yes, "yes", false, "write without asking")
	o.remote.bind(command)
	return command
}

func runImport(cmd *cobra.Command, o *importOptions, name string) error {
	switch {
	case o.source.Format == "":
		return missing("from", "one of "+strings.Join(importer.Formats(), ", "))
	case !o.dryRun && o.environment == "":
		return missing("environment", "the key of the environment to write to; or --dry-run")
	case o.report != "text" && o.report != "json":
		return &usageError{fmt.Errorf("--report is text or json, not %q", o.report)}
	}
	file, err := readImport(cmd, name)
	if err != nil {
		return err
	}
	o.source.Now = time.Now()
	plan, err := importer.Read(file, o.source)
	if err != nil {
		return fmt.Errorf("read %s as %s: %w", name, o.source.Format, err)
	}
	if o.dryRun {
		return o.write(cmd, plan, nil)
	}
	c, err := o.remote.client(cmd, client.WithReason(cmp.Or(o.reason, "Imported from "+o.source.Format)))
	if err != nil {
		return err
	}
	return writeImport(cmd, o, plan, importer.Target{Client: c, Project: o.remote.project, Environment: o.environment})
}

func readImport(cmd *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(cmd.InOrStdin())
	}
	return os.ReadFile(name)
}

// write writes the report in the form that was asked for.
func (o *importOptions) write(cmd *cobra.Command, plan *importer.Plan, actions []importer.Action) error {
	if o.report == "json" {
		return importer.ReportJSON(cmd.OutOrStdout(), plan, actions)
	}
	return importer.Report(cmd.OutOrStdout(), plan, actions)
}

// progressEvery is how many flags and segments are written between two lines of progress.
const progressEvery = 50

// writeImport reports, asks and writes.
func writeImport(cmd *cobra.Command, o *importOptions, plan *importer.Plan, target importer.Target) error {
	out := cmd.OutOrStdout()
	actions, err := target.Compare(cmd.Context(), plan)
	if err != nil {
		return err
	}
	if err := o.write(cmd, plan, actions); err != nil {
		return err
	}
	if o.report == "json" {
		out = cmd.ErrOrStderr() // what is said to people is no part of the report
	}
	question := fmt.Sprintf("Write this to %s/%s at %s? [y/N] ", target.Project, target.Environment, o.remote.url)
	if !o.yes {
		agreed, err := ask(cmd.Context(), cmd.InOrStdin(), out, question)
		if err != nil {
			return err
		}
		if !agreed {
			_, err := fmt.Fprintln(out, "Nothing was written.")
			return err
		}
	}
	target.Progress = func(done, total int) {
		if done%progressEvery == 0 && done < total {
			fmt.Fprintf(cmd.ErrOrStderr(), "%d of %d are written.\n", done, total)
		}
	}
	if err := target.Write(cmd.Context(), plan, actions); err != nil {
		return fmt.Errorf(
			"%w. What was written before stays; run the command again: it keeps what is the same already",
			err,
		)
	}
	_, err = fmt.Fprintln(out, "Done.")
	return err
}

// ask puts a question and reads a line. No answer is no.
func ask(ctx context.Context, in io.Reader, out io.Writer, question string) (bool, error) {
	if _, err := io.WriteString(out, question); err != nil {
		return false, err
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes", ctx.Err()
}
