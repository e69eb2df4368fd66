package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/servertest"
)

func TestGateCheckAnswersByItsExitCode(t *testing.T) {
	s := servertest.Start(t)
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/new-checkout", `{"type": "boolean"}`)
	s.Must(t, http.StatusOK, http.MethodPatch, "/projects/default/flags/new-checkout/environments/production",
		`{"enabled": true, "availability": {"service": "checkout", "version": ">=2.3.0"}}`, "If-Match", "*")
	environment := map[string]string{"FLAGD_SERVER_URL": s.URL, "FLAGD_TOKEN": servertest.AdminToken}
	check := func(args ...string) (string, error) {
		return execute(t, environment, append([]string{"gate", "check", "--service", "checkout", "--environment", "production"}, args...)...)
	}

	out, err := check("--version", "2.3.0")
	require.NoError(t, err)
	require.Equal(t, "checkout 2.3.0 in production\n  safe to deploy:       yes\n  safe to roll back to: yes\n", out)
	_, err = check("--version", "2.2.0", "--for", "deploy")
	require.NoError(t, err)
	out, err = check("--version", "2.2.0")
	require.Equal(t, exitUnsafe, exitCode(err))
	require.Contains(t, out, "new-checkout (in the way of rollback): The flag is open where checkout >=2.3.0 runs")
	out, err = check("--version", "2.2.0", "--for", "rollback", "--json")
	require.Equal(t, exitUnsafe, exitCode(err))
	require.Contains(t, out, `"safeToRollBackTo":false`)
}

func TestGateCheckThatCannotAsk(t *testing.T) {
	s := servertest.Start(t)
	all := []string{"gate", "check", "--service", "checkout", "--version", "1.0.0", "--environment", "production",
		"--url", s.URL, "--token", servertest.AdminToken}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"a wrong token":  {[]string{"--token", "tg_wrong"}, exitUnreachable, "access token"},
		"a wrong place":  {[]string{"--environment", "nowhere"}, exitUnreachable, "environment default/nowhere"},
		"no server":      {[]string{"--url", "http://127.0.0.1:1", "--timeout", "1ms"}, exitUnreachable, "127.0.0.1:1"},
		"no address":     {[]string{"--url", "flags"}, exitUsage, "https://flags.example.com"},
		"no token":       {[]string{"--token", ""}, exitUsage, "--token (FLAGD_TOKEN)"},
		"no service":     {[]string{"--service", ""}, exitUsage, "--service (FLAGD_SERVICE)"},
		"no version":     {[]string{"--version", ""}, exitUsage, "--version (FLAGD_VERSION)"},
		"no environment": {[]string{"--environment", ""}, exitUsage, "--environment (FLAGD_ENVIRONMENT)"},
		"no such answer": {[]string{"--for", "luck"}, exitUsage, "deploy, rollback or both"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := execute(t, nil, append(append([]string{}, all...), c.args...)...)
			require.Error(t, err)
			require.Equal(t, c.code, exitCode(err), err)
			require.Contains(t, explain(err), c.says)
		})
	}
}
