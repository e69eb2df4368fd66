package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/openapi"
)

// exitUnsafe is the exit code of flagd gate check if the version is not safe. If there is no answer, for instance
// because the server refuses to answer, the exit code is exitUnreachable. So a pipeline does not take a failure for
// an answer.
const exitUnsafe = 1

const gateHelp = `Ask a Tidegate server whether a version of a service may be deployed, and whether the service may go back to it. A flag is in the
way where it is open now and needs another version.

Exit codes: 0 safe, 1 not safe, 2 wrong usage, 3 the question could not be answered. In a pipeline, only 0 should go on.`

const gateExample = `  export FLAGD_SERVER_URL=https://flags.example.com FLAGD_TOKEN=tg_…   # a token of the role viewer

  # Before a deployment
  flagd gate check --service checkout --version 2.4.0 --environment production --for deploy

  # Before a rollback
  flagd gate check --service checkout --version 2.2.0 --environment production --for rollback`

// gateQuestion is what flagd gate check asks.
type gateQuestion struct {
	remote                                remoteSettings
	environment, service, version, wanted string
	asJSON                                bool
}

// newGateCommand is flagd gate.
func newGateCommand() *cobra.Command {
	q := &gateQuestion{}
	check := &cobra.Command{
		Use:     "check",
		Short:   "Ask whether a version may be deployed or gone back to",
		Long:    gateHelp,
		Example: gateExample,
		Args:    usageArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return q.check(cmd) },
	}
	flags := check.Flags()
	flags.StringVar(&q.service, "service", "", "service that is deployed")
	flags.StringVar(&q.version, "version", "", "version that is deployed, or gone back to")
	flags.StringVar(&q.environment, "environment", "", "environment that is deployed to")
	flags.StringVar(&q.wanted, "for", "both", "deploy, rollback or both: what has to be safe for exit code 0")
	flags.BoolVar(&q.asJSON, "json", false, "print the server's answer")
	q.remote.bind(check)
	gate := &cobra.Command{
		Use: "gate", Short: "Ask which flags are in the way of a version", Args: usageArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	gate.AddCommand(check)
	return gate
}

// check prints the answer. It fails with an exitError unless the answer to the question is "safe".
func (q *gateQuestion) check(cmd *cobra.Command) error {
	if err := q.complete(); err != nil {
		return err
	}
	client, err := q.remote.client(cmd)
	if err != nil {
		return err
	}
	answer, err := client.CheckGates(
		cmd.Context(),
		q.remote.project,
		q.environment,
		openapi.CheckGatesParams{Service: q.service, Version: q.version},
	)
	if err != nil {
		return &exitError{exitUnreachable, err}
	}
	if err := q.print(cmd.OutOrStdout(), answer); err != nil {
		return err
	}
	if q.blocked(answer) {
		return &exitError{exitUnsafe, fmt.Errorf("%s %s is not safe in %s", q.service, q.version, q.environment)}
	}
	return nil
}

// complete checks the flags.
func (q *gateQuestion) complete() error {
	switch {
	case q.service == "":
		return missing("service", "the name of what is deployed, as in releases")
	case q.version == "":
		return missing("version", "the version that is asked about, for instance 2.3.0")
	case q.environment == "":
		return missing("environment", "the key of the environment that is deployed to, for instance production")
	case !slices.Contains([]string{"deploy", "rollback", "both"}, q.wanted):
		return &usageError{fmt.Errorf("%s must be deploy, rollback or both, not %q", named("for"), q.wanted)}
	}
	return nil
}

// blocked tells whether the version is unsafe for what was asked.
func (q *gateQuestion) blocked(answer openapi.Gates) bool {
	return (q.wanted != "rollback" && !answer.SafeToDeploy) || (q.wanted != "deploy" && !answer.SafeToRollBackTo)
}

func (q *gateQuestion) print(out io.Writer, answer openapi.Gates) error {
	if q.asJSON {
		return json.NewEncoder(out).Encode(answer)
	}
	yes := map[bool]string{true: "yes", false: "NO"}
	_, err := fmt.Fprintf(out, "%s %s in %s\n  safe to deploy:       %s\n  safe to roll back to: %s\n",
		q.service, q.version, q.environment, yes[answer.SafeToDeploy], yes[answer.SafeToRollBackTo])
	for _, flag := range answer.Flags {
		if err == nil {
			_, err = fmt.Fprintf(out, "  %s (in the way of %s): %s\n", flag.Flag, blocks(flag), flag.Reason)
		}
	}
	return err
}

// blocks says in words what the flag prevents.
func blocks(flag openapi.GateFlag) string {
	words := make([]string, 0, len(flag.Blocks))
	for _, blocked := range flag.Blocks {
		words = append(words, string(blocked))
	}
	return strings.Join(words, " and ")
}
