package importer

import (
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// condition is what a source asks of a context. It has an expression for each direction, since negation must not let
// anybody in. met is true for the contexts that meet the condition. unmet is true for those that do not. Where nobody
// can tell what the source would answer, neither is true.
type condition struct {
	met, unmet logic.Expression
	// metBy and unmetBy are clauses that are yes for the same contexts as met and unmet, whatever the type of an
	// attribute is. They are nil where clauses cannot say it.
	metBy, unmetBy []evaluator.Clause
	// unsure: for some contexts, neither met nor unmet is true.
	unsure bool
}

// always and never do not look at the context. For unknowable, nobody can tell who meets it.
var (
	always     = condition{met: true, unmet: false}
	never      = condition{met: false, unmet: true}
	unknowable = condition{met: false, unmet: false, unsure: true}
)

// asks is a condition that every context either meets or not.
func asks(met logic.Expression) condition { return condition{met: met, unmet: logic.Not(met)} }

// known is a condition whose answer does not depend on the context.
func known(met bool) condition {
	if met {
		return always
	}
	return never
}

func (c *condition) constant() bool {
	return (c.met == true || c.met == false) && c.unmet == !(c.met == true)
}

func not(c condition) condition {
	return condition{met: c.unmet, unmet: c.met, metBy: c.unmetBy, unmetBy: c.metBy, unsure: c.unsure}
}

// allOf is met where all of the conditions are.
func allOf(conditions ...condition) condition {
	all := condition{metBy: []evaluator.Clause{}}
	var met, unmet []logic.Expression
	var groups [][]evaluator.Clause
	sayMet, sayUnmet := true, true
	for _, c := range conditions {
		met, unmet, all.unsure = append(met, c.met), append(unmet, c.unmet), all.unsure || c.unsure
		if c.constant() && c.met == true {
			continue
		}
		sayMet, sayUnmet = sayMet && c.metBy != nil, sayUnmet && c.unmetBy != nil
		all.metBy, groups = append(all.metBy, c.metBy...), append(groups, c.unmetBy)
	}
	all.met, all.unmet = logic.All(met...), logic.Any(unmet...)
	if !sayMet || len(groups) == 0 {
		all.metBy = nil
	}
	if sayUnmet && len(groups) > 0 {
		all.unmetBy = alternatives(groups)
	}
	return all
}

// anyOf is met where any of the conditions is.
func anyOf(conditions ...condition) condition {
	negated := make([]condition, len(conditions))
	for i, c := range conditions {
		negated[i] = not(c)
	}
	return not(allOf(negated...))
}

// alternatives are clauses that are yes if all clauses of any one group are yes.
func alternatives(groups [][]evaluator.Clause) []evaluator.Clause {
	if len(groups) == 1 {
		return groups[0]
	}
	some := make([]evaluator.Clause, len(groups))
	for i, group := range groups {
		if some[i] = (evaluator.Clause{All: group}); len(group) == 1 {
			some[i] = group[0]
		}
	}
	return []evaluator.Clause{{Any: some}}
}

// keyIn is met by the targeting keys of a list. These are texts, so that clauses say it too.
func keyIn(keys []string) condition {
	if len(keys) == 0 {
		return never
	}
	c := asks(logic.Apply("in", logic.Var(evaluator.AttributeTargetingKey), keys))
	in := evaluator.Clause{Attribute: evaluator.AttributeTargetingKey, Operator: evaluator.OpIn, Values: raws(keys)}
	out := in
	out.Negate = true
	c.metBy, c.unmetBy = []evaluator.Clause{in}, []evaluator.Clause{absentOr(out)}
	return c
}

// hasKey is met by contexts with a targeting key; OpenFeature's empty one is none.
func hasKey() condition {
	key := logic.Var(evaluator.AttributeTargetingKey)
	c := asks(logic.All(logic.Apply("!==", key, nil), logic.Apply("!==", key, "")))
	exists := evaluator.Clause{Attribute: evaluator.AttributeTargetingKey, Operator: evaluator.OpExists}
	absent := exists
	absent.Negate = true
	c.metBy, c.unmetBy = []evaluator.Clause{exists}, []evaluator.Clause{absent}
	return c
}

// flatPath is the path to the attribute of a name. The name is no path, even if there are dots in it. It returns false
// for names that flagd keeps for itself.
func flatPath(name string) (string, bool) {
	return strings.NewReplacer(`\`, `\\`, ".", `\.`, "/", `\/`).Replace(name), name != "" && name != "$flagd"
}

// flatVar is the attribute of such a name.
func flatVar(name string) (logic.Expression, bool) {
	path, ok := flatPath(name)
	return logic.Var(path), ok
}

// textOf is JavaScript's String of a value; "null" for what is missing.
func textOf(x logic.Expression) logic.Expression { return logic.Apply("cat", x, "") }

// isPresent is met where there is a value other than null.
func isPresent(x logic.Expression) logic.Expression { return logic.Apply("!==", x, nil) }

// isTruthy is met where JavaScript takes a value for true.
func isTruthy(x logic.Expression) logic.Expression {
	return logic.Not(logic.Apply("in", x, []any{nil, "", 0, false}))
}

// numberIn is met where a text is a number to JavaScript and stands in the relation to bound. In JSONLogic, comparing
// a text that is no number with a number fails. Comparing it with null does not fail, and takes null for 0.
func numberIn(text logic.Expression, relation string, bound float64) logic.Expression {
	text = logic.Apply("or", text) // so that the engine checks the text rather than what the text was made of
	isNumber := logic.Apply("or", logic.Apply("<=", nil, text), logic.Apply(">", nil, text))
	return logic.All(isNumber, logic.Apply(relation, text, bound))
}
