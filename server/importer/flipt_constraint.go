package importer

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// fliptText is the text that Flipt has of an attribute, since Flipt's contexts hold only texts. It is "" for an
// attribute that is missing. Lists and objects are no texts, so they count as missing.
func fliptText(path string) logic.Expression {
	x := logic.Var(path)
	scalar := logic.Any(logic.IsString(x), logic.IsNumber(x, logic.Var(path+".length")), logic.IsBoolean(x))
	return logic.Apply("if", scalar, textOf(x), "")
}

// fliptConstraint is what a constraint asks for. In some contexts Flipt's server fails, or answers otherwise than
// Flipt's clients. There, neither the constraint nor its negation is met, and the code default holds.
func (r *reader) fliptConstraint(def *fliptConstraint, path string) condition {
	name, ok := flatPath(def.Property)
	if def.Type == "ENTITY_ID_COMPARISON_TYPE" {
		name, ok = evaluator.AttributeTargetingKey, true
	}
	if !ok {
		r.unknown(at(path, "property"), "an attribute needs a name other than %q", def.Property)
		return unknowable
	}
	text := fliptText(name)
	missing := logic.Apply("===", text, "")
	var c condition
	switch def.Type {
	case "STRING_COMPARISON_TYPE", "ENTITY_ID_COMPARISON_TYPE":
		c, ok = r.fliptString(def, text, path)
		if keys, isList := fliptKeys(def); ok && isList && !c.unsure {
			c = keyIn(keys)
		}
	case "NUMBER_COMPARISON_TYPE":
		c, ok = r.fliptNumber(def, text, path)
	case "BOOLEAN_COMPARISON_TYPE":
		c, ok = r.fliptBoolean(def, text, path)
	case "DATETIME_COMPARISON_TYPE":
		if c, ok = r.fliptPresence(
			def,
			text,
			path,
		); !ok &&
			strings.Contains(" eq neq lt lte gt gte ", " "+def.Operator+" ") {
			r.lose(path, "times cannot be compared here; contexts with %q get the code default", def.Property)
			return condition{met: false, unmet: missing, unsure: true}
		}
	default:
		r.unknown(at(path, "type"), "there is no type %q here", def.Type)
		return unknowable
	}
	if !ok {
		r.unknown(at(path, "operator"), "there is no operator %q here", def.Operator)
		return unknowable
	}
	return c
}

// fliptKeys are the targeting keys that a constraint lists.
func fliptKeys(def *fliptConstraint) (keys []string, ok bool) {
	switch {
	case def.Type != "ENTITY_ID_COMPARISON_TYPE":
		return nil, false
	case def.Operator == "eq" && def.Value != "":
		return []string{def.Value}, true
	case def.Operator == "isoneof" && json.Unmarshal([]byte(def.Value), &keys) == nil:
		return keys, true
	}
	return nil, false
}

// fliptPresence is whether there is a text. To Flipt's server a text of spaces alone is no text. To its clients it is
// one.
func (r *reader) fliptPresence(def *fliptConstraint, text logic.Expression, path string) (condition, bool) {
	c := condition{met: logic.Apply("===", text, ""), unmet: logic.Not(fliptBlank(text)), unsure: true}
	switch def.Operator {
	case "empty", "notpresent":
	case "notempty", "present":
		c = not(c)
	default:
		return unknowable, false
	}
	r.lose(
		path,
		"contexts in which %q is a text of spaces alone get the code default: Flipt's server and its clients differ",
		def.Property,
	)
	return c, true
}

// fliptBlank is true for texts of spaces alone. These are the texts that JavaScript takes for 0 although there is no 0
// in them.
func fliptBlank(text logic.Expression) logic.Expression {
	return logic.Any(
		logic.Apply("===", text, ""),
		logic.All(numberIn(text, "==", 0), logic.Not(logic.Apply("in", "0", text))),
	)
}

// fliptString compares texts. A missing text matches nothing but emptiness.
func (r *reader) fliptString(def *fliptConstraint, text logic.Expression, path string) (condition, bool) {
	present := logic.Apply("!==", text, "")
	is := func(test logic.Expression) (condition, bool) { return asks(logic.All(present, test)), true }
	switch def.Operator {
	case "eq":
		return is(logic.Apply("===", text, def.Value))
	case "neq":
		return is(logic.Apply("!==", text, def.Value))
	case "prefix":
		return is(logic.Apply("starts_with", text, def.Value))
	case "suffix":
		return is(logic.Apply("ends_with", text, def.Value))
	case "contains":
		return is(logic.Apply("in", def.Value, text))
	case "notcontains":
		return is(logic.Not(logic.Apply("in", def.Value, text)))
	case "isoneof", "isnotoneof":
		var list []string
		if json.Unmarshal([]byte(def.Value), &list) != nil {
			r.lose(
				at(path, "value"),
				"the value must be a list of texts; contexts that come to it get the code default",
			)
			return unknowable, true
		}
		in := logic.Apply("in", text, orEmpty(list))
		if def.Operator == "isnotoneof" {
			in = logic.Not(in)
		}
		return is(in)
	}
	return r.fliptPresence(def, text, path)
}

