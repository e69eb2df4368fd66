package flagdjson

import (
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// logic is JSONLogic as encoding/json writes it. The booleans true and false are conditions that are known beforehand.
type logic = any

// apply is an operation.
func apply(operator string, arguments ...logic) logic {
	return map[string]logic{operator: arguments}
}

// variable is an attribute of the context, or of the element that an expression is about; "" is the element itself.
func variable(path string) logic { return map[string]logic{"var": path} }

// allOf is the conjunction, without what is true anyway.
func allOf(conditions ...logic) logic {
	return junction("and", true, conditions)
}

// anyOf is the disjunction, without what is false anyway.
func anyOf(conditions ...logic) logic {
	return junction("or", false, conditions)
}

// junction leaves out the neutral conditions, and is a constant where one condition decides.
func junction(operator string, neutral bool, conditions []logic) logic {
	var kept []logic
	for _, c := range conditions {
		if known, ok := c.(bool); ok {
			if known != neutral {
				return known
			}
			continue
		}
		kept = append(kept, c)
	}
	switch len(kept) {
	case 0:
		return neutral
	case 1:
		return kept[0]
	default:
		return apply(operator, kept...)
	}
}

// not is the negation in JSONLogic's two values.
func not(condition logic) logic {
	if known, ok := condition.(bool); ok {
		return !known
	}
	return apply("!", condition)
}

// isString is true for strings: what cat makes of anything else is not the same as it.
func isString(x logic) logic { return apply("===", apply("cat", x, ""), x) }

// isNumber is true for numbers. length must be the expression for x's member of that name, which lists have where
// strings and numbers are not told apart.
//
// JSONLogic has no test for it, and its arithmetic is an error on lists and objects in some implementations. Of what is
// no string and has no length, only the text of a number begins so: that of an object begins with a bracket or a name.
func isNumber(x, length logic) logic {
	first := apply("substr", apply("cat", x, ""), 0, 1)
	return allOf(
		not(isString(x)),
		apply("===", length, nil),
		apply("in", first, strings.Split("-"+digits, "")),
	)
}

// isBoolean is true for booleans.
func isBoolean(x logic) logic {
	return anyOf(apply("===", x, true), apply("===", x, false))
}

// isVersion is true for the strings that are versions to the evaluator and to sem_ver. sem_ver reads more: "V1", " 1.2.3 ",
// and leading zeros in what has no more than two parts, such as 01.2.
func isVersion(x logic) logic {
	character := func(i int) logic { return apply("substr", x, i, 1) }
	isDigit := func(c logic) logic { return apply("in", c, strings.Split(digits, "")) }
	zeros := []logic{
		allOf(apply("===", character(0), "0"), isDigit(character(1))),
		allOf(apply("===", character(0), "v"), apply("===", character(1), "0"), isDigit(character(2))),
	}
	for _, digit := range digits {
		zeros = append(zeros, apply("in", ".0"+string(digit), x))
	}
	return allOf(
		isString(x),
		anyOf(isDigit(character(0)), allOf(apply("===", character(0), "v"), isDigit(character(1)))),
		apply("in", apply("substr", x, -1), digits+letters+"-"),
		apply("sem_ver", x, "=", x),
		// A version with a suffix has three parts, in which sem_ver allows no such zeros, and the suffix may have them.
		anyOf(apply("in", "-", x), apply("in", "+", x), not(anyOf(zeros...))),
	)
}

// inRange is true for the versions in the range, and false or null for the others and for what is no version.
func inRange(x logic, r evaluator.VersionRange) logic {
	alternatives := r.Bounds()
	conditions := make([]logic, 0, len(alternatives))
	for _, bounds := range alternatives {
		all := make([]logic, 0, len(bounds))
		for _, bound := range bounds {
			all = append(all, apply("sem_ver", x, bound.Relation, bound.Version))
		}
		conditions = append(conditions, allOf(all...))
	}
	return anyOf(conditions...)
}
