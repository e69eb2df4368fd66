package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/client"
)

// remoteSettings are the flags of commands that call a server.
type remoteSettings struct {
	url     string
	token   string
	project string
	timeout time.Duration
}

// urlFlag has a variable of another name. FLAGD_URL would not be clear enough beside the server's own settings.
const (
	urlFlag     = "url"
	urlVariable = environmentPrefix + "SERVER_URL"
)

// remoteUsage leaves out the flags of the server, which have no meaning for a command that calls a server.
const remoteUsage = `Usage:
  {{.UseLine}}{{if .HasAvailableSubCommands}} <command>

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableLocalFlags}}

Flags, each of which can be given as a variable too (--service is FLAGD_SERVICE, --url FLAGD_SERVER_URL):
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`

// bind declares the flags and gives the command a usage that shows only its own flags.
func (s *remoteSettings) bind(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(
		&s.url,
		urlFlag,
		"",
		"address of the server, for instance https://flags.example.com ("+urlVariable+")",
	)
	flags.StringVar(&s.token, "token", "", "access token; better given by its variable")
	flags.StringVar(&s.project, "project", "default", "project")
	flags.DurationVar(
		&s.timeout,
		"timeout",
		2*time.Minute,
		"how long to try while the server cannot be reached or is busy",
	)
	command.SetUsageTemplate(remoteUsage)
}

// client checks the flags and returns a client. The client prints a line to the error output when it has to wait.
func (s *remoteSettings) client(cmd *cobra.Command, options ...client.Option) (*client.Client, error) {
	switch {
	case s.url == "":
		return nil, missing(urlFlag, "the address of the server, for instance https://flags.example.com")
	case s.token == "":
		return nil, missing("token", "an access token, which an admin makes in the web app under Settings")
	case s.timeout <= 0:
		return nil, &usageError{fmt.Errorf("%s must be positive, for instance 2m", named("timeout"))}
	}
	options = append([]client.Option{
		client.WithTimeout(s.timeout), client.WithUserAgent("flagd/" + version()),
		client.WithRetryNotice(func(why error, wait time.Duration) {
			fmt.Fprintf(cmd.ErrOrStderr(), "flagd: %v; trying again in %s\n", why, wait.Round(100*time.Millisecond))
		}),
	}, options...)
	c, err := client.New(s.url, s.token, options...)
	if err != nil {
		return nil, &usageError{
			fmt.Errorf("%s: %w; give it as for instance https://flags.example.com", named(urlFlag), err),
		}
	}
	return c, nil
}

// missing says which flag is missing, and what it means.
func missing(flag, what string) error {
	return &usageError{fmt.Errorf("%s is needed: %s", named(flag), what)}
}

// cannotReach tells whether a server could not be reached, or could not answer.
func cannotReach(err error) bool {
	var unreachable *client.UnreachableError
	return errors.As(err, &unreachable)
}