// fliptNumber compares whole numbers. For other numbers, and for texts that are no numbers, Flipt's server fails, or
// its clients answer otherwise.
func (r *reader) fliptNumber(def *fliptConstraint, text logic.Expression, path string) (condition, bool) {
	relations := map[string][2]string{
		"eq":  {"==", "!="},
		"neq": {"!=", "=="},
		"lt":  {"<", ">="},
		"lte": {"<=", ">"},
		"gt":  {">", "<="},
		"gte": {">=", "<"},
	}
	missing := logic.Apply("===", text, "")
	number := logic.All(
		logic.Apply("in", logic.Apply("substr", text, 0, 1), strings.Split("+-0123456789", "")),
		logic.Apply("in", logic.Apply("substr", text, -1), strings.Split("0123456789", "")),
		logic.Not(
			logic.Any(
				logic.Apply("in", ".", text),
				logic.Apply("in", "x", text),
				logic.Apply("in", "X", text),
				logic.Apply("in", "o", text),
				logic.Apply("in", "b", text),
				logic.Apply("in", "e", text),
				logic.Apply("in", "E", text),
			),
		),
		numberIn(text, "<", maxInt32),
		numberIn(text, ">=", -maxInt32),
	)
	among := func(values []float64, test, otherwise string) condition {
		r.lose(
			path,
			"contexts in which %q is no whole number get the code default: Flipt's server and its clients differ",
			def.Property,
		)
		met, unmet := logic.Expression(false), logic.Expression(true)
		for _, v := range values {
			met, unmet = logic.Any(met, numberIn(text, test, v)), logic.All(unmet, numberIn(text, otherwise, v))
		}
		return condition{met: logic.All(number, met), unmet: logic.Any(missing, logic.All(number, unmet)), unsure: true}
	}
	if relation, ok := relations[def.Operator]; ok {
		bound, err := strconv.ParseFloat(def.Value, 64)
		if err != nil || bound != math.Trunc(bound) || math.Abs(bound) >= maxInt32 {
			r.lose(at(path, "value"), "%q is no whole number; contexts that come to it get the code default", def.Value)
			return unknowable, true
		}
		return among([]float64{bound}, relation[0], relation[1]), true
	}
	if def.Operator != "isoneof" && def.Operator != "isnotoneof" {
		return r.fliptPresence(def, text, path)
	}
	var list []float64
	if json.Unmarshal([]byte(def.Value), &list) != nil || len(list) == 0 {
		r.lose(at(path, "value"), "the value must be a list of numbers; contexts that come to it get the code default")
		return unknowable, true
	}
	c := among(list, "==", "!=")
	if def.Operator == "isnotoneof" {
		c = condition{met: logic.All(number, without(c.unmet, missing)), unmet: logic.Any(missing, c.met), unsure: true}
	}
	return c, true
}

// maxInt32 is the first number that is too large for Flipt's clients.
const maxInt32 = 1 << 31

// without is a condition for those who are not missing.
func without(c, missing logic.Expression) logic.Expression { return logic.All(logic.Not(missing), c) }

// fliptBoolean reads a text. For a text that is neither true nor false, Flipt's server fails, or its clients answer
// otherwise.
func (r *reader) fliptBoolean(def *fliptConstraint, text logic.Expression, path string) (condition, bool) {
	yes, no := logic.Apply("===", text, "true"), logic.Apply("===", text, "false")
	missing := logic.Apply("===", text, "")
	c := condition{met: yes, unmet: logic.Any(missing, no), unsure: true}
	switch def.Operator {
	case "true":
	case "false":
		c = condition{met: no, unmet: logic.Any(missing, yes), unsure: true}
	default:
		return r.fliptPresence(def, text, path)
	}
	r.lose(
		path,
		"contexts in which %q is neither true nor false get the code default: Flipt's server and its clients differ",
		def.Property,
	)
	return c, true
}

// inTurn is met where all of the conditions are. They are asked in turn. Once one is not met, the conditions after it
// are not asked and cannot fail.
func inTurn(conditions []condition) condition {
	all := allOf(conditions...)
	if !all.unsure {
		return all
	}
	unmet, before := logic.Expression(false), logic.Expression(true)
	for _, c := range conditions {
		unmet, before = logic.Any(unmet, logic.All(before, c.unmet)), logic.All(before, c.met)
	}
	all.unmet, all.unmetBy = unmet, nil
	return all
}

// firstOf is met where any of the conditions is, asked in turn.
func firstOf(conditions []condition) condition {
	negated := make([]condition, len(conditions))
	for i, c := range conditions {
		negated[i] = not(c)
	}
	return not(inTurn(negated))
}

// allAsked are conditions each of which is asked, whatever the others say.
func allAsked(c condition, conditions []condition) condition {
	if len(conditions) < 2 || !c.unsure {
		return c
	}
	answered := logic.Expression(true)
	for _, asked := range conditions {
		answered = logic.All(answered, logic.Any(asked.met, asked.unmet))
	}
	c.met, c.unmet, c.metBy, c.unmetBy = logic.All(answered, c.met), logic.All(answered, c.unmet), nil, nil
	return c
}
