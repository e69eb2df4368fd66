package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tidegate-io/tidegate/server/doctor"
	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

const doctorHelp = `Check the settings, the database and its schema, Redis, the clock, the data folder, the address and the public URL, and
say what to do about each. Nothing is changed. Give it the server's settings; it may run before the first start, beside a
running server, or on another machine. The exit code is 1 if a check fails.`

// newDoctorCommand is flagd doctor.
func newDoctorCommand(s *settings, getenv func(string) string) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "doctor",
		Short: "Check settings, connections, schema, clock and disk, and say what to do",
		Long:  doctorHelp,
		Args:  usageArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return examine(cmd, s, getenv, asJSON) },
	}
	command.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return command
}

func examine(cmd *cobra.Command, s *settings, getenv func(string) string, asJSON bool) error {
	config := s.config(slog.New(slog.DiscardHandler))
	log, err := newLogger(cmd.ErrOrStderr(), s.logLevel, s.logFormat)
	if err != nil {
		return err
	}
	redis.LogDriverTo(log)
	if err := config.Validate(); err != nil {
		return err
	}
	checks := []doctor.Check{
		checkSettings(cmd.InheritedFlags(), allVariables(cmd.Root()), os.Environ()),
		checkTracing(getenv),
	}
	checks = append(checks, checkStores(s)...)
	checks = append(
		checks,
		doctor.DataDir(s.dataDir),
		doctor.Address(s.addr, config.LocalURL()),
		doctor.PublicURL(s.publicURL, s.addr),
	)
	report := doctor.Run(cmd.Context(), checks...)
	write := report.WriteText
	if asJSON {
		write = report.WriteJSON
	}
	if err := write(cmd.OutOrStdout()); err != nil {
		return err
	}
	if n := report.Count(doctor.Fail); n > 0 {
		return fmt.Errorf("%d of %d checks failed", n, len(report.Findings))
	}
	return nil
}

// checkStores are the checks of what the settings name.
func checkStores(s *settings) []doctor.Check {
	var checks []doctor.Check
	if s.databaseURL == "" {
		file := filepath.Join(s.dataDir, sqliteFile)
		checks = append(checks, doctor.Database(
			func(ctx context.Context) (store.Diagnosis, error) { return sqlite.Diagnose(ctx, file) },
			"Restore it from a backup, or give it to the user that runs flagd."))
	} else {
		checks = append(checks, checkPostgres(s))
	}
	if s.redisURL != "" {
		checks = append(
			checks,
			doctor.Redis(func(ctx context.Context) (string, error) { return diagnoseRedis(ctx, s.redisURL) }),
		)
	}
	return checks
}

// checkPostgres checks the database. If it does not work, the checks that depend on it are left out.
func checkPostgres(s *settings) doctor.Check {
	database := doctor.Database(
		func(ctx context.Context) (store.Diagnosis, error) {
			return postgres.Diagnose(ctx, s.databaseURL, s.listenDatabaseURL)
		},
		"Start it, or correct --database-url (FLAGD_DATABASE_URL).")
	url := cmp.Or(s.listenDatabaseURL, s.databaseURL)
	listen := doctor.Listen(func(ctx context.Context) error { return postgres.CheckListen(ctx, url) })
	return func(ctx context.Context) []doctor.Finding {
		findings := database(ctx)
		if findings[0].Status == doctor.Fail && url == s.databaseURL {
			return findings
		}
		return append(findings, listen(ctx)...)
	}
}

func diagnoseRedis(ctx context.Context, url string) (server string, err error) {
	client, err := redis.Open(url, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	server, err = client.Diagnose(ctx)
	if closed := client.Close(); err == nil {
		err = closed
	}
	return server, err
}

// checkSettings tells what is set. It also finds variables that look like settings but are none.
func checkSettings(flags *pflag.FlagSet, known map[string]bool, environ []string) doctor.Check {
	return func(context.Context) []doctor.Finding {
		var set []string
		flags.VisitAll(func(flag *pflag.Flag) {
			if flag.Changed {
				set = append(set, "--"+flag.Name)
			}
		})
		findings := []doctor.Finding{doctor.Found("version", "flagd %s, %s", version(), runtime.Version())}
		if len(set) == 0 {
			set = []string{"none"}
		}
		findings = append(findings, doctor.Found("settings", "other than by default: %s", strings.Join(set, ", ")))
		for _, name := range unknownVariables(known, environ) {
			findings = append(
				findings,
				doctor.Warned(
					"variables",
					"Look for a slip of the pen; flagd --help lists all.",
					"there is no setting %s",
					name,
				),
			)
		}
		return findings
	}
}

// checkTracing tells whether OpenTelemetry's variables ask for tracing that this program can do.
func checkTracing(getenv func(string) string) doctor.Check {
	return func(context.Context) []doctor.Finding {
		wanted, err := observe.TracingWanted(getenv)
		switch {
		case err != nil:
			return []doctor.Finding{
				doctor.Failed("traces", "Correct the variable, or set OTEL_TRACES_EXPORTER=none.", "%v", err),
			}
		case wanted:
			return []doctor.Finding{doctor.Found("traces", "sent over OTLP")}
		default:
			return []doctor.Finding{doctor.Found("traces", "off")}
		}
	}
}
