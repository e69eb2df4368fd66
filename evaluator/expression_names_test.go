package evaluator_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

func TestNamedVariations(t *testing.T) {
	t.Parallel()
	for targeting, want := range map[string]map[string]string{
		`{"if": [{"==": [{"var": "plan"}, "pro"]}, "a", {"in": ["x", {"var": "y"}]}, "b", "c"]}`: {"/if/1": "a", "/if/3": "b", "/if/4": "c"},
		`{"if": [true, {"?:": ["x", "y", null]}]}`:                                               {"/if/1/?:/1": "y"},
		`{"fractional": ["seed", ["a", 1], [{"if": [{"var": "x"}, "b"]}, 1], [{"cat": ["c"]}]]}`: {"/fractional/1/0": "a", "/fractional/2/0/if/1": "b"},
		`{"fractional": [{"var": "email"}, ["a"], ["b/c"]]}`:                                     {"/fractional/1/0": "a", "/fractional/2/0": "b/c"},
		`{"or": [{"var": ["x", "d"]}, "a"]}`:                                                     {"/or/0/var/1": "d", "/or/1": "a"},
		`{"and": ["x", {"var": "y"}, 7]}`:                                                        {"/and/2": "7"},
		`{"or": true}`:                                                                           {"/or": "true"},
		`{"$evaluators": {"e/1": {"if": [{"var": "x"}, "a"]}}, "or": [{"$ref": "e/1"}]}`:         {"/$evaluators/e~11/if/1": "a"},
		`{"$ref": "unknown"}`:                                                                    {},
		`{"==": [{"var": "plan"}, "pro"]}`:                                                       {},
		`{"substr": ["abc", 1]}`:                                                                 {},
		`null`:                                                                                   {},
		`"a"`:                                                                                    {},
		``:                                                                                       {},
		`{"$evaluators": {"e": {"$ref": "e"}}, "$ref": "e"}`:                                     {},
		strings.Repeat(`{"or":[`, 200) + `"a"` + strings.Repeat(`]}`, 200): {},
	} {
		got := map[string]string{}
		for _, named := range evaluator.NamedVariations(json.RawMessage(targeting)) {
			got[named.Pointer] = named.Variation
		}
		require.Equal(t, want, got, targeting)
	}
}
