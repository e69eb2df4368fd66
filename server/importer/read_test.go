package importer_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/importer"
)

// The golden files hold what is made of each sample. They are written anew with
//
//	go test ./server/importer -run TestSamples -update
var update = flag.Bool("update", false, "write testdata/*.golden anew")

// samples are files in the documented shape of each format.
func samples() map[string]importer.Source {
	return map[string]importer.Source{
		"flagd.json":            {Format: "flagd"},
		"launchdarkly.json":     {Format: "launchdarkly"},
		"launchdarkly-api.json": {Format: "launchdarkly", Environment: "production"},
		"unleash.json":          {Format: "unleash"},
		"flagsmith.json":        {Format: "flagsmith"},
		"growthbook.json":       {Format: "growthbook"},
		"goff.yaml":             {Format: "goff", Now: time.Date(2026, 1, 16, 17, 0, 0, 0, time.UTC)},
		"flipt.yaml":            {Format: "flipt"},
	}
}

func readSample(t testing.TB, name string) *importer.Plan {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	plan, err := importer.Read(file, samples()[name])
	require.NoError(t, err)
	return plan
}

func TestSamples(t *testing.T) {
	t.Parallel()
	for name := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := readSample(t, name)
			var b bytes.Buffer
			require.NoError(t, importer.Report(&b, plan, nil))
			for _, f := range plan.Flags {
				encoded, err := json.MarshalIndent(f, "", "  ")
				require.NoError(t, err)
				b.Write(append(encoded, '\n'))
			}
			for _, s := range plan.Segments {
				encoded, err := json.MarshalIndent(s, "", "  ")
				require.NoError(t, err)
				b.Write(append(encoded, '\n'))
			}
			path := filepath.Join("testdata", name+".golden")
			if *update {
				require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, strings.Split(string(want), "\n"), strings.Split(b.String(), "\n"))
		})
	}
}

// TestSamplesServe evaluates what was imported.
func TestSamplesServe(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file, flag string
		context    map[string]any
		variation  string
	}{
		{"flagd.json", "new-welcome-banner", map[string]any{"email": "a@faas.com"}, "on"},
		{"flagd.json", "new-welcome-banner", nil, "off"},
		{"flagd.json", "header-color", map[string]any{"country": "DE", "version": "2.1.0"}, "blue"},
		{"flagd.json", "header-color", map[string]any{"country": "FR", "version": "2.1.0"}, "red"},
		{"flagd.json", "evening", nil, "day"},
		{"flagd.json", "by-email", map[string]any{"email": "x"}, ""},
		{"flagd.json", "nothing", nil, ""},
		{"launchdarkly.json", "checkout", map[string]any{"targetingKey": "anna"}, "on"},
		{"launchdarkly.json", "checkout", map[string]any{"targetingKey": "x", "organization": map[string]any{"key": "acme"}}, "on"},
		{"launchdarkly.json", "checkout", map[string]any{"targetingKey": "carl"}, "on"},
		{"launchdarkly.json", "checkout", map[string]any{"targetingKey": "x", "app": map[string]any{"version": "1.9"}}, "off"},
		{"launchdarkly.json", "orphan", nil, "off"},
		{"launchdarkly-api.json", "colour", map[string]any{"plan": "free"}, "deep-blue"},
		{"launchdarkly-api.json", "colour", nil, "red"},
		{"unleash.json", "shop.checkout", map[string]any{"targetingKey": "ben"}, "on"},
		{"unleash.json", "shop.checkout", map[string]any{"targetingKey": "x", "age": 20, "appVersion": "2.0.1"}, "on"},
		{"unleash.json", "shop.checkout", map[string]any{"targetingKey": "x", "age": 20, "appVersion": "2.0.1", "country": "US"}, "off"},
		{"flagsmith.json", "dark_mode", map[string]any{"targetingKey": "x", "logins": 51}, "on"},
		{"flagsmith.json", "dark_mode", map[string]any{"logins": 51}, "off"},
		{"flagsmith.json", "staff_menu", map[string]any{"targetingKey": "ben"}, "on"},
		{"flagsmith.json", "dark_mode", nil, "off"},
		{"flagsmith.json", "limit", map[string]any{"targetingKey": "anna"}, "100"},
		{"flagsmith.json", "limit", map[string]any{"targetingKey": "x", "version": "2.1.0"}, "100"},
		{"flagsmith.json", "limit", nil, "10"},
		{"growthbook.json", "new-nav", map[string]any{"country": "FR"}, "on"},
		{"growthbook.json", "new-nav", map[string]any{"country": "FR", "plan": "free"}, "off"},
		{"growthbook.json", "new-nav", map[string]any{"targetingKey": "ben"}, "on"},
		{"goff.yaml", "new-admin", map[string]any{"targetingKey": "x", "email": "x@Example.com", "country": "ES"}, "enabled"},
		{"goff.yaml", "new-admin", map[string]any{"email": "x@example.com", "country": "ES"}, ""},
		{"goff.yaml", "new-admin", map[string]any{"targetingKey": "x", "email": "x@example.com", "country": "US", "age": 17}, ""},
		{"goff.yaml", "progress", map[string]any{"targetingKey": "anna"}, ""},
		{"flipt.yaml", "theme", map[string]any{"email": "x@example.com"}, "dark"},
		{"flipt.yaml", "theme", map[string]any{"targetingKey": "anna"}, "dark"},
		{"flipt.yaml", "theme", map[string]any{"targetingKey": "x", "age": 30}, "light"},
		{"flipt.yaml", "beta", map[string]any{"targetingKey": "anna"}, "on"},
	} {
		plan := readSample(t, test.file)
		snapshot, problems, err := evaluator.Compile(plan.Definition())
		require.NoError(t, err)
		require.Empty(t, problems)
		c := evaluator.MapContext(test.context)
		require.Equal(t, test.variation, snapshot.Evaluate(test.flag, &c).Variation, "%s %s %v", test.file, test.flag, test.context)
	}
}

