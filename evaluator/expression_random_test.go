package evaluator

import (
	"math/rand/v2"
	"strconv"
)

// expressionCase is an expression and what it is evaluated for.
type expressionCase struct {
	Targeting map[string]any `json:"targeting"`
	Context   map[string]any `json:"context"`
	// Result is what flagd gives: "value:" and its text, "null", "failed" or "refused".
	Result string `json:"result,omitempty"`
}

// expressionGenerator makes expressions that people write, and some that they would not.
type expressionGenerator struct{ *rand.Rand }

func (g expressionGenerator) caseOf() expressionCase {
	return expressionCase{Targeting: g.targeting(), Context: g.context()}
}

func oneOf[T any](g expressionGenerator, choices ...T) T { return choices[g.IntN(len(choices))] }

// targeting is an operator at the top, most often one that gives the name of a variant.
func (g expressionGenerator) targeting() map[string]any {
	for {
		if operator, ok := g.expression(1 + g.IntN(5)).(map[string]any); ok && len(operator) == 1 {
			return operator
		}
	}
}

func (g expressionGenerator) context() map[string]any {
	context := map[string]any{}
	for _, name := range []string{"targetingKey", "email", "age", "app", "tags", "numbers", "beta", "nothing", "version", "people", "ü", "empty"} {
		if g.IntN(4) > 0 {
			context[name] = g.attribute(name)
		}
	}
	return context
}

func (g expressionGenerator) attribute(name string) any {
	if g.IntN(6) == 0 {
		return g.literal()
	}
	switch name {
	case "targetingKey":
		return oneOf[any](g, "user-1", "user-2", "a key of some length", "", 7.0, nil)
	case "email":
		return oneOf[any](g, "a@example.com", "b@example.org", "", nil)
	case "age":
		return oneOf[any](g, 17.0, 18.0, -1.5, 1e21, 1e-7, "18", "x", nil)
	case "app":
		return oneOf[any](g, map[string]any{"version": "2.3.1", "build": map[string]any{"number": 12.0, "tags": []any{"x", 1.0}}}, map[string]any{}, "app", 0.0)
	case "tags":
		return oneOf[any](g, []any{"a", "b", "c"}, []any{}, []any{"a", nil, 2.0, true}, "a,b")
	case "numbers":
		return oneOf[any](g, []any{1.0, 2.0, 3.0}, []any{0.0}, []any{"1", 2.0, "x"}, []any{[]any{1.0}, 2.0}, 5.0)
	case "beta":
		return oneOf[any](g, true, false, "true", 1.0)
	case "version":
		return oneOf[any](g, "1.2.3", "v1.2.3-rc.1", "V2", "1.2", "2.0.0+build", "x1", 2.0, "01.2.3")
	case "people":
		return oneOf[any](g, []any{map[string]any{"name": "Ann", "age": 30.0}, map[string]any{"name": "Bob"}}, []any{map[string]any{}})
	case "ü":
		return oneOf[any](g, "größe", "😀x", "\ue000")
	default:
		return oneOf[any](g, nil, "", []any{}, map[string]any{})
	}
}

func (g expressionGenerator) literal() any {
	return oneOf[any](g, "on", "off", "", "18", " 7 ", "a", "b", "x,y", "abc", "0x1f", "1e3", "-Infinity", "true", "null",
		0.0, 1.0, -1.0, 2.0, 18.0, 1.5, 100.0, 1e21, 123456789012345680.0, true, false, nil, "ß😀", "1.2.3", "^1")
}

func (g expressionGenerator) path() any {
	return oneOf[any](g, "targetingKey", "email", "age", "app", "tags", "numbers", "beta", "nothing", "version", "people", "ü", "empty",
		"absent", "app.version", "app.build.number", "app.build.tags.1", "app.build.tags.length", "tags.0", "tags.length", "email.length", "people.0.name",
		"absent.more", "age.more", "a\\.b", "$flagd.flagKey", "$flagd.timestamp", "$flagd.nothing", "", "..", ".x", 0.0, 1.0,
		"name", "accumulator", "current", "../index", "../../email", "../iterator.length", "../x", "../../../email", "../../age")
}

func (g expressionGenerator) variable() any {
	switch g.IntN(12) {
	case 0:
		return operate("var", []any{g.path()})
	case 1:
		return operate("var", []any{g.path(), g.literal()})
	case 2:
		return operate("var", []any{g.path(), g.variable()})
	case 3:
		return operate("var", operate("cat", []any{"a", g.variable()}))
	case 4:
		return operate("var", []any{g.variable(), "fallback"})
	default:
		return operate("var", g.path())
	}
}

func operate(name string, args any) map[string]any { return map[string]any{name: args} }

func (g expressionGenerator) many(depth, least, most int) []any {
	args := make([]any, least+g.IntN(most-least+1))
	for i := range args {
		args[i] = g.expression(depth - 1)
	}
	return args
}

// oneOrMany is a list of arguments or a single one.
func (g expressionGenerator) oneOrMany(depth, least, most int) any {
	if g.IntN(5) == 0 {
		return g.expression(depth - 1)
	}
	return g.many(depth, least, most)
}

