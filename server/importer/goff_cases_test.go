package importer_test

import (
	"encoding/json"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

// TestGoffCases holds the table of docs/migrating.md.
func TestGoffCases(t *testing.T) {
	t.Parallel()
	flag := func(query string) string {
		encoded, err := json.Marshal(query)
		if err != nil {
			t.Fatal(err)
		}
		return `{"f": {"variations": {"on": true, "off": false}, "defaultRule": {"variation": "off"},
			"targeting": [{"query": ` + string(encoded) + `, "variation": "on"}]}}`
	}
	const query = "/f/targeting/0/query"
	checkDocumented(t, importer.Source{Format: "goff", Now: day(1)}, []importCase{
		{"and does not go before or", flag(`a eq "1" or b eq "1" and c eq "1"`), "f", with("a", "1"), "false", ""},
		{"parentheses do", flag(`a eq "1" or (b eq "1" and c eq "1")`), "f", with("a", "1"), "true", ""},
		{"texts in any case", flag(`a eq "FR"`), "f", with("a", "fr"), "true", ""},
		{"lists of texts in their case", flag(`a in ["FR"]`), "f", with("a", "fr"), "false", ""},
		{"no text is not a text", flag(`not (a eq "FR")`), "f", with("b", 1.0), "true", ""},
		{"a number is not a text", flag(`not (a eq "FR")`), "f", with("a", 1.0), "true", ""},
		{"but ne needs one", flag(`a ne "FR"`), "f", with("b", 1.0), "false", ""},
		{"lists match nothing", flag(`a eq "FR"`), "f", with("a", list(t, `["FR"]`)), "false", ""},
		{"whole numbers cut fractions", flag(`a gt 18`), "f", with("a", 18.7), "false", ""},
		{"a number as text is none", flag(`a gt 18`), "f", with("a", "20"), "false", ""},
		{"versions stand without quotes", flag(`a ge 2.0.0`), "f", with("a", "2.1.0"), "true", ""},
		{"texts have an order", flag(`a ge "2.0.0"`), "f", with("a", "2.1.0"), "", query},
		{"nobody without a key", flag(`a eq "FR"`), "f", map[string]any{"a": "FR"}, "", ""},
		{"nobody without a key, without a rule", `{"f": {"variations": {"on": true, "off": false}, "defaultRule": {"variation": "on"}}}`,
			"f", map[string]any{"a": "FR"}, "", ""},
		{"nobody whom the flag cannot bucket", `{"f": {"variations": {"on": true, "off": false}, "bucketingKey": "team", "defaultRule": {"variation": "on"}}}`,
			"f", with("team", 1.0), "", ""},
		{"an attribute in an object", flag(`a.b eq "x"`), "f", with("a", map[string]any{"b": "X"}), "true", ""},
		{"several of these", flag(`c pr and a.b eq "x"`), "f", with("a", map[string]any{"b": "X"}), "", query},
		{"long texts anywhere", flag(`a co "a long company"`), "f", with("a", "x"), "", query},
		{"JSONLogic", flag(`{"==": [{"var": "a"}, 1]}`), "f", with("a", 1.0), "", query},
		{"an operator that is none", flag(`a sounds "x"`), "f", with("a", "x"), "", query},
		{"capital AND", flag(`a eq "x" AND b eq "y"`), "f", with("a", "x"), "", query},
		{"what a kind cannot be asked", flag(`a co 5`), "f", with("a", 5.0), "", query},
		{"a variation that is none", `{"f": {"variations": {"on": true}, "defaultRule": {"variation": "gone"}}}`, "f", with("a", 1.0), "", "/f"},
		{"a disabled rule", `{"f": {"variations": {"on": true, "off": false}, "defaultRule": {"variation": "on"},
			"targeting": [{"query": "a pr", "variation": "off", "disable": true}]}}`, "f", with("a", 1.0), "true", ""},
		{"a disabled flag", `{"f": {"variations": {"on": true}, "defaultRule": {"variation": "on"}, "disable": true}}`, "f", with("a", 1.0), "", ""},
	})
}
