package importer_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tidegate-io/tidegate/server/importer"
)

// closedWorlds are the samples whose formats list what they understand, each with the places where anything may
// stand: values and expressions, and objects whose members are named by people.
func closedWorlds() map[string]string {
	return map[string]string{
		"flagd.json":            `^/flags$|^/\$evaluators|/(variants|metadata|targeting)(/|$)`,
		"launchdarkly.json":     `^/(flags|segments)$|/variations$`,
		"launchdarkly-api.json": `/environments$|/environments/test|^/items/1/`,
		"goff.yaml":             `^$|/(variations|percentage|metadata)$`,
		"unleash.json":          `/parameters$`,
		"growthbook.json":       `^/(features|savedGroups)$|/condition(/|$)`,
		"flagsmith.json":        `^/project/organisation`,
		"flipt.yaml":            `/attachment$`,
	}
}

// TestWhatIsNotKnownIsReported adds a member to every object of the samples, one at a time. It is reported at its
// place, and the flag that it stands in is closed.
func TestWhatIsNotKnownIsReported(t *testing.T) {
	t.Parallel()
	for name, open := range closedWorlds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := os.ReadFile(filepath.Join("testdata", name))
			require.NoError(t, err)
			var document any
			require.NoError(t, yaml.Unmarshal(file, &document))
			tried := 0
			eachObject(document, "", func(path string, object map[string]any) {
				if regexp.MustCompile(open).MatchString(path) {
					return
				}
				tried++
				object["addedTomorrow"] = true
				plan, err := importer.Read(encode(t, document), samples()[name])
				delete(object, "addedTomorrow")
				require.NoError(t, err, path)
				require.True(t, slices.ContainsFunc(plan.Losses, func(l importer.Loss) bool {
					return l.Path == path+"/addedTomorrow" && l.Effect == importer.EffectUnknown
				}), path)
				requireClosedAbove(t, plan, path)
			})
			require.Greater(t, tried, 3)
		})
	}
}

// requireClosedAbove demands that the flag or segment in which path lies is off or missing.
func requireClosedAbove(t *testing.T, plan *importer.Plan, path string) {
	t.Helper()
	var report struct {
		Flags, Segments []struct{ Key, Path string }
	}
	var b bytes.Buffer
	require.NoError(t, importer.ReportJSON(&b, plan, nil))
	require.NoError(t, json.Unmarshal(b.Bytes(), &report))
	for _, f := range report.Flags {
		if strings.HasPrefix(path+"/", f.Path+"/") {
			require.False(t, flagIn(plan, f.Key).Config.Enabled, path)
		}
	}
	for _, s := range report.Segments {
		require.False(t, strings.HasPrefix(path+"/", s.Path+"/"), path)
	}
}

func eachObject(v any, path string, do func(path string, object map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		do(path, v)
		for name, member := range v {
			eachObject(member, path+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), do)
		}
	case []any:
		for i := range v {
			eachObject(v[i], path+"/"+strconv.Itoa(i), do)
		}
	}
}

func TestFilesAreReadToTheirEnd(t *testing.T) {
	t.Parallel()
	const flagd = `{"flags": {"f": {"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on"}}}`
	for _, test := range []struct{ format, file, says string }{
		{"flagd", flagd + flagd, "it has 2 documents"},
		{"flagd", flagd + "\n---\n" + flagd, "it has 2 documents"},
		{"goff", "a: {variations: {x: 1}, defaultRule: {variation: x}}\n---\nb: {variations: {x: 1}, defaultRule: {variation: x}}", "it has 2 documents"},
		{"launchdarkly", `{"flags": {}}{"flags": {}}`, "it has 2 documents"},
		{"flagd", `{"flags": {"f": {"state": "ENABLED", "state": "DISABLED"}}}`, `"/flags/f"`},
		{"flagd", "flags:\n  f: {state: ENABLED}\n  f: {state: DISABLED}", `mapping key "f" already defined`},
		{"goff", "1.0: {variations: {x: 1}}\n\"1\": {variations: {x: 1}}", `its top has the member "1" twice`},
		{"flagd", flagd + "}", "neither JSON"},
	} {
		_, err := importer.Read([]byte(test.file), importer.Source{Format: test.format})
		require.ErrorIs(t, err, importer.ErrFormat, test.file)
		require.ErrorContains(t, err, test.says)
	}
}

