package importer

import (
	"slices"
	"time"
	"unicode/utf16"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// clauses is met where all of the clauses are met.
func (x *ldReader) clauses(defs []ldClause, path string) condition {
	list := make([]condition, len(defs))
	for i := range defs {
		list[i] = x.clause(&defs[i], at(path, "clauses", i))
	}
	return allOf(list...)
}

// clause is what a clause asks for. An attribute that is missing matches nothing, negated or not. An attribute of
// another type than the operator's does not match, so the negation matches.
func (x *ldReader) clause(def *ldClause, path string) condition {
	if def.Op == "segmentMatch" {
		c := x.inSegments(def.Values, path)
		if def.Negate {
			c = not(c)
		}
		return c
	}
	ref, problem := ldReferenceTo(def.Attribute, def.Kind)
	switch {
	case problem != "":
		x.lose(at(path, "attribute"), "%q %s; the contexts that come to it are kept out", def.Attribute, problem)
		return unknowable
	case ref.isKind():
		return x.kind(def, path)
	case ref.isAnonymous():
		return x.anonymous(def, &ref, path)
	}
	v := ldAttribute{x: logic.Var(ref.path), length: logic.Var(ref.path + ".length"), clause: ref.clause}
	c, ok := x.operator(def, &v, path)
	if !ok {
		return unknowable
	}
	if def.Negate {
		present := asks(isPresent(v.x))
		c = allOf(present, not(c))
	}
	return c
}

// kind compares the kinds of the context.
func (x *ldReader) kind(def *ldClause, path string) condition {
	if def.Op != "in" {
		x.lose(at(path, "op"), "the kinds of a context can only be looked for in a list here")
		return unknowable
	}
	var some []condition
	for _, v := range def.Values {
		if kind, isText := v.(string); isText {
			some = append(some, hasKind(kind))
		}
	}
	c := anyOf(some...)
	if def.Negate {
		c = not(c)
	}
	return c
}

func (x *ldReader) anonymous(def *ldClause, ref *ldReference, path string) condition {
	if !ldOperators[def.Op] {
		x.unknown(at(path, "op"), "there is no operator %q here", def.Op)
		return unknowable
	}
	truth := asks(isTruthy(logic.Var(ref.path)))
	c := never
	if def.Op == "in" {
		if slices.Contains(def.Values, any(true)) {
			c = anyOf(c, truth)
		}
		if slices.Contains(def.Values, any(false)) {
			c = anyOf(c, not(truth))
		}
	}
	if def.Negate {
		c = not(c)
	}
	return allOf(hasKind(ref.kind), c)
}

// ldOperators are the operators of LaunchDarkly without segmentMatch.
var ldOperators = map[string]bool{
	"in":                 true,
	"startsWith":         true,
	"endsWith":           true,
	"contains":           true,
	"matches":            true,
	"lessThan":           true,
	"lessThanOrEqual":    true,
	"greaterThan":        true,
	"greaterThanOrEqual": true,
	"before":             true,
	"after":              true,
	"semVerEqual":        true,
	"semVerLessThan":     true,
	"semVerGreaterThan":  true,
}

// ldAttribute is an attribute that is compared. Its name for clauses is "" where clauses cannot compare it.
type ldAttribute struct {
	x, length logic.Expression
	clause    string
}

// any is met where the attribute meets the test of logic.Var(""). If the attribute is a list, any of its elements has
// to meet it. The clause says the same, if there is one.
func (v *ldAttribute) any(test logic.Expression, operator evaluator.Operator, values []any) condition {
	if test == false {
		return never
	}
	c := asks(logic.Apply("some", logic.Apply("merge", v.x), test))
	if v.clause != "" {
		c.metBy = []evaluator.Clause{{Attribute: v.clause, Operator: operator, Values: raws(values)}}
	}
	return c
}

// ofType are the values of a type.
func ofType[T any](values []any) (list []any) {
	for _, v := range values {
		if _, ok := v.(T); ok {
			list = append(list, v)
		}
	}
	return list
}

func (x *ldReader) operator(def *ldClause, v *ldAttribute, path string) (condition, bool) {
	element := logic.Var("")
	switch def.Op {
	case "in":
		values := slices.Concat(ofType[string](def.Values), ofType[float64](def.Values), ofType[bool](def.Values))
		if len(values) == 0 {
			return never, true
		}
		return v.any(logic.Apply("in", element, values), evaluator.OpIn, values), true
	case "startsWith", "endsWith", "contains":
		values := ofType[string](def.Values)
		test := logic.Expression(false)
		for _, value := range values {
			test = logic.Any(test, elementHas(def.Op, value.(string)))
		}
		operator := map[string]evaluator.Operator{
			"startsWith": evaluator.OpStartsWith,
			"endsWith":   evaluator.OpEndsWith,
			"contains":   evaluator.OpContains,
		}
		return v.any(logic.All(logic.IsString(element), test), operator[def.Op], values), true
	case "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual":
		return v.compared(def.Op, ofType[float64](def.Values)), true
	case "before", "after":
		return x.instant(def, v, path), true
	case "semVerEqual", "semVerLessThan", "semVerGreaterThan":
		return x.version(def, v, path), true
	case "matches":
		return x.matches(def, v, path), true
	}
	x.unknown(at(path, "op"), "there is no operator %q here", def.Op)
	return unknowable, false
}

// elementHas looks into an element that is a text. flagd's own operators fail on elements.
func elementHas(op, part string) logic.Expression {
	element := logic.Var("")
	n := len(utf16.Encode([]rune(part)))
	switch {
	case part == "":
		return true
	case op == "contains":
		return logic.Apply("in", part, element)
	case op == "startsWith":
		return logic.Apply("===", logic.Apply("substr", element, 0, n), part)
	default:
		return logic.Apply("===", logic.Apply("substr", element, -n), part)
	}
}

// compared compares numbers.
func (v *ldAttribute) compared(op string, bounds []any) condition {
	relations := map[string]string{
		"lessThan":           "<",
		"lessThanOrEqual":    "<=",
		"greaterThan":        ">",
		"greaterThanOrEqual": ">=",
	}
	element := logic.Var("")
	test := logic.Expression(false)
	for _, bound := range bounds {
		test = logic.Any(test, logic.Apply(relations[op], element, bound))
	}
	return v.any(logic.All(logic.IsNumber(element, logic.Var("length")), test), evaluator.Operator(op), bounds)
}

// instant compares times in milliseconds. An expression cannot compare times that are texts, or times in lists that
// have texts in them.
func (x *ldReader) instant(def *ldClause, v *ldAttribute, path string) condition {
	op := map[string]string{"before": "lessThan", "after": "greaterThan"}[def.Op]
	var bounds []any
	for i, value := range def.Values {
		switch value := value.(type) {
		case float64:
			bounds = append(bounds, value)
		case string:
			t, err := time.Parse(time.RFC3339Nano, value)
			if err != nil {
				x.lose(
					at(path, "values", i),
					"%q is no time such as 2026-01-31T12:00:00Z; the contexts that come to it are kept out",
					value,
				)
				return unknowable
			}
			bounds = append(bounds, float64(t.UnixMilli()))
		}
	}
	c := v.compared(op, bounds)
	x.lose(
		path,
		"a time has to be given as a number of milliseconds here; contexts that give it as a text are kept out",
	)
	c.unmet = logic.All(c.unmet, logic.Apply("none", logic.Apply("merge", v.x), logic.IsString(logic.Var(""))))
	c.metBy, c.unmetBy, c.unsure = nil, nil, true
	return c
}

// version compares versions, which have no v before them.
func (x *ldReader) version(def *ldClause, v *ldAttribute, path string) condition {
	relation := map[string]string{"semVerEqual": "=", "semVerLessThan": "<", "semVerGreaterThan": ">"}[def.Op]
	test := logic.Expression(false)
	for _, value := range ofType[string](def.Values) {
		text := value.(string)
		if _, ok := evaluator.CompareVersions(text, text); ok && text[0] != 'v' {
			test = logic.Any(test, logic.Apply("sem_ver", v.x, relation, text))
		}
	}
	if test == false {
		return never
	}
	first := logic.Apply("substr", v.x, 0, 1)
	version := logic.All(logic.IsVersion(v.x), logic.Not(logic.Apply("===", first, "v")))
	list := logic.All(
		logic.Not(logic.IsString(v.x)),
		logic.Apply("some", logic.Apply("merge", v.x), logic.IsString(logic.Var(""))),
	)
	x.lose(
		path,
		"versions in a list, with spaces around them, or with fewer than three numbers before a hyphen are kept out here",
	)
	c := asks(logic.All(version, test))
	c.unmet, c.unsure = logic.All(c.unmet, logic.Not(oddVersion(v.x)), logic.Not(list)), true
	return c
}

const (
	asciiDigits  = "0123456789"
	asciiLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// oddVersion is true for texts that may be versions to LaunchDarkly but are no versions to sem_ver.
func oddVersion(x logic.Expression) logic.Expression {
	first, last := logic.Apply("substr", x, 0, 1), logic.Apply("substr", x, -1)
	return logic.All(
		logic.IsString(x),
		logic.Not(logic.IsVersion(x)),
		logic.Not(logic.Apply("in", first, asciiLetters)),
		logic.Any(
			logic.Not(logic.Apply("in", first, asciiDigits)),
			logic.Apply("in", "-", x), logic.Apply("in", "+", x),
			logic.Not(logic.Apply("in", last, asciiDigits+asciiLetters)),
		),
	)
}

// matches looks for regular expressions, as far as expressions can say them.
func (x *ldReader) matches(def *ldClause, v *ldAttribute, path string) condition {
	script := dialect{newlines: []string{"\n", "\r", "\u2028", "\u2029"}, script: true, element: true}
	test := logic.Expression(false)
	for i, value := range def.Values {
		pattern, isText := value.(string)
		if !isText {
			continue
		}
		match, ok := matchesPattern(logic.Var(""), pattern, script)
		if !ok {
			x.lose(
				at(path, "values", i),
				"the regular expression %q cannot be said here: only plain text at the beginning, at the end or anywhere can",
				pattern,
			)
			return unknowable
		}
		test = logic.Any(test, match)
	}
	if test == false {
		return never
	}
	return asks(logic.Apply("some", logic.Apply("merge", v.x), logic.All(logic.IsString(logic.Var("")), test)))
}
