package flagdjson

import (
	"encoding/json"
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// clauses is the expression that is true when all of the clauses are yes. With want false, it is true when they are no
// together, which means that any of them is no.
func (x *exporter) clauses(list []evaluator.Clause, want bool) (logic.Expression, *refusal) {
	return x.group(list, want, want)
}

// group joins the expressions of the clauses by "and" or by "or". Each expression is for the outcome that is wanted.
func (x *exporter) group(list []evaluator.Clause, want, all bool) (logic.Expression, *refusal) {
	conditions := make([]logic.Expression, 0, len(list))
	for i := range list {
		condition, err := x.clause(&list[i], want)
		if err != nil {
			return nil, err.under(i)
		}
		conditions = append(conditions, condition)
	}
	if all {
		return logic.All(conditions...), nil
	}
	return logic.Any(conditions...), nil
}

// clause is the expression that is true when the clause is yes or, with want false, when it is no.
func (x *exporter) clause(c *evaluator.Clause, want bool) (logic.Expression, *refusal) {
	if c.Negate {
		want = !want
	}
	switch {
	case c.Any != nil:
		condition, err := x.group(c.Any, want, !want)
		return condition, err.under("any")
	case c.All != nil:
		condition, err := x.group(c.All, want, want)
		return condition, err.under("all")
	case c.Operator == evaluator.OpInSegment:
		return x.inSegments(c, want)
	}
	if reason := refusePath(c.Attribute); reason != "" {
		return nil, refuse("attribute", reason)
	}
	attribute := logic.Var(c.Attribute)
	if c.Operator == evaluator.OpExists {
		exists := logic.Apply("!==", attribute, nil)
		if c.Attribute == evaluator.AttributeTargetingKey {
			exists = logic.All(exists, logic.Apply("!==", attribute, ""))
		}
		if want {
			return exists, nil
		}
		return logic.Not(exists), nil
	}
	if _, ok := relationOf(c.Operator); ok {
		return versionTest(c, attribute, want)
	}
	t, err := newTest(c)
	if err != nil {
		return nil, err
	}
	return t.ofAttribute(c.Attribute, want), nil
}

// test is what a clause asks of one value: the element that logic.Var("") names. It has only operations of JSONLogic
// itself: flagd's own fail on elements in @openfeature/flagd-core 4.
type test struct {
	// fits is true for the values of the right type.
	fits logic.Expression
	// matches is true or not for values of the right type; for others it may be anything but true, unless guarded.
	matches logic.Expression
	guarded bool
}

// ofAttribute applies the test to an attribute, or to the elements of one that is a list.
func (t *test) ofAttribute(path string, want bool) logic.Expression {
	elements := logic.Apply("merge", logic.Var(path))
	var condition logic.Expression
	if want {
		yes := t.matches
		if t.guarded {
			yes = logic.All(t.fits, t.matches)
		}
		condition = logic.Apply("some", elements, yes)
	} else {
		condition = logic.Apply("none", elements, logic.Not(logic.All(t.fits, logic.Not(t.matches))))
	}
	if path == evaluator.AttributeTargetingKey {
		return logic.All(logic.Apply("!==", logic.Var(path), ""), condition) // OpenFeature's empty one is none
	}
	return condition
}

// newTest translates the operator and the values of a comparison.
func newTest(c *evaluator.Clause) (*test, *refusal) {
	switch c.Operator {
	case evaluator.OpIn:
		return newMembership(c)
	case evaluator.OpContains, evaluator.OpStartsWith, evaluator.OpEndsWith:
		return newPartTest(c)
	case evaluator.OpLessThan, evaluator.OpLessThanOrEqual, evaluator.OpGreaterThan, evaluator.OpGreaterThanOrEqual:
		return newNumberTest(c)
	case evaluator.OpMatches:
		return nil, refuse("operator", "flagd has no regular expressions")
	case evaluator.OpBefore, evaluator.OpAfter:
		return nil, refuse("operator", "flagd has no comparison of times")
	default:
		return nil, refuse("operator", "flagd has no networks")
	}
}

// newMembership is the test of in. A type that none of the values has is the wrong type.
func newMembership(c *evaluator.Clause) (*test, *refusal) {
	element := logic.Var("")
	var texts []string
	var others []logic.Expression
	var numbers, booleans bool
	for i, raw := range c.Values {
		switch v := decode(raw).(type) {
		case string:
			texts = append(texts, v)
		case bool:
			booleans = true
			others = append(others, v)
		case float64:
			numbers = true
			others = append(others, raw)
		default:
			return nil, refuse("values", "value "+string(c.Values[i])+" is of no type that flagd compares")
		}
	}
	var fits []logic.Expression
	if len(texts) > 0 {
		fits = append(fits, logic.IsString(element))
	}
	if numbers {
		fits = append(fits, logic.IsNumber(element, logic.Var("length")))
	}
	if booleans {
		fits = append(fits, logic.IsBoolean(element))
	}
	texts, err := spellings(texts, c.IgnoreCase)
	if err != nil {
		return nil, err
	}
	list := make([]logic.Expression, 0, len(texts)+len(others))
	for _, text := range texts {
		list = append(list, text)
	}
	return &test{fits: logic.Any(fits...), matches: logic.Apply("in", element, append(list, others...))}, nil
}

// newNumberTest compares with the bound that is easiest to satisfy. That is as good as comparing with all of them.
func newNumberTest(c *evaluator.Clause) (*test, *refusal) {
	element := logic.Var("")
	bounds := make([]float64, 0, len(c.Values))
	for _, raw := range c.Values {
		bound, _ := decode(raw).(float64) // the compiler has checked
		bounds = append(bounds, bound)
	}
	var matches logic.Expression
	switch c.Operator {
	case evaluator.OpLessThan:
		matches = logic.Apply("<", element, slices.Max(bounds))
	case evaluator.OpLessThanOrEqual:
		matches = logic.Apply("<=", element, slices.Max(bounds))
	case evaluator.OpGreaterThan:
		matches = logic.Apply(">", element, slices.Min(bounds))
	default:
		matches = logic.Apply(">=", element, slices.Min(bounds))
	}
	return &test{fits: logic.IsNumber(element, logic.Var("length")), matches: matches, guarded: true}, nil
}

// decode reads a value that the compiler has read already; nil if it is none.
func decode(raw json.RawMessage) any {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}