func TestAFlagWithTwoEmptyVariationsIsLeftOut(t *testing.T) {
	t.Parallel()
	flag := func(key, a, b string) string {
		return `"` + key + `": {"state": "ENABLED", "variants": {"a": ` + a + `, "b": ` + b + `}, "defaultVariant": "a"}`
	}
	file := `{"flags": {` + flag("one", `""`, `"b"`) + "," + flag("texts", `""`, `""`) + "," + flag("objects", "{}", "{ }") + "}}"
	plan, err := importer.Read([]byte(file), importer.Source{Format: "flagd"})
	require.NoError(t, err)
	require.Len(t, plan.Flags, 1)
	require.Equal(t, "one", plan.Flags[0].Key)
	var said []string
	for _, loss := range plan.Losses {
		said = append(said, loss.Message)
	}
	require.Contains(t, said, `flag "texts" is left out: 2 variations are empty, and nobody could tell them apart; give each a value`)
	require.Contains(t, said, `flag "objects" is left out: 2 variations are empty, and nobody could tell them apart; give each a value`)
}

func TestPagesThatAreMissingAreReported(t *testing.T) {
	t.Parallel()
	page := func(key, rest string) string {
		return `{"items": [{"key": "` + key + `", "variations": [{"_id": "a", "value": true}, {"_id": "b", "value": false}],
			"environments": {"production": {"on": true, "offVariation": 1, "fallthrough": {"variation": 0}}}}]` + rest + `}`
	}
	const next = `, "_links": {"next": {"href": "/api/v2/flags/default?offset=1"}}`
	for _, test := range []struct{ file, path string }{
		{page("a", `, "totalCount": 2`), "/totalCount"},
		{page("a", next), "/_links/next"},
		{page("a", next+`, "totalCount": 2`) + page("b", `, "totalCount": 2`), ""},
		{page("a", next) + page("b", ""), ""},
		{page("a", next+`, "totalCount": 3`) + page("b", `, "totalCount": 3`+next), "/1/totalCount"},
		{page("a", "") + page("a", ""), "/0/items/0"},
	} {
		plan, err := importer.Read([]byte(test.file), importer.Source{Format: "launchdarkly"})
		require.NoError(t, err)
		if test.path == "" {
			require.Empty(t, plan.Losses)
			require.Len(t, plan.Flags, 2)
			continue
		}
		require.NotEmpty(t, plan.Losses, test.file)
		require.Equal(t, test.path, plan.Losses[0].Path)
	}
}

// TestReportForPrograms reads the report as a program does.
func TestReportForPrograms(t *testing.T) {
	t.Parallel()
	report := func(file string) map[string]any {
		plan, err := importer.Read([]byte(file), importer.Source{Format: "flagd"})
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, importer.ReportJSON(&b, plan, nil))
		var got map[string]any
		require.NoError(t, json.Unmarshal(b.Bytes(), &got))
		return got
	}
	const flag = `"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on"`
	got := report(`{"flags": {"f": {` + flag + `}}}`)
	require.Equal(t, true, got["nothingLost"])
	require.Equal(t, "Nothing is lost.", got["summary"])
	require.Equal(t, []any{map[string]any{"key": "f", "path": "/flags/f"}}, got["flags"])

	got = report(`{"flags": {"f": {` + flag + `, "metadata": {"team": "web"}}}}`)
	require.Equal(t, false, got["nothingLost"])
	require.Equal(t, "The flags serve the same. What is not kept (1), by its place in the file:", got["summary"])

	got = report(`{"flags": {"f": {` + flag + `, "audience": "staff"}}}`)
	require.Equal(t, false, got["nothingLost"])
	require.Equal(t, []any{
		map[string]any{"path": "/flags/f/audience", "flag": "f", "effect": "unknown", "message": `the import does not know the field "audience"`},
		map[string]any{"path": "/flags/f", "flag": "f", "effect": "closed",
			"message": "the flag has parts that the import does not know; the flag is imported as off"},
	}, got["losses"])
}