func (g expressionGenerator) expression(depth int) any {
	if depth <= 0 {
		if g.IntN(5) < 3 {
			return g.variable()
		}
		return g.literal()
	}
	switch g.IntN(30) {
	case 0, 1, 2:
		return operate(oneOf(g, "if", "if", "?:"), g.many(depth, 1, 5))
	case 3, 4, 5, 6:
		return operate(oneOf(g, "==", "===", "!=", "!==", "<", "<=", ">", ">="), g.many(depth, 2, oneOf(g, 2, 2, 3, 4)))
	case 7, 8:
		return operate(oneOf(g, "and", "or"), g.many(depth, 1, 3))
	case 9:
		return operate(oneOf(g, "!", "!!"), g.oneOrMany(depth, 1, 2))
	case 10, 11:
		return operate(oneOf(g, "+", "-", "*", "/", "%"), g.oneOrMany(depth, 1, 3))
	case 12:
		return operate(oneOf(g, "max", "min"), g.oneOrMany(depth, 1, 3))
	case 13, 14:
		return operate("cat", g.oneOrMany(depth, 1, 3))
	case 15, 16:
		return g.membership(depth)
	case 17:
		return operate("substr", []any{g.expression(depth - 1), g.index(), g.index()}[:2+g.IntN(2)])
	case 18:
		return operate("merge", g.oneOrMany(depth, 1, 3))
	case 19, 20:
		return operate(oneOf(g, "map", "filter", "some", "all", "none"), []any{g.list(depth), g.expression(depth - 1)})
	case 21:
		return g.reduction(depth)
	case 22:
		return g.absence(depth)
	case 23, 24, 25:
		return g.fractional(depth)
	case 26:
		return operate("sem_ver", []any{g.variable(), oneOf[any](g, "=", "!=", "<", "<=", ">=", ">", "^", "~", "x"),
			oneOf[any](g, "1.2.3", "v2.0.0", "1", "1.2", "1.2.3-rc.1", 2.0, g.variable())})
	case 27:
		return operate(oneOf(g, "starts_with", "ends_with"), []any{g.expression(depth - 1), oneOf[any](g, "a", "@example.com", "", g.variable())})
	case 28:
		return g.list(depth)
	default:
		return g.variable()
	}
}

func (g expressionGenerator) index() any {
	return oneOf[any](g, 0.0, 1.0, 2.0, -1.0, -2.0, 10.0, -1.5, "1", nil, operate("var", "age"))
}

func (g expressionGenerator) membership(depth int) any {
	list := oneOf[any](g, []any{"a", "b"}, []any{"a", 18.0, nil}, []any{"a@example.com", "b@example.org", "1", "2", "3", "4", "5", "6", "7", "8"},
		"abcdef", operate("var", "tags"), operate("var", "email"), g.expression(depth-1))
	return operate("in", []any{g.expression(depth - 1), list})
}

func (g expressionGenerator) list(depth int) any {
	switch g.IntN(6) {
	case 0:
		return g.many(depth, 0, 3)
	case 1:
		return []any{1.0, 2.0, 3.0}
	case 2:
		return g.expression(depth - 1)
	default:
		return operate("var", oneOf(g, "tags", "numbers", "people", "absent", "email"))
	}
}

func (g expressionGenerator) reduction(depth int) any {
	pair := []any{operate("var", "accumulator"), operate("var", "current")}
	mapper := oneOf[any](g, operate("+", pair), operate("*", pair), operate("cat", pair), operate("merge", pair), operate("max", pair), operate("-", pair), g.targeting())
	args := []any{g.list(depth), mapper}
	if g.IntN(4) > 0 {
		args = append(args, oneOf[any](g, 0.0, 1.0, "", nil, []any{}, g.expression(depth-1)))
	}
	return operate("reduce", args)
}

func (g expressionGenerator) absence(depth int) any {
	names := []any{"email", "absent", "app.version", "nothing", "app.x"}[:g.IntN(6)]
	switch g.IntN(4) {
	case 0:
		return operate("missing_some", []any{float64(g.IntN(4)), names})
	case 1:
		return operate("missing_some", []any{g.variable(), names})
	case 2:
		return operate("missing", g.oneOrMany(depth, 0, 3))
	default:
		return operate("missing", names)
	}
}

func (g expressionGenerator) fractional(depth int) any {
	var args []any
	switch g.IntN(4) {
	case 0:
		args = append(args, operate("cat", []any{operate("var", "$flagd.flagKey"), g.variable()}))
	case 1:
		args = append(args, g.expression(depth-1))
	case 2:
		args = append(args, operate("cat", []any{"seed", operate("var", "targetingKey")}))
	}
	for i := range 1 + g.IntN(4) {
		entry := []any{"v" + strconv.Itoa(i)}
		switch g.IntN(8) {
		case 0:
		case 1:
			entry = append(entry, g.expression(depth-1))
		case 2:
			entry = []any{g.expression(depth - 1), 10.0}
		case 3:
			entry = append(entry, oneOf[any](g, -1.0, 1.5, 2147483647.0, "10", nil))
		default:
			entry = append(entry, float64(g.IntN(100)))
		}
		args = append(args, entry)
	}
	if g.IntN(20) == 0 {
		args = append(args, g.literal())
	}
	return operate("fractional", args)
}
