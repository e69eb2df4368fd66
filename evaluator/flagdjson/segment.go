package flagdjson

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// inSegments is the clause inSegment. It is yes if any segment is yes, and no if all segments are no.
func (x *exporter) inSegments(c *evaluator.Clause, want bool) (logic.Expression, *refusal) {
	conditions := make([]logic.Expression, 0, len(c.Values))
	for _, raw := range c.Values {
		key, _ := decode(raw).(string) // the compiler has checked
		condition, err := x.segment(key, want)
		if err != nil {
			return nil, because("values", "segment "+key, err)
		}
		conditions = append(conditions, condition)
	}
	if want {
		return logic.Any(conditions...), nil
	}
	return logic.All(conditions...), nil
}

// segment refers to the expression that is true when the context is in the segment or, with want false, when it is
// not. A segment that is kept out is neither.
func (x *exporter) segment(key string, want bool) (logic.Expression, *refusal) {
	def, ok := x.snapshot.Segment(key)
	if !ok {
		return false, nil
	}
	name := "segment-" + key
	if !want {
		name = "outside-" + key
	}
	if err := x.failed[name]; err != nil {
		return nil, err
	}
	if x.evaluators[name] == nil {
		expression, err := x.membership(&def, want)
		if err == nil && len(expression) > maxExpression {
			err = refuse("", fmt.Sprintf("it has more than the %d bytes that flagd takes of a segment", maxExpression))
		}
		if err != nil {
			x.failed[name] = err
			return nil, err
		}
		x.evaluators[name] = expression
	}
	return map[string]logic.Expression{"$ref": name}, nil
}

// membership is the expression of a segment, with the expressions of the segments within it inlined. This is needed
// since flagd replaces a reference but looks for no further references in the replacement.
func (x *exporter) membership(def *evaluator.Segment, want bool) (json.RawMessage, *refusal) {
	included, excluded := listed(def.Included), listed(def.Excluded)
	rules := make([]logic.Expression, 0, len(def.Rules))
	for i := range def.Rules {
		rule, err := x.clauses(def.Rules[i].Clauses, want)
		if err != nil {
			return nil, err.under("rules", i, "clauses")
		}
		rules = append(rules, rule)
	}
	var condition logic.Expression
	if want {
		condition = logic.All(logic.Not(excluded), logic.Any(included, logic.Any(rules...)))
	} else {
		known := included != false
		hasKey := logic.Expression(true)
		if known {
			key := logic.Var(evaluator.AttributeTargetingKey)
			hasKey = logic.All(logic.IsString(key), logic.Apply("!==", key, ""))
		}
		condition = logic.Any(excluded, logic.All(logic.Not(included), hasKey, logic.All(rules...)))
	}
	return x.inline(encode(wrapped(condition)))
}

// wrapped makes an operation of a condition that is known beforehand, since an evaluator has to be an object.
func wrapped(condition logic.Expression) logic.Expression {
	if known, ok := condition.(bool); ok {
		return logic.Apply("!!", known)
	}
	return condition
}

// reference is how the name of an evaluator stands in an expression.
func reference(name string) []byte { return encode(map[string]string{"$ref": name}) }

// inline puts evaluators in the place of the references to them.
func (x *exporter) inline(expression json.RawMessage) (json.RawMessage, *refusal) {
	if !bytes.Contains(expression, []byte(`{"$ref":`)) {
		return expression, nil
	}
	for name, inlined := range x.evaluators {
		at := reference(name)
		if n := bytes.Count(expression, at); len(expression)+n*len(inlined) > maxExpression {
			return nil, refuse("", fmt.Sprintf("with the segments within it, it has more than the %d bytes that flagd takes", maxExpression))
		}
		expression = bytes.ReplaceAll(expression, at, inlined)
	}
	return expression, nil
}

// referredTo gives the evaluators that the flags refer to.
func (x *exporter) referredTo(flags map[string]Flag) map[string]json.RawMessage {
	d := Definition{Flags: flags, Evaluators: x.evaluators}
	d.dropUnused()
	return d.Evaluators
}
