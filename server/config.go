// Package server is the daemon: it puts together everything that listens, and owns its life from start to stop.
package server

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/store"
)

// minBootstrapToken is the least length of a preset admin token: shorter ones can be guessed.
const minBootstrapToken = 20

// maxEvaluationLimit is more than a replica answers; beyond it the limit would have no effect.
const maxEvaluationLimit = 1_000_000

// Config are the settings of a Server.
type Config struct {
	// Addr is the address to listen on, "127.0.0.1:8080" for instance; port 0 chooses a free one.
	Addr string
	// PublicURL is where people and applications reach the server, for links; http:// and Addr unless set.
	PublicURL string
	// DataDir, unless empty, is where the last good definitions are kept for a start without a database.
	DataDir string
	// BootstrapAdminToken presets an access token of the role admin; empty means none.
	BootstrapAdminToken string
	// GitHub says how its webhooks are verified and read; without a secret /hooks/github is off.
	GitHub hooks.GitHub
	// DrainGrace is how long the server goes on serving after it has said at /readyz that it will stop.
	DrainGrace time.Duration
	// EvaluationLimit is how many OFREP requests each SDK key may make in a second, on each replica; 0 is any number.
	EvaluationLimit int
	// Flagd serves the protocols of OpenFeature's flagd.
	Flagd FlagdProtocols
	// PrometheusURL is where the queries of guards are evaluated; without it such guards are refused.
	PrometheusURL string
	// GuardHosts are the hosts that web guards may ask, each "host" or "host:port"; without any, such guards are refused.
	GuardHosts []string
	// Welcome is where people are told the address and how to sign in; nil tells nobody.
	Welcome io.Writer
	// Version is that of the program, for metrics and for the account menu of the web app.
	Version string
	// Tracing makes spans; nil makes none. Whoever made it shuts it down.
	Tracing *observe.Tracing
	Log     *slog.Logger
	// Now is the clock.
	Now func() time.Time
}

// Backend is where a Server keeps its data. Whoever opened it closes it, after Run has returned.
type Backend struct {
	Store store.Store
	// Bus is the one that Store announces on.
	Bus store.Bus
	// Cache, Directory and Instances may be nil.
	Cache     store.SnapshotCache
	Directory store.DirectoryCache
	Instances store.InstanceCache
	// RateLimits may be nil: then each replica limits by itself.
	RateLimits store.RateLimits
}

// SettingError is a setting that cannot work. Setting is its name as a flag of the command line has it.
type SettingError struct {
	Setting string
	Problem string
}

// Error says what is wrong, without the value, which may be a secret.
func (e *SettingError) Error() string { return e.Setting + " " + e.Problem }

// Validate returns a SettingError for the first setting that cannot work.
func (c *Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return &SettingError{"addr", fmt.Sprintf("must be host:port, for instance 127.0.0.1:8080, not %q", c.Addr)}
	}
	if c.PublicURL != "" {
		if !isWebAddress(c.PublicURL) {
			return &SettingError{
				"public-url",
				"must be an http or https address, for instance https://flags.example.com",
			}
		}
	}
	if u, err := url.Parse(c.PublicURL); err == nil && u.User != nil {
		return &SettingError{"public-url", "must hold no user and no password: it is shown in links"}
	}
	if n := len(c.BootstrapAdminToken); n > 0 && n < minBootstrapToken {
		return &SettingError{
			"bootstrap-admin-token",
			fmt.Sprintf(
				"must have at least %d characters, not %d; `openssl rand -base64 32` makes a good one",
				minBootstrapToken,
				n,
			),
		}
	}
	if prefix := auth.ReservedPrefix(c.BootstrapAdminToken); prefix != "" {
		return &SettingError{
			"bootstrap-admin-token",
			fmt.Sprintf("must not begin with %q, which other kinds of secrets begin with", prefix),
		}
	}
	if c.PrometheusURL != "" && !isWebAddress(c.PrometheusURL) {
		return &SettingError{"prometheus-url", "must be an http or https address, for instance http://prometheus:9090"}
	}
	if c.DrainGrace < 0 {
		return &SettingError{"drain-grace", "must not be negative"}
	}
	if c.EvaluationLimit < 0 || c.EvaluationLimit > maxEvaluationLimit {
		return &SettingError{
			"evaluation-limit",
			fmt.Sprintf("must be requests per second, from 1 to %d, or 0 for any number", maxEvaluationLimit),
		}
	}
	return c.Flagd.validate()
}

func isWebAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// URL is where the server is reached as far as the settings tell: with port 0 only the server itself knows.
func (c *Config) URL() string { return c.reachedAt(c.Addr) }

// LocalURL is where the server is reached from its own machine.
func (c *Config) LocalURL() string {
	local := Config{}
	return local.reachedAt(c.Addr)
}

// reachedAt is the origin for links where the server listens on addr.
func (c *Config) reachedAt(addr string) string {
	if c.PublicURL != "" {
		return strings.TrimSuffix(c.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
