package release

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// A sentence does not say in full what is longer than this.
const (
	mostClauses = 2
	mostValues  = 3
)

// ruleContexts names the contexts that a rule matches. It uses the rule's description, or its clauses if they are
// short, or else its position.
func ruleContexts(rule evaluator.Rule, index int) string {
	if rule.Description != "" {
		return fmt.Sprintf("contexts that match “%s”", rule.Description)
	}
	texts := make([]string, len(rule.Clauses))
	for i, clause := range rule.Clauses {
		texts[i] = clauseText(clause)
		if texts[i] == "" || i == mostClauses {
			return fmt.Sprintf("contexts that match rule %d", index+1)
		}
	}
	if len(texts) == 0 {
		return "all contexts"
	}
	return "contexts where " + strings.Join(texts, " and ")
}

// operatorTexts gives each operator and its negation in words.
var operatorTexts = map[evaluator.Operator][2]string{
	evaluator.OpIn:                       {"is", "is not"},
	evaluator.OpContains:                 {"contains", "does not contain"},
	evaluator.OpStartsWith:               {"starts with", "does not start with"},
	evaluator.OpEndsWith:                 {"ends with", "does not end with"},
	evaluator.OpMatches:                  {"matches", "does not match"},
	evaluator.OpLessThan:                 {"<", "not <"},
	evaluator.OpLessThanOrEqual:          {"≤", "not ≤"},
	evaluator.OpGreaterThan:              {">", "not >"},
	evaluator.OpGreaterThanOrEqual:       {"≥", "not ≥"},
	evaluator.OpBefore:                   {"is before", "is not before"},
	evaluator.OpAfter:                    {"is after", "is not after"},
	evaluator.OpSemverEqual:              {"version =", "version ≠"},
	evaluator.OpSemverLessThan:           {"version <", "version not <"},
	evaluator.OpSemverLessThanOrEqual:    {"version ≤", "version not ≤"},
	evaluator.OpSemverGreaterThan:        {"version >", "version not >"},
	evaluator.OpSemverGreaterThanOrEqual: {"version ≥", "version not ≥"},
	evaluator.OpSemverRange:              {"version in", "version not in"},
	evaluator.OpInCIDR:                   {"is in network", "is not in network"},
	evaluator.OpInSegment:                {"is in segment", "is not in segment"},
	evaluator.OpExists:                   {"exists", "does not exist"},
}

// clauseText says a comparison in words; "" if the words would be too long.
func clauseText(c evaluator.Clause) string {
	texts, known := operatorTexts[c.Operator]
	if !known || len(c.Values) > mostValues || c.IgnoreCase {
		return ""
	}
	operator := texts[0]
	if c.Negate {
		operator = texts[1]
	}
	values := make([]string, len(c.Values))
	for i, value := range c.Values {
		values[i] = string(value)
		var text string
		if json.Unmarshal(value, &text) == nil {
			values[i] = text
		}
	}
	words := []string{c.Attribute, operator, strings.Join(values, " or ")}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}
