package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/client/deploy"
	"github.com/tidegate-io/tidegate/openapi"
)

const deployHelp = `Tell Tidegate what happened to a deployment: the releases that wait for the version start, and those that need it are taken
back when it fails or is rolled back. The command prints what it did to them. What was refused before any instance of it
ran, by flagd gate for instance, and what was abandoned because another version took its place, changes nothing.

It is made for pipelines. While the server cannot be reached or is busy it tries again, with waits that grow; a report
counts once, however often it is sent. Source and external id come from the CI's own variables (GitHub Actions, GitLab,
Jenkins, CircleCI, Buildkite, Azure Pipelines, Bitbucket, Drone), so that the reports of one run belong together, and
another attempt after a failure is a deployment of its own.

Exit codes: 0 recorded, 1 refused, 2 the command line is wrong, 3 the server could not be reached.`

const deployExamples = `  export FLAGD_SERVER_URL=https://flags.example.com FLAGD_TOKEN=tg_…   # a token of the role releaser
  flagd deploy started   --service checkout --version 2.3.0 --environment production
  flagd deploy succeeded --service checkout --version 2.3.0 --environment production

  # A canary that has 5 % of the traffic by now
  flagd deploy started --service checkout --version 2.3.0 --environment production --strategy canary --traffic-weight 5

  # What would it do?
  flagd deploy succeeded --service checkout --version 2.3.0 --environment production --dry-run`

// deployStatuses are the statuses by their names on the command line.
func deployStatuses() map[string]openapi.DeploymentStatus {
	return map[string]openapi.DeploymentStatus{
		"started": openapi.DeploymentStatusStarted, "succeeded": openapi.DeploymentStatusSucceeded,
		"failed": openapi.DeploymentStatusFailed, "rolled-back": openapi.DeploymentStatusRolledBack,
		"refused": openapi.DeploymentStatusRefused, "abandoned": openapi.DeploymentStatusAbandoned,
	}
}

// deploySettings are the flags of flagd deploy.
type deploySettings struct {
	remote        remoteSettings
	environment   string
	strategy      string
	trafficWeight string
	dryRun        bool
	report        openapi.DeploymentReport
}

// newDeployCommand is flagd deploy.
func newDeployCommand(getenv func(string) string) *cobra.Command {
	s := &deploySettings{}
	command := &cobra.Command{
		Use:       "deploy started|succeeded|failed|rolled-back|refused|abandoned",
		Short:     "Report a deployment to a server, from a pipeline",
		Long:      deployHelp,
		Example:   deployExamples,
		Args:      oneStatus,
		ValidArgs: slices.Sorted(maps.Keys(deployStatuses())),
		RunE: func(cmd *cobra.Command, args []string) error {
			return reportDeployment(cmd, s, args[0], deploy.DetectRun(getenv))
		},
	}
	flags := command.Flags()
	flags.StringVar(&s.report.Service, "service", "", "service that is deployed")
	flags.StringVar(&s.report.Version, "version", "", "version of it, best a semantic one such as 2.3.0")
	flags.StringVar(&s.environment, "environment", "", "environment that it is deployed to")
	flags.StringVar(&s.report.Source, "source", "", "where the report comes from (default the CI, or cli)")
	flags.StringVar(
		&s.report.ExternalID,
		"external-id",
		"",
		"what the source calls the deployment (default the run of the CI and the service)",
	)
	flags.StringVar(&s.report.Commit, "commit", "", "commit (default from the CI)")
	flags.StringVar(&s.report.URL, "link", "", "page about the deployment (default the run of the CI)")
	flags.StringVar(&s.report.Description, "description", "", "what people should know about it")
	flags.StringVar(&s.strategy, "strategy", "", "rolling, blueGreen, canary, shadow or recreate")
	flags.StringVar(
		&s.trafficWeight,
		"traffic-weight",
		"",
		"share of the traffic that the version has by now, in percent: 5 or 12.5",
	)
	flags.BoolVar(&s.dryRun, "dry-run", false, "ask what the report would do, without reporting")
	s.remote.bind(command)
	return command
}

// oneStatus asks for exactly one status.
func oneStatus(_ *cobra.Command, args []string) error {
	if len(args) == 1 {
		if _, known := deployStatuses()[args[0]]; known {
			return nil
		}
	}
	return &usageError{
		fmt.Errorf(
			"say what happened: flagd deploy %s; see flagd deploy --help",
			strings.Join(slices.Sorted(maps.Keys(deployStatuses())), ", "),
		),
	}
}

// reportDeployment reports a deployment and prints the result.
func reportDeployment(cmd *cobra.Command, s *deploySettings, status string, run deploy.Run) error {
	if err := s.complete(status, run); err != nil {
		return err
	}
	client, err := s.remote.client(cmd)
	if err != nil {
		return err
	}
	r := &deploy.Reporter{Client: client, Project: s.remote.project, Environment: s.environment, Out: cmd.OutOrStdout()}
	report := r.Report
	if s.dryRun {
		report = r.DryRun
	}
	return report(cmd.Context(), s.report, run.ID != "" && !cmd.Flags().Changed("external-id"))
}

// complete checks the flags and fills in what the variables of the CI say.
func (s *deploySettings) complete(status string, run deploy.Run) error {
	r := &s.report
	switch {
	case r.Service == "":
		return missing("service", "the name of what is deployed, as in releases")
	case r.Version == "":
		return missing("version", "the version that is deployed, for instance 2.3.0")
	case s.environment == "":
		return missing("environment", "the key of the environment that it is deployed to, for instance production")
	}
	r.Status = deployStatuses()[status]
	r.Strategy = openapi.DeploymentStrategy(s.strategy)
	if s.strategy != "" && !r.Strategy.Valid() {
		return &usageError{
			fmt.Errorf(
				"%s must be rolling, blueGreen, canary, shadow or recreate, not %q",
				named("strategy"),
				s.strategy,
			),
		}
	}
	if s.trafficWeight != "" {
		percent, err := strconv.ParseFloat(strings.TrimSuffix(s.trafficWeight, "%"), 64)
		if err != nil || !(percent >= 0 && percent <= 100) {
			return &usageError{
				fmt.Errorf("%s must be 0 to 100, in percent, not %q", named("traffic-weight"), s.trafficWeight),
			}
		}
		r.TrafficWeight = int(percent*1000 + 0.5)
	}
	r.Source = cmp.Or(r.Source, run.Source)
	r.Commit, r.URL = cmp.Or(r.Commit, run.Commit), cmp.Or(r.URL, run.URL)
	if run.ID != "" {
		r.ExternalID = cmp.Or(r.ExternalID, run.ID+"/"+r.Service)
	}
	return nil
}
