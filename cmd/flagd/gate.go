package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/openapi"
)

// The exit codes of flagd gate check, besides those of every command.
const (
	exitUnsafe    = 1
	exitUnchecked = 3
)

// gateTimeout bounds the question, and maxGateAnswer the answer.
const (
	gateTimeout   = 30 * time.Second
	maxGateAnswer = 16 << 20
)

const gateHelp = `Ask a Tidegate server whether a version of a service may be deployed, and whether the service may go back to it. A flag is in the
way where it is open now and needs another version.

Exit codes: 0 safe, 1 not safe, 2 wrong usage, 3 the question could not be answered. In a pipeline, only 0 should go on.`

const gateExample = `  # Before a deployment
  flagd gate check --service checkout --version 2.4.0 --environment production --for deploy

  # Before a rollback; the server and the token come from FLAGD_SERVER_URL and FLAGD_TOKEN
  flagd gate check --service checkout --version 2.2.0 --environment production --for rollback`

// gateQuestion is what flagd gate check asks.
type gateQuestion struct {
	serverURL, token         string
	project, environment     string
	service, version, wanted string
	asJSON                   bool
}

// newGateCommand is flagd gate.
func newGateCommand() *cobra.Command {
	q := &gateQuestion{}
	check := &cobra.Command{
		Use: "check", Short: "Ask whether a version may be deployed or gone back to", Long: gateHelp, Example: gateExample, Args: usageArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.check(cmd.Context(), cmd.OutOrStdout()) },
	}
	flags := check.Flags()
	flags.StringVar(&q.serverURL, "server-url", "http://127.0.0.1:8080", "the server, or the address in front of its replicas")
	flags.StringVar(&q.token, "token", "", "access token with the role viewer or more; better given by its variable")
	flags.StringVar(&q.project, "project", "default", "project of the environment")
	flags.StringVar(&q.environment, "environment", "", "environment that is deployed to (needed)")
	flags.StringVar(&q.service, "service", "", "service that is deployed (needed)")
	flags.StringVar(&q.version, "version", "", "version that is deployed, or gone back to (needed)")
	flags.StringVar(&q.wanted, "for", "both", "deploy, rollback or both: what has to be safe for exit code 0")
	flags.BoolVar(&q.asJSON, "json", false, "print the server's answer")
	gate := &cobra.Command{Use: "gate", Short: "Ask what flags are in the way of a version", Args: usageArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	gate.AddCommand(check)
	return gate
}

// check prints the answer; it fails with an exitError unless what is wanted is safe.
func (q *gateQuestion) check(ctx context.Context, out io.Writer) error {
	address, err := q.address()
	if err != nil {
		return &usageError{err}
	}
	body, err := q.ask(ctx, address)
	if err != nil {
		return &exitError{exitUnchecked, err}
	}
	var answer openapi.Gates
	if err := json.Unmarshal(body, &answer); err != nil {
		return &exitError{exitUnchecked, fmt.Errorf("%s gave no answer of a Tidegate server: %w", address.Host, err)}
	}
	if q.asJSON {
		_, err = fmt.Fprintf(out, "%s\n", body)
	} else {
		err = q.describe(out, answer)
	}
	if err != nil {
		return err
	}
	if q.blocked(answer) {
		return &exitError{exitUnsafe, fmt.Errorf("%s %s is not safe in %s", q.service, q.version, q.environment)}
	}
	return nil
}

// address is that of the question; its error says which flag is wrong.
func (q *gateQuestion) address() (*url.URL, error) {
	for _, needed := range []struct{ name, value string }{
		{"service", q.service}, {"version", q.version}, {"environment", q.environment}, {"project", q.project},
	} {
		if needed.value == "" {
			return nil, fmt.Errorf("--%s or %s is needed", needed.name, variable(needed.name))
		}
	}
	if !slices.Contains([]string{"deploy", "rollback", "both"}, q.wanted) {
		return nil, fmt.Errorf("--for must be deploy, rollback or both, not %q", q.wanted)
	}
	base, err := url.Parse(q.serverURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("--server-url must be an http or https address such as https://flags.example.com")
	}
	address := base.JoinPath("api/v1/projects", url.PathEscape(q.project), "environments", url.PathEscape(q.environment), "gates")
	address.RawQuery = url.Values{"service": {q.service}, "version": {q.version}}.Encode()
	return address, nil
}

func (q *gateQuestion) ask(ctx context.Context, address *url.URL) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, gateTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	if q.token != "" {
		request.Header.Set("Authorization", "Bearer "+q.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the server cannot be reached: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxGateAnswer))
	if err != nil {
		return nil, fmt.Errorf("the server's answer ended early: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		var refused openapi.Problem
		if json.Unmarshal(body, &refused) == nil && refused.Detail != "" {
			return nil, fmt.Errorf("the server answered %s: %s", response.Status, refused.Detail)
		}
		return nil, fmt.Errorf("the server answered %s", response.Status)
	}
	return body, nil
}

// blocked tells whether what is wanted is not safe.
func (q *gateQuestion) blocked(answer openapi.Gates) bool {
	return (q.wanted != "rollback" && !answer.SafeToDeploy) || (q.wanted != "deploy" && !answer.SafeToRollBackTo)
}

func (q *gateQuestion) describe(out io.Writer, answer openapi.Gates) error {
	yes := map[bool]string{true: "yes", false: "NO"}
	_, err := fmt.Fprintf(out, "%s %s in %s\n  safe to deploy:       %s\n  safe to roll back to: %s\n",
		q.service, q.version, q.environment, yes[answer.SafeToDeploy], yes[answer.SafeToRollBackTo])
	for _, flag := range answer.Flags {
		if err == nil {
			_, err = fmt.Fprintf(out, "  %s (%v): %s\n", flag.Flag, flag.Blocks, flag.Reason)
		}
	}
	return err
}
