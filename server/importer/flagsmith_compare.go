package importer

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// flagsmithRelations are the relations of a trait to a condition's value.
func flagsmithRelation(operator string) string {
	return map[string]string{"EQUAL": "==", "NOT_EQUAL": "!=", "GREATER_THAN": ">", "GREATER_THAN_INCLUSIVE": ">=",
		"LESS_THAN": "<", "LESS_THAN_INCLUSIVE": "<="}[operator]
}

// compared compares a trait with a value. The value is read as the type of the trait: a boolean, a number or else a
// text. A value that ends in :semver is a version.
func (x *flagsmithReader) compared(v logic.Expression, def *flagsmithCondition, path string) condition {
	value, ok := x.valueText(def.Value)
	if !ok {
		x.lose(at(path, "value"), "a trait cannot be compared with %s here", raw(def.Value))
		return unknowable
	}
	if _, isText := def.Value.(string); isText && strings.HasSuffix(value, ":semver") {
		return x.versions(v, def.Operator, strings.Replace(value, ":semver", "", 1), path)
	}
	isBoolean := logic.IsBoolean(v)
	isNumber := logic.IsNumber(v, lengthOf(v))
	if def.Operator == "CONTAINS" {
		return contains(v, value, isBoolean, isNumber)
	}
	relation := flagsmithRelation(def.Operator)
	asBoolean := def.Value != "False" && def.Value != "false"
	booleans := logic.Any(logic.All(logic.Apply("===", v, true), relates(relation, true, asBoolean)),
		logic.All(logic.Apply("===", v, false), relates(relation, false, asBoolean)))
	numbers := logic.Expression(def.Operator == "NOT_EQUAL") // of what is no number
	if n, isNumber := parseFloat(value); isNumber {
		if numbers = numberIn(textOf(v), relation, n); def.Operator == "NOT_EQUAL" {
			numbers = logic.Not(numberIn(textOf(v), "==", n))
		}
	}
	texts := logic.Apply(textRelation(relation), logic.Apply("or", textOf(v)), value)
	return asks(logic.All(isPresent(v), logic.Any(booleans, logic.All(isNumber, numbers),
		logic.All(logic.Not(isBoolean), logic.Not(isNumber), texts))))
}

func textRelation(relation string) string {
	switch relation {
	case "==":
		return "==="
	case "!=":
		return "!=="
	}
	return relation
}

// relates compares booleans. false is less than true.
func relates(relation string, a, b bool) bool {
	number := map[bool]int{true: 1}
	switch relation {
	case "==":
		return a == b
	case "!=":
		return a != b
	case ">":
		return number[a] > number[b]
	case ">=":
		return number[a] >= number[b]
	case "<":
		return number[a] < number[b]
	default:
		return number[a] <= number[b]
	}
}

// contains looks for a text in texts, and among the elements of lists.
func contains(v logic.Expression, value string, isBoolean, isNumber logic.Expression) condition {
	isText := logic.IsString(v)
	inText := logic.All(isText, logic.Apply("!==", v, ""), logic.Apply("in", value, textOf(v)))
	isList := logic.All(isPresent(v), logic.Not(isText), logic.Not(isBoolean), logic.Not(isNumber))
	inList := logic.All(isList, logic.Apply("some", logic.Apply("merge", v), logic.Apply("===", logic.Var(""), value)))
	return asks(logic.Any(inText, inList))
}

var leadingNumber = regexp.MustCompile(`^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`)

// parseFloat is JavaScript's: the number that a text begins with.
func parseFloat(text string) (float64, bool) {
	n, err := strconv.ParseFloat(leadingNumber.FindString(strings.TrimFunc(text, isScriptSpace)), 64)
	return n, err == nil
}

// versions compares semantic versions. A text that is no version is neither equal nor less nor greater.
func (x *flagsmithReader) versions(v logic.Expression, operator, bound, path string) condition {
	switch operator {
	case "NOT_EQUAL": // of texts, as Flagsmith has it
		return asks(logic.All(isPresent(v), logic.Apply("!==", textOf(v), bound)))
	case "CONTAINS":
		return contains(v, bound, logic.IsBoolean(v), logic.IsNumber(v, lengthOf(v)))
	}
	bound = strings.TrimPrefix(strings.TrimFunc(bound, isScriptSpace), "v")
	if _, whole := evaluator.CompareVersions(bound, bound); !whole || !wholeVersion(bound) {
		x.lose(at(path, "value"), "%q is no version; nobody is met", bound)
		return unknowable
	}
	relation := flagsmithRelation(operator)
	if relation == "==" {
		relation = "="
	}
	return asks(logic.All(logic.IsString(v), isWholeVersion(v), logic.Apply("sem_ver", v, relation, bound)))
}
