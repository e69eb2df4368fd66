// Package server is the daemon. It puts together everything that listens, and runs it from start to stop.
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

// minBootstrapToken is the least length of a preset admin token, because shorter ones can be guessed.
const minBootstrapToken = 20

// maxEvaluationLimit is more than a replica can answer. A higher limit would have no effect.
const maxEvaluationLimit = 1_000_000

// Config are the settings of a Server.
type Config struct {
	// Addr is the address to listen on, "127.0.0.1:8080" for instance; port 0 chooses a free one.
	Addr string
	// PublicURL is the address in links, by which people and applications reach the server. It is http:// and Addr
	// unless set.
	PublicURL string
	// DataDir, unless empty, is the folder of the last good definitions. With them, the server can start without a
	// database.
	DataDir string
	// BootstrapAdminToken presets an access token of the role admin; empty means none.
	BootstrapAdminToken string
	// GitHub says how GitHub's webhooks are verified and read. Without a secret, /hooks/github is off.
	GitHub hooks.GitHub
	// DrainGrace is how long the server continues to serve after /readyz says that it will stop.
	DrainGrace time.Duration
	// EvaluationLimit is how many OFREP requests each SDK key may make in a second, on each replica. 0 means no
	// limit.
	EvaluationLimit int
	// Flagd serves the protocols of OpenFeature's flagd.
	Flagd FlagdProtocols
	// PrometheusURL is the Prometheus that evaluates the queries of guards. Without it, guards with queries are
	// refused.
	PrometheusURL string
	// GuardHosts are the hosts that web guards may ask, each "host" or "host:port". Without any, web guards are
	// refused.
	GuardHosts []string
	// Welcome is where the server writes its address and how to sign in. If it is nil, nothing is written.
	Welcome io.Writer
	// Version is the version of the program, for metrics and for the account menu of the web app.
	Version string
	// Tracing makes spans; nil makes none. The caller who made it must shut it down.
	Tracing *observe.Tracing
	Log     *slog.Logger
	// Now is the clock.
	Now func() time.Time
}

// Backend is where a Server keeps its data. The caller who opened it closes it, after Run has returned.
type Backend struct {
	Store store.Store
	// Bus is the bus that Store announces on.
	Bus store.Bus
	// Cache, Directory and Instances may be nil.
	Cache     store.SnapshotCache
	Directory store.DirectoryCache
	Instances store.InstanceCache
	// RateLimits may be nil. Then each replica limits by itself.
	RateLimits store.RateLimits
}

// SettingError is a setting that cannot work. Setting is its name as a command line flag.
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

// URL is the address of the server, as far as the settings say. With port 0, only the running server knows its port.
func (c *Config) URL() string { return c.reachedAt(c.Addr) }

// LocalURL is the address of the server on its own machine.
func (c *Config) LocalURL() string {
	local := Config{}
	return local.reachedAt(c.Addr)
}

// reachedAt is the origin for links if the server listens on addr.
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
