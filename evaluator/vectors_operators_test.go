package evaluator_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tidegate-io/tidegate/evaluator"
)

// operatorVectors is the operator table: two flags for each row, one with the clause and one with its negation.
func operatorVectors(t *testing.T) vectors {
	t.Helper()
	file := vectors{
		Description: "Every operator with every type of attribute. The rule serves on, the fallthrough off.",
		Definition:  vectorDefinition(),
	}
	for i, r := range rows() {
		for _, negate := range []bool{false, true} {
			key := fmt.Sprintf("%s-%d", r.operator, i)
			if negate {
				key += "-negated"
			}
			f := booleanFlag(t, key, 1, `{"enabled": true, "offVariation": null, "fallthrough": {"variation": "off"}}`)
			f.Config.Rules = []evaluator.Rule{{
				ID: "rule", Clauses: []evaluator.Clause{r.clause(negate)}, Serve: evaluator.Serve{Variation: "on"},
			}}
			file.Definition.Flags = append(file.Definition.Flags, f)
			for j, c := range r.cells {
				context, ok := jsonContext(c.attribute)
				if !ok {
					continue // NaN, infinities and byte slices have no JSON form that means the same
				}
				v := vector{Name: fmt.Sprintf("%s %d: %s", key, j, c.want), Flag: key, Context: context, Result: defaulted("off", "false")}
				if wants(c.want, negate) {
					v.Result = matched("on", "true", 0, "rule")
				}
				file.Cases = append(file.Cases, v)
			}
		}
	}
	return file
}

func vectorDefinition() evaluator.Definition {
	return evaluator.Definition{FormatVersion: evaluator.FormatVersion, Revision: 1, Flags: []evaluator.Flag{}, Segments: []evaluator.Segment{}}
}

func jsonContext(attribute any) (json.RawMessage, bool) {
	if attribute == any(absent) {
		return json.RawMessage(`{}`), true
	}
	if _, isBytes := attribute.([]byte); isBytes {
		return nil, false
	}
	encoded, err := json.Marshal(map[string]any{"a": attribute})
	return encoded, err == nil
}

func defaulted(variation, value string) vectorResult {
	return vectorResult{Variation: &variation, Value: json.RawMessage(value), Reason: "DEFAULT"}
}

func matched(variation, value string, rule int, id string) vectorResult {
	return vectorResult{Variation: &variation, Value: json.RawMessage(value), Reason: "TARGETING_MATCH", RuleIndex: &rule, RuleID: id}
}
