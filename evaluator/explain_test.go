package evaluator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// TestExplanationIsFrozen compares with testdata/explain/*.json, which the web app and the API's readers rely on.
func TestExplanationIsFrozen(t *testing.T) {
	explained := booleanFlag(t, "explained", 1, `{
		"enabled": true, "offVariation": "off",
		"availability": {"service": "checkout", "version": ">=2.3.0"},
		"prerequisites": [{"flag": "base", "variation": "on"}],
		"targets": [{"variation": "on", "values": ["somebody else"]}],
		"rules": [
			{"id": "absent", "clauses": [{"attribute": "plan", "operator": "in", "values": ["free"], "negate": true}], "serve": {"variation": "on"}},
			{"id": "segment", "description": "staff but not in France", "clauses": [
				{"attribute": "country", "operator": "in", "values": ["FR"], "negate": true},
				{"operator": "inSegment", "values": ["staff"]},
				{"attribute": "never", "operator": "exists"}], "serve": {"variation": "on"}},
			{"id": "group", "clauses": [{"any": [
				{"attribute": "app.version", "operator": "semverLessThan", "values": ["2"]},
				{"attribute": "tags", "operator": "in", "values": ["beta"]},
				{"attribute": "never", "operator": "exists"}]}],
			 "serve": {"rollout": {"weights": [{"variation": "on", "weight": 25000}, {"variation": "off", "weight": 75000}]}}},
			{"id": "later", "clauses": [], "serve": {"variation": "off"}}],
		"fallthrough": {"variation": "off"}}`)
	staff := evaluator.Segment{Key: "staff", Version: 1, Included: []string{"user-2"}}
	s := compile(t, definition([]evaluator.Flag{needing(t, "base", 1), explained}, staff))
	c := evaluator.MapContext(map[string]any{
		"targetingKey": "user-1", "country": "DE", "app": map[string]any{"version": "2.4.0"}, "tags": []any{"alpha", "beta"},
	}).WithInstance("checkout", "2.3.0", "i-1")
	missing := evaluator.NewContext("user-1")
	for name, x := range map[string]evaluator.Explanation{
		"rollout.json":     s.Explain("explained", &c),
		"unavailable.json": s.Explain("explained", &missing),
		"not-found.json":   s.Explain("nothing", &c),
	} {
		path := filepath.Join("testdata", "explain", name)
		got, err := json.MarshalIndent(x, "", "  ")
		require.NoError(t, err)
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, append(got, '\n'), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(got), name)
	}
}

func TestExplanationsShowOnlyTheStartOfLongLists(t *testing.T) {
	t.Parallel()
	many := make([]any, 1000)
	for i := range many {
		many[i] = i
	}
	cl := evaluator.Clause{Attribute: "a", Operator: evaluator.OpIn, Values: values(many...)}
	s := clauseSnapshot(t, cl, cl)
	c := evaluator.MapContext(map[string]any{"a": many})
	clause := s.Explain("negate-false", &c).Rules[0].Clauses[0]
	require.Len(t, clause.Expected, 100)
	require.Equal(t, 1000, clause.ExpectedCount)
	require.Len(t, clause.Actual, 101, "a hundred and the mark that there are more")
}

func TestExplanationsOfAttributesThatHoldThemselves(t *testing.T) {
	t.Parallel()
	cl := evaluator.Clause{Attribute: "a", Operator: evaluator.OpExists}
	s := clauseSnapshot(t, cl, cl)
	self := map[string]any{}
	for i := range 50 {
		self[string(rune('a'+i))] = []any{self, self, i}
	}
	c := evaluator.MapContext(map[string]any{"a": self})
	encoded, err := json.Marshal(s.Explain("negate-false", &c))
	require.NoError(t, err)
	require.Less(t, len(encoded), 100_000)
	require.Contains(t, string(encoded), "(…)")
}
