package main

import (
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/hooks"
)

// environmentPrefix and the name of a flag in capitals make the name of its variable: --addr is FLAGD_ADDR.
const environmentPrefix = "FLAGD_"

// settings are all flags of the command line.
type settings struct {
	addr                string
	publicURL           string
	databaseURL         string
	listenDatabaseURL   string
	redisURL            string
	dataDir             string
	bootstrapAdminToken string
	githubWebhookSecret string
	githubProject       string
	githubServices      map[string]string
	githubEnvironments  map[string]string
	logLevel            string
	logFormat           string
	drainGrace          time.Duration
	evaluationLimit     int
	prometheusURL       string
	guardHosts          []string
	flagd               server.FlagdProtocols
}

// bind declares the flags.
func (s *settings) bind(flags *pflag.FlagSet) {
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8080", "address to listen on; port 0 chooses a free one")
	flags.StringVar(
		&s.publicURL,
		"public-url",
		"",
		"where people and applications reach the server, for links (default http:// and --addr)",
	)
	flags.StringVar(
		&s.databaseURL,
		"database-url",
		"",
		"PostgreSQL, postgres://user:password@host/database; without it SQLite in --data-dir",
	)
	flags.StringVar(
		&s.listenDatabaseURL,
		"listen-database-url",
		"",
		"PostgreSQL itself, for LISTEN and migrations, where --database-url goes through a pooler (default --database-url)",
	)
	flags.StringVar(
		&s.redisURL,
		"redis-url",
		"",
		"Redis for faster propagation and starts without the database, redis://host:6379/0",
	)
	flags.StringVar(&s.dataDir, "data-dir", "./data", "folder for SQLite and for the last good snapshots")
	flags.StringVar(
		&s.bootstrapAdminToken,
		"bootstrap-admin-token",
		"",
		"access token with the role admin, for automation; better given by its variable",
	)
	flags.StringVar(
		&s.githubWebhookSecret,
		"github-webhook-secret",
		"",
		"secret that GitHub signs /hooks/github with; better given by its variable",
	)
	flags.StringVar(&s.githubProject, "github-project", "default", "project whose environments GitHub deploys to")
	flags.StringToStringVar(
		&s.githubServices,
		"github-services",
		nil,
		"services of GitHub's repositories, owner/name=service,… (default the repository's name)",
	)
	flags.StringToStringVar(
		&s.githubEnvironments,
		"github-environments",
		nil,
		"environments of GitHub's environments, Prod=production,… (default the name in lower case)",
	)
	flags.StringVar(
		&s.flagd.Addr,
		"flagd-addr",
		"",
		"address of flagd's evaluation protocol, gRPC and Connect, for instance :8013 (default off)",
	)
	flags.StringVar(
		&s.flagd.SyncAddr,
		"flagd-sync-addr",
		"",
		"address of flagd's sync protocol, for in-process providers, for instance :8015 (default off)",
	)
	flags.StringVar(&s.flagd.TLSCert, "flagd-tls-cert", "", "PEM file with the certificate of both (default no TLS)")
	flags.StringVar(&s.flagd.TLSKey, "flagd-tls-key", "", "PEM file with the private key of --flagd-tls-cert")
	flags.StringSliceVar(
		&s.flagd.Keys,
		"flagd-keys",
		nil,
		"SDK keys for callers of both that cannot send one; better given by its variable",
	)
	flags.StringToStringVar(
		&s.flagd.Context,
		"flagd-context",
		nil,
		"attributes that every evaluation by both gets, region=eu,…",
	)
	flags.StringVar(&s.logLevel, "log-level", "info", "debug, info, warn or error")
	flags.StringVar(&s.logFormat, "log-format", "text", "text or json, on the standard error output")
	flags.DurationVar(
		&s.drainGrace,
		"drain-grace",
		time.Second,
		"how long to go on serving after SIGTERM, while /readyz says no",
	)
	flags.StringVar(
		&s.prometheusURL,
		"prometheus-url",
		"",
		"Prometheus that the queries of guards are asked of, http://prometheus:9090; better given by its variable if it holds a password",
	)
	flags.StringSliceVar(
		&s.guardHosts,
		"guard-hosts",
		nil,
		"hosts that web guards may ask, host or host:port,…; none unless set",
	)
	flags.IntVar(
		&s.evaluationLimit,
		"evaluation-limit",
		0,
		"OFREP requests that each SDK key may make in a second, on each replica; 0 is any number",
	)
}

// fromEnvironment sets every flag that the command line left alone and that has a variable.
func fromEnvironment(flags *pflag.FlagSet, getenv func(string) string) (err error) {
	flags.VisitAll(func(flag *pflag.Flag) {
		value := getenv(variable(flag.Name))
		if flag.Changed || value == "" || err != nil {
			return
		}
		if setErr := flags.Set(flag.Name, value); setErr != nil {
			err = &usageError{fmt.Errorf("%s: %w", named(flag.Name), setErr)}
		}
	})
	return err
}

// allVariables are the variables of the flags of a command and of all commands below it.
func allVariables(command *cobra.Command) map[string]bool {
	known := make(map[string]bool)
	add := func(flag *pflag.Flag) { known[variable(flag.Name)] = true }
	command.Flags().VisitAll(add)
	command.PersistentFlags().VisitAll(add)
	for _, below := range command.Commands() {
		maps.Copy(known, allVariables(below))
	}
	return known
}

// unknownVariables are the variables in environ that look like settings but are none.
func unknownVariables(known map[string]bool, environ []string) (unknown []string) {
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, environmentPrefix) && !known[name] {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

func variable(flag string) string {
	if flag == urlFlag {
		return urlVariable
	}
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// named is how a setting is called in errors.
func named(flag string) string { return "--" + flag + " (" + variable(flag) + ")" }

// config is the configuration of the server.
func (s *settings) config(log *slog.Logger) server.Config {
	return server.Config{
		Addr:                s.addr,
		PublicURL:           s.publicURL,
		DataDir:             s.dataDir,
		BootstrapAdminToken: s.bootstrapAdminToken,
		DrainGrace:          s.drainGrace,
		EvaluationLimit:     s.evaluationLimit,
		PrometheusURL:       s.prometheusURL,
		GuardHosts:          s.guardHosts,
		Flagd:               s.flagd,
		Version:             version(),
		Log:                 log,
		GitHub: hooks.GitHub{
			Secret:       s.githubWebhookSecret,
			Project:      s.githubProject,
			Services:     s.githubServices,
			Environments: s.githubEnvironments,
		},
	}
}
