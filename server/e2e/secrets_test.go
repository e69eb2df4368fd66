package e2e_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// runningTime ends the commands that would serve.
const runningTime = 2 * time.Second

// planted is a password that no output may hold.
const planted = "Planted5ecret"

// addresses hold the planted password in each possible way. Some of them can be parsed, some cannot.
var addresses = []string{
	"http://user:" + planted + "@127.0.0.1:1", "http://user:" + planted + "@127.0.0.1:1/%zz", "ftp://user:" + planted + "@x", "http://user:" + planted + "@ho st/",
	"http://user:" + planted + "@[::1", "postgres://user:" + planted + "@127.0.0.1:1/x?connect_timeout=1", "redis://:" + planted + "@127.0.0.1:1/%zz",
	"http://127.0.0.1:1/?token=" + planted, "user:" + planted + "@://x@y",
}

// commands are the commands that print something about their addresses. Each ends by itself.
var commands = [][]string{
	{"serve"}, {"doctor"}, {"sign-in-link"}, {"export", "--format", "flagd"}, {"migrate", "status"}, {"backup"},
	{"deploy", "--service", "s", "--version", "1.0.0", "--environment", "production", "--timeout", "1s"},
	{"kill", "f", "--environment", "production", "--timeout", "1s"}, {"release", "status", "f", "--environment", "production", "--timeout", "1s"},
	{"gate", "--timeout", "1s"}, {"version"},
}

// TestNoOutputHoldsASecret puts the password into every setting that may hold an address or a secret, for every
// command.
func TestNoOutputHoldsASecret(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{
		"FLAGD_SERVER_URL", "FLAGD_PUBLIC_URL", "FLAGD_DATABASE_URL", "FLAGD_LISTEN_DATABASE_URL", "FLAGD_REDIS_URL", "FLAGD_PROMETHEUS_URL",
		"FLAGD_ADDR", "FLAGD_FLAGD_ADDR", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "HTTPS_PROXY",
		"FLAGD_TOKEN", "FLAGD_BOOTSTRAP_ADMIN_TOKEN", "FLAGD_GITHUB_WEBHOOK_SECRET", "FLAGD_FLAGD_KEYS", "FLAGD_LOG_LEVEL",
	} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			for i, address := range addresses {
				ctx, stop := context.WithTimeout(t.Context(), runningTime)
				command := flagdtest.Command(ctx, flagdtest.Settings{DataDir: t.TempDir()}, commands[i%len(commands)]...)
				command.Env = append(command.Env, setting+"="+address)
				if setting != "FLAGD_ADDR" {
					command.Env = append(command.Env, "FLAGD_ADDR=127.0.0.1:0")
				}
				if setting != "FLAGD_SERVER_URL" {
					command.Env = append(command.Env, "FLAGD_SERVER_URL=http://127.0.0.1:1")
				}
				if setting != "FLAGD_TOKEN" {
					command.Env = append(command.Env, "FLAGD_TOKEN=tg_x")
				}
				output, _ := command.CombinedOutput() // most of them fail, which is what says so much
				stop()
				require.NotContains(t, string(output), planted, "%s %s with %s", setting, address, strings.Join(commands[i%len(commands)], " "))
			}
		})
	}
}
