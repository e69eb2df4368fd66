package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// execute runs a command line in an environment.
func execute(t *testing.T, environment map[string]string, args ...string) (stdout string, err error) {
	t.Helper()
	return executeWith(t, bytes.NewReader(nil), environment, args...)
}

// executeWith is execute with a standard input.
func executeWith(t *testing.T, stdin io.Reader, environment map[string]string, args ...string) (stdout string, err error) {
	t.Helper()
	root := newRootCommand(func(name string) string { return environment[name] })
	var out bytes.Buffer
	root.SetIn(stdin)
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetArgs(args)
	err = root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestSettingsThatCannotWorkNameFlagAndVariable(t *testing.T) {
	for _, c := range []struct {
		name        string
		environment map[string]string
		args        []string
		explained   string
	}{
		{"flag", nil, []string{"--addr", "nowhere"}, "--addr (FLAGD_ADDR) must be host:port"},
		{"variable", map[string]string{"FLAGD_ADDR": "nowhere"}, nil, "--addr (FLAGD_ADDR) must be host:port"},
		{"variable of the wrong type", map[string]string{"FLAGD_DRAIN_GRACE": "soon"}, nil, "--drain-grace (FLAGD_DRAIN_GRACE)"},
		{"level", nil, []string{"--log-level", "loud"}, "debug, info, warn or error"},
		{"format", nil, []string{"--log-format", "xml"}, "text or json"},
		{"token", map[string]string{"FLAGD_BOOTSTRAP_ADMIN_TOKEN": "short"}, nil, "at least 20 characters"},
		{"public url", nil, []string{"serve", "--public-url", "flags"}, "https://flags.example.com"},
		{"flagd address", nil, []string{"--flagd-addr", "8013"}, "--flagd-addr (FLAGD_FLAGD_ADDR) must be host:port"},
		{"certificate without its key", nil, []string{"--flagd-addr", ":0", "--flagd-tls-cert", "cert.pem"}, "--flagd-tls-cert (FLAGD_FLAGD_TLS_CERT) and flagd-tls-key go together"},
		{"certificate that is missing", nil, []string{"--flagd-sync-addr", ":0", "--flagd-tls-cert", "no.pem", "--flagd-tls-key", "no.pem"}, "cannot be used"},
		{"export format", nil, []string{"export", "--format", "yaml"}, "--format must be flagd"},
		{"export database", nil, []string{"export"}, "is --data-dir (FLAGD_DATA_DIR) the server's?"},
		{"redis", nil, []string{"--redis-url", "http://x"}, "--redis-url (FLAGD_REDIS_URL)"},
		{"database", nil, []string{"--database-url", "nonsense"}, "--database-url (FLAGD_DATABASE_URL)"},
		{"unknown flag", nil, []string{"--port", "1"}, "unknown flag: --port"},
		{"unknown command", nil, []string{"start"}, `there is no command "start"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.args == nil {
				c.args = []string{}
			}
			_, err := execute(t, c.environment, append(c.args, "--data-dir", t.TempDir())...)
			require.Error(t, err)
			assert.Contains(t, explain(err), c.explained)
			assert.Equal(t, exitUsage, exitCode(err))
		})
	}
}

func TestAddressInUseSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, err = execute(t, nil, "--addr", taken.Addr().String(), "--data-dir", t.TempDir())
	assert.Contains(t, explain(err), "--addr or FLAGD_ADDR")
	assert.Equal(t, exitFailure, exitCode(err))
	_, err = execute(t, nil, "--addr", "127.0.0.1:0", "--flagd-sync-addr", taken.Addr().String(), "--data-dir", t.TempDir())
	assert.Contains(t, explain(err), "--flagd-sync-addr or FLAGD_FLAGD_SYNC_ADDR")
}

func TestSignInLink(t *testing.T) {
	dir := t.TempDir()
	link, err := execute(t, map[string]string{"FLAGD_PUBLIC_URL": "https://flags.example.com/"}, "sign-in-link", "--data-dir", dir)
	require.NoError(t, err)
	assert.Regexp(t, `^https://flags\.example\.com/sign-in\?token=link_\S+\n$`, link)
	assert.FileExists(t, filepath.Join(dir, sqliteFile))
}

func TestFlagWinsOverVariable(t *testing.T) {
	environment := map[string]string{"FLAGD_ADDR": "127.0.0.1:1", "FLAGD_GITHUB_SERVICES": "shop/web=storefront"}
	var s settings
	flags := pflag.NewFlagSet("flagd", pflag.ContinueOnError)
	s.bind(flags)
	require.NoError(t, flags.Parse([]string{"--addr", "127.0.0.1:2"}))
	require.NoError(t, fromEnvironment(flags, func(name string) string { return environment[name] }))
	assert.Equal(t, "127.0.0.1:2", s.addr)
	assert.Equal(t, map[string]string{"shop/web": "storefront"}, s.githubServices)
}

func TestOtherErrorsAreFailures(t *testing.T) {
	assert.Equal(t, exitFailure, exitCode(errors.New("disk is full")))
	assert.Equal(t, "disk is full", explain(errors.New("disk is full")))
}
