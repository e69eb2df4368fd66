package importer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

func TestJudgeFlagd(t *testing.T) {
	t.Parallel()
	d := differential{engine: "flagd", source: importer.Source{Format: "flagd"}, generate: flagdFile, exact: 0.9,
		context: func(random *rand.Rand) map[string]any { return contextOf(random, "country", "age", "version", "plan") }}
	d.run(t)
}

// flagdFile is a flag definition of flagd.
func flagdFile(random *rand.Rand) any {
	flags := map[string]any{}
	for i := range 10 {
		variants := map[string]any{"on": true, "off": false}
		if chance(random, 0.3) {
			variants = map[string]any{"on": "a", "off": "b"}
		}
		f := map[string]any{"state": "ENABLED", "variants": variants, "defaultVariant": oneOf[any](random, "off", "off", "on", nil)}
		if chance(random, 0.1) {
			f["state"] = "DISABLED"
		}
		if chance(random, 0.9) {
			f["targeting"] = flagdTargeting(random)
		}
		flags[fmt.Sprintf("f%d", i)] = f
	}
	return map[string]any{"flags": flags, "$evaluators": map[string]any{"shared": flagdCondition(random, 1)}}
}

func flagdTargeting(random *rand.Rand) any {
	outcome := func() any {
		if chance(random, 0.15) {
			parts := []any{[]any{oneOf(random, "on", "off"), 100}, []any{"off", 0}}
			if chance(random, 0.5) {
				parts = append([]any{map[string]any{"cat": []any{map[string]any{"var": "$flagd.flagKey"}, map[string]any{"var": "age"}}}}, parts...)
			}
			return map[string]any{"fractional": parts}
		}
		return oneOf[any](random, "on", "on", "off", nil)
	}
	if chance(random, 0.15) {
		for {
			if targeting, ok := outcome().(map[string]any); ok {
				return targeting
			}
		}
	}
	branches := []any{}
	for range 1 + random.IntN(3) {
		branches = append(branches, flagdCondition(random, 2), outcome())
	}
	return map[string]any{"if": append(branches, outcome())}
}

func flagdCondition(random *rand.Rand, depth int) any {
	variable := map[string]any{"var": oneOf(random, "country", "age", "version", "plan", "targetingKey")}
	operation := func(operator string, arguments ...any) any { return map[string]any{operator: arguments} }
	if depth > 0 {
		switch random.IntN(5) {
		case 0:
			return operation("and", flagdCondition(random, depth-1), flagdCondition(random, depth-1))
		case 1:
			return operation("or", flagdCondition(random, depth-1), flagdCondition(random, depth-1))
		case 2:
			return operation("!", flagdCondition(random, depth-1))
		case 3:
			if depth == 2 {
				return map[string]any{"$ref": "shared"}
			}
		}
	}
	switch random.IntN(6) {
	case 0:
		return operation(oneOf(random, "==", "===", "!=", "!=="), variable, scalar(random))
	case 1:
		return operation("in", variable, several(random, 1, 3, scalar))
	case 2:
		return operation("in", oneOf(random, "FR", "a", "1"), variable)
	case 3:
		return operation(oneOf(random, "starts_with", "ends_with"), variable, oneOf(random, "F", "R", "1", "@example.com", ""))
	case 4:
		return operation("sem_ver", variable, oneOf(random, "=", "!=", "<", "<=", ">", ">=", "^", "~"), oneOf(random, "1.0.0", "1.2.3", "2.3.0-rc.1", "2.0.0"))
	default:
		return operation(oneOf(random, "<", "<=", ">", ">="), variable, oneOf[any](random, 1, 8, 18, 20.5))
	}
}