func TestWhatIsNoExportIsRefused(t *testing.T) {
	t.Parallel()
	for _, format := range importer.Formats() {
		for _, file := range []string{"", "[]", "7", "{}", `{"flags": 7, "features": 7, "feature_states": 7}`, "a: [", "\x00", `{"features": {"x": 7}, "flags": {"x": 7}}`} {
			_, err := importer.Read([]byte(file), importer.Source{Format: format})
			require.ErrorIs(t, err, importer.ErrFormat, "%s: %s", format, file)
		}
	}
	for _, format := range []string{"flagd", "launchdarkly"} {
		_, err := importer.Read([]byte(`{"flags": {}}`), importer.Source{Format: format, Environment: "production"})
		require.ErrorContains(t, err, "has one environment")
	}
	_, err := importer.Read([]byte("{}"), importer.Source{Format: "excel"})
	require.ErrorContains(t, err, `there is no format "excel"`)
	file, err := os.ReadFile("testdata/launchdarkly-api.json")
	require.NoError(t, err)
	_, err = importer.Read(file, importer.Source{Format: "launchdarkly"})
	require.ErrorContains(t, err, "several environments or none; name one with --source-environment: production, test")
	_, err = importer.Read(file, importer.Source{Format: "launchdarkly", Environment: "prod"})
	require.ErrorContains(t, err, `no environment "prod"; name another with --source-environment: production, test`)
}

// TestUnleashEnvironments: an environment that is misspelt must not turn every flag off.
func TestUnleashEnvironments(t *testing.T) {
	t.Parallel()
	file := []byte(`{"features": [{"name": "a"}, {"name": "b"}], "featureEnvironments": [
		{"featureName": "a", "environment": "prod", "enabled": true}, {"featureName": "a", "environment": "dev", "enabled": false},
		{"featureName": "b", "environment": "dev", "enabled": true}]}`)
	read := func(environment string) (*importer.Plan, error) {
		return importer.Read(file, importer.Source{Format: "unleash", Environment: environment})
	}
	_, err := read("production")
	require.ErrorContains(t, err, `no environment "production"; name another with --source-environment: dev, prod`)
	_, err = read("")
	require.ErrorContains(t, err, `feature "a" has several environments; name one with --source-environment: dev, prod`)
	plan, err := read("prod")
	require.NoError(t, err)
	require.True(t, plan.Flags[0].Config.Enabled)
	require.False(t, plan.Flags[1].Config.Enabled)
	require.Contains(t, plan.Losses[0].Message, `whether "b" is enabled`)
	require.Equal(t, "on", plan.Flags[0].Config.Fallthrough.Variation, "without a strategy, it is on for everybody")
}

// TestWhatIsNegatedAsAWhole: GrowthBook's negation lets in contexts without the attribute, and so does what is
// imported.
func TestWhatIsNegatedAsAWhole(t *testing.T) {
	t.Parallel()
	for _, condition := range []string{`{"$not": {"plan": "free"}}`, `{"$nor": [{"plan": "free"}, {"plan": "trial"}]}`} {
		plan, err := importer.Read([]byte(`{"features": {"f": {"defaultValue": false, "rules": [{"condition": `+condition+`, "force": true}]}}}`),
			importer.Source{Format: "growthbook"})
		require.NoError(t, err)
		require.Empty(t, plan.Losses)
		snapshot, _, err := evaluator.Compile(plan.Definition())
		require.NoError(t, err)
		for _, context := range []map[string]any{nil, {"plan": "pro"}, {"plan": []any{"free", "pro"}}} {
			c := evaluator.MapContext(context)
			require.Equal(t, "on", snapshot.Evaluate("f", &c).Variation, "%s %v", condition, context)
		}
		c := evaluator.MapContext(map[string]any{"plan": "free"})
		require.Equal(t, "off", snapshot.Evaluate("f", &c).Variation)
	}
}

func TestWrongTypesAreNamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ format, file, says string }{
		{"launchdarkly", `"text"`, "its top: must be an object, not string"},
		{"launchdarkly", `{"flags": {"a/b": {"on": "yes"}}}`, `/flags/a~1b: "on" must be a boolean, not string`},
		{"unleash", `{"features": {}}`, `its top: "features" must be an array, not object`},
		{"growthbook", `{"features": {"x": {"rules": [{"coverage": "half"}]}}}`, `/features/x: "coverage" must be a number, not string`},
		{"flagd", `{"flags": {"x": {"state": 1}}}`, `/flags/x: "state" must be a string, not number`},
	} {
		_, err := importer.Read([]byte(test.file), importer.Source{Format: test.format})
		require.ErrorIs(t, err, importer.ErrFormat)
		require.ErrorContains(t, err, test.says)
	}
}

// FuzzRead reads whatever there is in every format: nothing may panic, and what comes out compiles.
func FuzzRead(f *testing.F) {
	for name := range samples() {
		file, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, format := range importer.Formats() {
			plan, err := importer.Read(file, importer.Source{Format: format})
			if err != nil {
				continue
			}
			_, problems, err := evaluator.Compile(plan.Definition())
			require.NoError(t, err)
			require.Empty(t, problems)
			require.NoError(t, importer.Report(&bytes.Buffer{}, plan, nil))
		}
	})
}
