package importer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/importer"
)

// TestFliptCases holds the table of docs/migrating.md.
func TestFliptCases(t *testing.T) {
	t.Parallel()
	const flags = `"flags": [{"key": "f", "type": "BOOLEAN_FLAG_TYPE", "enabled": false, "rollouts": [{"segment": {"key": "s", "value": true}}]}]`
	flag := func(constraint string) string {
		return `{"version": "1.4", ` + flags + `, "segments": [{"key": "s", "match_type": "ALL_MATCH_TYPE", "constraints": [` + constraint + `]}]}`
	}
	text := func(members string) string {
		return flag(`{"type": "STRING_COMPARISON_TYPE", "property": "a", ` + members + `}`)
	}
	number := func(members string) string {
		return flag(`{"type": "NUMBER_COMPARISON_TYPE", "property": "a", ` + members + `}`)
	}
	const segment = "/flags/0/rollouts/0/segment"
	checkDocumented(t, importer.Source{Format: "flipt"}, []importCase{
		{"a number is its text", text(`"operator": "isoneof", "value": "[\"1\", \"2\"]"`), "f", with("a", 1.0), "true", ""},
		{"a boolean is its text", text(`"operator": "eq", "value": "true"`), "f", with("a", true), "true", ""},
		{"numbers as text in a list of numbers", number(`"operator": "isoneof", "value": "[1, 2]"`), "f", with("a", "2"), "true", segment},
		{"a number as text", number(`"operator": "gte", "value": "18"`), "f", with("a", "20"), "true", segment},
		{"no number makes it fail", number(`"operator": "gte", "value": "18"`), "f", with("a", "x"), "", segment},
		{"a fraction is none to Flipt's clients", number(`"operator": "gte", "value": "18"`), "f", with("a", 20.5), "", segment},
		{"a space is empty to Flipt's server", text(`"operator": "empty"`), "f", with("a", " "), "", segment},
		{"what is missing is empty", text(`"operator": "empty"`), "f", with("b", 1.0), "true", segment},
		{"what is missing is not other than a text", text(`"operator": "neq", "value": "x"`), "f", with("b", 1.0), "false", ""},
		{"lists are no texts", text(`"operator": "eq", "value": "x"`), "f", with("a", list(t, `["x"]`)), "false", ""},
		{"times", flag(`{"type": "DATETIME_COMPARISON_TYPE", "property": "a", "operator": "lt", "value": "2026-01-01T00:00:00Z"}`),
			"f", with("a", "2025-01-01T00:00:00Z"), "", segment},
		{"an unknown operator", text(`"operator": "matches", "value": "x"`), "f", with("a", "x"), "", segment},
		{"an unknown type", flag(`{"type": "IP_COMPARISON_TYPE", "property": "a", "operator": "eq", "value": "x"}`), "f", with("a", "x"), "", segment},
		{"a segment that is missing", `{"version": "1.4", ` + flags + `}`, "f", with("a", "x"), "", segment},
		{"two documents of one namespace", `{"version": "1.4", ` + flags + `}` + `{"segments": [{"key": "s", "match_type": "ANY_MATCH_TYPE", "constraints": []}]}`,
			"f", with("a", "x"), "true", ""},
		{"an attachment", `{"flags": [{"key": "f", "enabled": true, "variants": [{"key": "v", "default": true, "attachment": {"x": 1}}]}]}`,
			"f", with("a", "x"), `"v"`, "/flags/0/variants/0/attachment"},
		{"no variant for whom no rule matches", `{"flags": [{"key": "f", "enabled": true, "variants": [{"key": "v"}]}]}`, "f", with("a", "x"), "", ""},
		{"shares of less than 100 %", `{"flags": [{"key": "f", "enabled": true, "variants": [{"key": "v"}], "rules": [{"segment": {"key": "s"},
			"distributions": [{"variant": "v", "rollout": 0}]}]}], "segments": [{"key": "s", "match_type": "ALL_MATCH_TYPE"}]}`, "f", with("a", "x"), "", "/flags/0/rules/0/distributions"},
		{"whom a threshold leaves over", `{"flags": [{"key": "f", "type": "BOOLEAN_FLAG_TYPE", "enabled": true,
			"rollouts": [{"threshold": {"percentage": 0, "value": false}}]}]}`, "f", with("a", "x"), "true", ""},
		{"a version to come", `{"version": "9.0", "flags": [{"key": "f", "type": "BOOLEAN_FLAG_TYPE", "enabled": false}]}`, "f", with("a", "x"), "false", ""},
	})
}

func TestFliptNamespaces(t *testing.T) {
	t.Parallel()
	file := []byte("namespace: one\nflags: [{key: f, type: BOOLEAN_FLAG_TYPE}]\n---\nnamespace: {key: two, name: Two}\nflags: [{key: g, type: BOOLEAN_FLAG_TYPE, new: 1}]\n")
	_, err := importer.Read(file, importer.Source{Format: "flipt"})
	require.ErrorContains(t, err, "several namespaces; name one with --source-environment: one, two")
	_, err = importer.Read(file, importer.Source{Format: "flipt", Environment: "three"})
	require.ErrorContains(t, err, `no namespace "three"`)
	plan, err := importer.Read(file, importer.Source{Format: "flipt", Environment: "two"})
	require.NoError(t, err)
	require.Len(t, plan.Flags, 1)
	require.Equal(t, "g", plan.Flags[0].Key)
	require.Equal(t, "/1/flags/0/new", plan.Losses[0].Path)
}
