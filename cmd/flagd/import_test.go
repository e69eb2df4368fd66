package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/servertest"
)

const flagdSample = `{"flags": {
	"banner": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off", "metadata": {"owner": "web"},
		"targeting": {"if": [{"ends_with": [{"var": "email"}, "@example.com"]}, "on"]}},
	"evening": {"state": "ENABLED", "variants": {"day": "d", "night": "n"}, "defaultVariant": "day",
		"targeting": {"if": [{">": [{"var": "hour"}, 18]}, "night"]}}}}`

// sampleFile writes the sample where the command can read it.
func sampleFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flags.json")
	require.NoError(t, os.WriteFile(path, []byte(flagdSample), 0o600))
	return path
}

func TestImportReportsWithoutAServer(t *testing.T) {
	out, err := execute(t, nil, "import", "--from", "flagd", "--dry-run", sampleFile(t))
	require.NoError(t, err)
	assert.Contains(t, out, "2 flags and 0 segments.")
	assert.Contains(t, out, "/flags/banner/metadata/owner: metadata other than a description is not kept")
}

func TestImportReportsToPrograms(t *testing.T) {
	out, err := execute(t, nil, "import", "--from", "flagd", "--dry-run", "--report", "json", sampleFile(t))
	require.NoError(t, err)
	var report struct {
		NothingLost bool
		Losses      []struct{ Path, Flag, Effect string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	assert.False(t, report.NothingLost)
	require.Len(t, report.Losses, 1)
	assert.Equal(t, "/flags/banner/metadata/owner", report.Losses[0].Path)
	assert.Equal(t, "banner", report.Losses[0].Flag)
	assert.Equal(t, "dropped", report.Losses[0].Effect)

	_, err = execute(t, nil, "import", "--from", "flagd", "--dry-run", "--report", "xml", sampleFile(t))
	require.ErrorContains(t, err, "--report is text or json")
}

func TestImportAsksBeforeItWrites(t *testing.T) {
	s := servertest.Start(t)
	environment := map[string]string{"FLAGD_SERVER_URL": s.URL, "FLAGD_TOKEN": servertest.AdminToken, "FLAGD_ENVIRONMENT": "staging"}
	for _, answer := range []string{"", "n\n", "perhaps\n"} {
		out, err := executeWith(t, strings.NewReader(answer), environment, "import", "--from", "flagd", sampleFile(t))
		require.NoError(t, err)
		assert.Contains(t, out, "create flag banner")
		assert.Contains(t, out, "Write this to default/staging at "+s.URL+"? [y/N] Nothing was written.")
		s.Must(t, http.StatusNotFound, http.MethodGet, "/projects/default/flags/banner", nil)
	}
	out, err := executeWith(t, strings.NewReader("y\n"), environment, "import", "--from", "flagd", sampleFile(t))
	require.NoError(t, err)
	assert.Contains(t, out, "Done.")
	banner := s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/flags/banner/environments/staging", nil)
	assert.Contains(t, string(banner.Body), `"targeting":{"if":[{"ends_with":[{"var":"email"},"@example.com"]},"on"]}`)
	evening := s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/flags/evening/environments/staging", nil)
	changes := s.Must(t, http.StatusOK, http.MethodGet, "/projects/default/environments/staging/changes", nil)
	assert.Contains(t, string(changes.Body), `"reason":"Imported from flagd"`)
	assert.Contains(t, string(evening.Body), `"targeting":{"if":[{">":[{"var":"hour"},18]},"night"]}`)

	out, err = executeWith(t, strings.NewReader(flagdSample), environment, "import", "--from", "flagd", "--yes", "-")
	require.NoError(t, err)
	assert.Contains(t, out, "keep flag banner, which is the same already")
}

func TestImportSaysWhatIsWrong(t *testing.T) {
	file := sampleFile(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--dry-run", file}, "--from (FLAGD_FROM) is needed: one of flagd, launchdarkly"},
		{[]string{"--from", "flagd"}, "name one file"},
		{[]string{"--from", "excel", "--dry-run", file}, `there is no format "excel"`},
		{[]string{"--from", "unleash", "--dry-run", file}, "it has no features"},
		{[]string{"--from", "flagd", file}, "--environment (FLAGD_ENVIRONMENT) is needed"},
		{[]string{"--from", "flagd", "--environment", "staging", file}, "FLAGD_SERVER_URL"},
		{[]string{"--from", "flagd", "--dry-run", file + "x"}, "no such file"},
	} {
		_, err := execute(t, nil, append([]string{"import"}, c.args...)...)
		assert.ErrorContains(t, err, c.want, "%v", c.args)
	}
}
