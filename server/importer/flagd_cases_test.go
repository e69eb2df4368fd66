package importer_test

import (
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

// TestFlagdCases holds the table of docs/migrating.md.
func TestFlagdCases(t *testing.T) {
	t.Parallel()
	flag := func(condition string) string {
		return `{"flags": {"f": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off",
			"targeting": {"if": [` + condition + `, "on", "off"]}}}}`
	}
	checkDocumented(t, importer.Source{Format: "flagd"}, []importCase{
		{"a number equals its text", flag(`{"==": [{"var": "n"}, "1"]}`), "f", with("n", 1.0), "true", ""},
		{"a list has no text", flag(`{"==": [{"var": "n"}, "a"]}`), "f", with("n", list(t, `["a"]`)), "", ""},
		{"a list is not in a list", flag(`{"in": [{"var": "n"}, ["a", "b"]]}`), "f", with("n", list(t, `["a"]`)), "false", ""},
		{"a list does not start", flag(`{"starts_with": [{"var": "n"}, "a"]}`), "f", with("n", list(t, `["ab"]`)), "false", ""},
		{"a list is not identical", flag(`{"===": [{"var": "n"}, "a"]}`), "f", with("n", list(t, `["a"]`)), "false", ""},
		{"a capital V", flag(`{"sem_ver": [{"var": "n"}, "=", "1.0.0"]}`), "f", with("n", "V1.0.0"), "true", ""},
		{"a version as a number", flag(`{"sem_ver": [{"var": "n"}, "=", "1.2.0"]}`), "f", with("n", 1.2), "true", ""},
		{"a version with spaces", flag(`{"sem_ver": [{"var": "n"}, "=", "1.0.0"]}`), "f", with("n", " 1.0.0"), "true", ""},
		{"a split keeps its buckets", `{"flags": {"f": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off",
			"targeting": {"fractional": [["on", 100], ["off", 0]]}}}}`, "f", with("n", 1.0), "true", ""},
		{"a disabled flag leaves it to the code", `{"flags": {"f": {"state": "DISABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on"}}}`,
			"f", nil, "", ""},
		{"an unknown state", `{"flags": {"f": {"state": "PAUSED", "variants": {"on": true, "off": false}, "defaultVariant": "on"}}}`,
			"f", nil, "", "/flags/f/state"},
		{"an unknown operator", flag(`{"soundsLike": [{"var": "n"}, "a"]}`), "f", with("n", "a"), "", "/flags/f"},
		{"variants of several types", `{"flags": {"f": {"state": "ENABLED", "variants": {"on": true, "off": "b"}, "defaultVariant": "on"}}}`,
			"f", nil, "", "/flags/f/variants"},
	})
}
