package importer_test

import (
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

// TestLaunchDarklyCases holds the table of docs/migrating.md.
func TestLaunchDarklyCases(t *testing.T) {
	t.Parallel()
	const segments = `, "segments": {"s": {"key": "s", "rules": [{"id": "r", "clauses": [{"attribute": "a", "op": "in", "values": ["x"]}]}]},
		"listed": {"key": "listed", "excludedContexts": [{"contextKind": "org", "values": ["acme"]}], "rules": [{"id": "r", "clauses": []}]},
		"big": {"key": "big", "unbounded": true}, "odd": {"key": "odd", "sharedWith": "staff"}}}`
	file := func(members string) string {
		return `{"flags": {"f": {"key": "f", "on": true, "variations": [true, false], "offVariation": 1, "fallthrough": {"variation": 1}, ` + members + `}}` + segments
	}
	rule := func(clause string) string {
		return file(`"rules": [{"id": "r", "variation": 0, "clauses": [` + clause + `]}]`)
	}
	org := func(members map[string]any) map[string]any { return with("org", members) }
	const clause = "/flags/f/rules/0/clauses/0"
	checkDocumented(t, importer.Source{Format: "launchdarkly"}, []importCase{
		{"not in a segment that looks at what is missing", rule(`{"op": "segmentMatch", "values": ["s"], "negate": true}`), "f", with("b", 1.0), "true", ""},
		{"in a segment", rule(`{"op": "segmentMatch", "values": ["s"]}`), "f", with("a", "x"), "true", ""},
		{"excluded contexts", rule(`{"op": "segmentMatch", "values": ["listed"]}`), "f", org(map[string]any{"key": "acme"}), "false", ""},
		{"big segments", rule(`{"op": "segmentMatch", "values": ["big"], "negate": true}`), "f", with("a", "x"), "false", clause + "/values/0"},
		{"segments with something new", rule(`{"op": "segmentMatch", "values": ["odd"], "negate": true}`), "f", with("a", "x"), "false", clause + "/values/0"},
		{"not in a list, of another type", rule(`{"attribute": "a", "op": "in", "values": ["x"], "negate": true}`), "f", with("a", 1.0), "true", ""},
		{"not in a list, missing", rule(`{"attribute": "a", "op": "in", "values": ["x"], "negate": true}`), "f", with("b", 1.0), "false", ""},
		{"split by another kind", file(`"rules": [{"id": "r", "clauses": [], "rollout": {"contextKind": "org", "bucketBy": "key",
			"variations": [{"variation": 0, "weight": 100000}]}}]`), "f", with("b", 1.0), "true", ""},
		{"the attribute kind", rule(`{"attribute": "kind", "op": "in", "values": ["org"]}`), "f", org(map[string]any{"key": "acme"}), "true", ""},
		{"the attribute anonymous", rule(`{"attribute": "anonymous", "op": "in", "values": [false]}`), "f", with("b", 1.0), "true", ""},
		{"an escaped reference", rule(`{"contextKind": "user", "attribute": "/a~1b", "op": "in", "values": ["x"]}`), "f", with("a/b", "x"), "true", ""},
		{"a name with a dot", rule(`{"attribute": "service.name", "op": "in", "values": ["x"]}`), "f", with("service.name", "x"), "true", ""},
		{"a name with a dot is no path", rule(`{"attribute": "service.name", "op": "in", "values": ["x"]}`), "f",
			with("service", map[string]any{"name": "x"}), "false", ""},
		{"a malformed reference", rule(`{"contextKind": "user", "attribute": "//", "op": "in", "values": ["x"], "negate": true}`), "f", with("a", "y"), "false", clause + "/attribute"},
		{"milliseconds", rule(`{"attribute": "a", "op": "before", "values": ["2026-01-01T00:00:00Z"]}`), "f", with("a", 1767225599999.0), "true", clause},
		{"times as text", rule(`{"attribute": "a", "op": "before", "values": [1767225600000]}`), "f", with("a", "2025-01-01T00:00:00Z"), "false", clause},
		{"a leading v", rule(`{"attribute": "a", "op": "semVerEqual", "values": ["1.0.0"]}`), "f", with("a", "v1.0.0"), "false", clause},
		{"a version", rule(`{"attribute": "a", "op": "semVerEqual", "values": ["1.0"]}`), "f", with("a", "1.0.0"), "true", clause},
		{"regular expressions in full", rule(`{"attribute": "a", "op": "matches", "values": ["[0-9]+x"]}`), "f", with("a", "1x"), "false", clause + "/values/0"},
		{"those of plain text", rule(`{"attribute": "a", "op": "matches", "values": ["^x"]}`), "f", with("a", "xy"), "true", ""},
		{"an unknown operator", rule(`{"attribute": "a", "op": "near", "values": ["x"]}`), "f", with("a", "x"), "false", clause + "/op"},
		{"a rollout that leaves nobody over", file(`"rules": [{"id": "r", "clauses": [], "rollout": {"variations": [{"variation": 1, "weight": 0}, {"variation": 0, "weight": 5}]}}]`),
			"f", with("a", "x"), "true", ""},
		{"users among targets of other kinds", file(`"targets": [{"variation": 0, "values": ["anna"]}], "contextTargets": [{"contextKind": "org", "variation": 0, "values": ["acme"]}]`),
			"f", with("a", "x"), "false", ""},
		{"a prerequisite that is missing", file(`"prerequisites": [{"key": "gone", "variation": 0}], "rules": [{"id": "r", "variation": 0, "clauses": []}]`),
			"f", with("a", "x"), "false", "/flags/f/prerequisites/0"},
		{"lists as values", `{"flags": {"f": {"key": "f", "on": true, "variations": [[1]], "fallthrough": {"variation": 0}}}}`, "f", with("a", "x"), "", "/flags/f/variations"},
		{"a variation that is none", file(`"rules": [{"id": "r", "variation": 7, "clauses": []}]`), "f", with("a", "x"), "false", "/flags/f/rules/0"},
	})
}
