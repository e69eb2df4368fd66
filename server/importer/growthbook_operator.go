package importer

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

func numeral(i int) string { return strconv.Itoa(i) }

// operator is what an operator asks of a value, as GrowthBook's SDK compares in JavaScript.
func (x *growthReader) operator(o *operand, operator string, asked any, path string) condition {
	list, isList := asked.([]any)
	switch operator {
	case "$eq", "$ne":
		c := never
		if isScalar(asked) {
			c = asks(logic.Apply("===", o.value(), asked))
		}
		return notIf(operator == "$ne", c)
	case "$lt", "$lte", "$gt", "$gte":
		return x.ordered(
			o,
			map[string]string{"$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}[operator],
			asked,
			path,
		)
	case "$exists":
		return notIf(!truthy(asked), exists(o))
	case "$in", "$nin":
		if !isList {
			return never
		}
		return notIf(operator == "$nin", isAmong(o, list))
	case "$ini", "$nini":
		if !isList {
			return never
		}
		return notIf(operator == "$nini", x.isAmongInAnyCase(o, list, path))
	case "$inGroup", "$notInGroup":
		return x.inGroup(o, asked, operator == "$notInGroup", path)
	case "$not":
		return not(x.valueMeets(o, asked, path))
	case "$size":
		size := &operand{scope: o.scope, path: o.member("length")}
		return ofList(o, x.valueMeets(size, asked, path))
	case "$elemMatch":
		return x.elementMeets(o, asked, path)
	case "$all", "$alli":
		return x.allAmong(o, asked, operator == "$alli", path)
	case "$regex", "$regexi":
		return x.matches(o, asked, operator == "$regexi", path)
	case "$type":
		return hasType(o, asked)
	case "$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte":
		return x.version(o, operator, asked, path)
	}
	x.unknown(path, "there is no operator %q here", operator)
	return unknowable
}

func notIf(negated bool, c condition) condition {
	if negated {
		return not(c)
	}
	return c
}

// truthy is what JavaScript takes for true.
func truthy(v any) bool { return v != nil && v != false && v != "" && v != 0.0 }

func exists(o *operand) condition {
	c := asks(isPresent(o.value()))
	if o.scope.clauses && o.path != evaluator.AttributeTargetingKey {
		is := evaluator.Clause{Attribute: o.path, Operator: evaluator.OpExists}
		isNot := is
		isNot.Negate = true
		c.metBy, c.unmetBy = []evaluator.Clause{is}, []evaluator.Clause{isNot}
	}
	return c
}

// isAmong is met by the values of a list, and by lists that have any of them. So it is with clauses, too.
func isAmong(o *operand, values []any) condition {
	scalars := slices.DeleteFunc(slices.Clone(values), func(v any) bool { return !isScalar(v) })
	if len(scalars) == 0 {
		return never
	}
	c := asks(logic.Apply("some", logic.Apply("merge", o.value()), logic.Apply("in", logic.Var(""), scalars)))
	if o.scope.clauses && !slices.Contains(scalars, nil) {
		c.metBy = []evaluator.Clause{{Attribute: o.path, Operator: evaluator.OpIn, Values: raws(scalars)}}
	}
	return c
}

func (x *growthReader) isAmongInAnyCase(o *operand, values []any, path string) condition {
	element := &operand{path: ""}
	var some []logic.Expression
	for i, v := range values {
		text, isText := v.(string)
		if !isText {
			some = append(some, logic.Apply("===", element.value(), v))
			continue
		}
		same, ok := partOf(element.value(), partWhole, text, true)
		if !ok {
			x.lose(at(path, i), "%q cannot be compared without regard to case here", text)
			return unknowable
		}
		some = append(some, logic.All(element.isText(), same))
	}
	if len(some) == 0 {
		return never
	}
	return asks(logic.Apply("some", logic.Apply("merge", o.value()), logic.Any(some...)))
}

func (x *growthReader) inGroup(o *operand, asked any, negated bool, path string) condition {
	id := fmt.Sprint(asked)
	group, found := x.groups[id]
	values, isList := group.([]any)
	if entry, isObject := x.group(id); isObject && entry["type"] == "list" {
		values, isList = entry["values"].([]any)
	}
	switch {
	case !found:
		x.lose(path, "the saved group %q is not in the file", id)
		return unknowable
	case !isList:
		return never // as in GrowthBook, negated or not
	}
	return notIf(negated, isAmong(o, values))
}

// ofList is a condition on lists alone.
func ofList(o *operand, c condition) condition {
	return condition{
		met:    logic.All(o.isList(), c.met),
		unmet:  logic.Any(logic.Not(o.isList()), c.unmet),
		unsure: c.unsure,
	}
}

// elementMeets is met by lists that have an element that meets a condition.
func (x *growthReader) elementMeets(o *operand, asked any, path string) condition {
	def, isObject := asked.(map[string]any)
	if !isObject {
		x.unknown(path, "$elemMatch takes a condition")
		return unknowable
	}
	scope := scopeOfElement()
	element := &operand{scope: &scope}
	var c condition
	if isOperators(def) {
		c = x.valueMeets(element, def, path)
	} else {
		c = x.inside(def, &scope, path, nil)
	}
	elements := logic.Apply("merge", o.value())
	present := isPresent(element.value())
	return ofList(o, condition{unsure: c.unsure,
		met:   logic.Apply("some", elements, logic.All(present, c.met)),
		unmet: logic.Apply("none", elements, logic.All(present, logic.Not(c.unmet)))})
}

// allAmong is met by lists that have an element for each of several conditions.
func (x *growthReader) allAmong(o *operand, asked any, ignoreCase bool, path string) condition {
	list, isList := asked.([]any)
	if !isList {
		return never
	}
	scope := scopeOfElement()
	element := &operand{scope: &scope}
	all := []condition{}
	for i, v := range list {
		c := unknowable
		if text, isText := v.(string); isText && ignoreCase {
			if same, ok := partOf(element.text(), partWhole, text, true); ok {
				c = asks(same)
			} else {
				x.lose(at(path, i), "%q cannot be compared without regard to case here", text)
			}
		} else {
			c = x.valueMeets(element, v, at(path, i))
		}
		elements := logic.Apply("merge", o.value())
		all = append(all, condition{unsure: c.unsure,
			met: logic.Apply("some", elements, c.met), unmet: logic.Apply("none", elements, logic.Not(c.unmet))})
	}
	return ofList(o, allOf(all...))
}

func (x *growthReader) matches(o *operand, asked any, ignoreCase bool, path string) condition {
	pattern, isText := asked.(string)
	if !isText {
		x.unknown(path, "a regular expression is a text")
		return unknowable
	}
	d := dialect{ignoreCase: ignoreCase, script: true, element: o.scope.element, newlines: scriptNewlines()}
	match, ok := matchesPattern(o.text(), pattern, d)
	if !ok {
		x.lose(path,
			noPattern, pattern)
		return unknowable
	}
	return asks(match)
}

func hasType(o *operand, asked any) condition {
	x := o.value()
	switch asked {
	case "null":
		return asks(logic.Apply("===", x, nil))
	case "string":
		return asks(o.isText())
	case "number":
		return asks(o.isNumber())
	case "boolean":
		return asks(logic.IsBoolean(x))
	case "array":
		return asks(o.isList())
	case "object":
		return asks(
			logic.Not(logic.Any(logic.Apply("===", x, nil), o.isText(), o.isNumber(), logic.IsBoolean(x), o.isList())),
		)
	}
	return never
}

// ordered compares as JavaScript does. It compares two texts by their characters, and all other values as numbers.
func (x *growthReader) ordered(o *operand, relation string, asked any, path string) condition {
	text, isText := asked.(string)
	switch v := asked.(type) {
	case float64:
		return asks(numberIn(o.numeric(), relation, v))
	case bool:
		return asks(numberIn(o.numeric(), relation, map[bool]float64{true: 1}[v]))
	case nil:
		return asks(numberIn(o.numeric(), relation, 0))
	}
	if !isText {
		x.lose(path, "a value cannot be compared with %s here", raw(asked))
		return unknowable
	}
	counts := logic.Any(logic.Apply("===", o.value(), nil), logic.IsBoolean(o.value()), o.isNumber())
	byNumber := logic.Expression(false)
	bound, isNumber := scriptNumber(text)
	if isNumber {
		byNumber = numberIn(o.numeric(), relation, bound)
	}
	byText := logic.Apply(relation, logic.Apply("or", o.text()), text)
	return asks(logic.Any(logic.All(counts, byNumber), logic.All(logic.Not(counts), byText)))
}

// scriptNumber is JavaScript's Number of a text in decimals. A text that writes a number in another way counts as no
// number.
func scriptNumber(text string) (float64, bool) {
	text = strings.TrimFunc(text, isScriptSpace)
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n) && !strings.ContainsAny(text, "xXpP_")
}
