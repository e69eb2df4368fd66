package flagdjson

import "github.com/tidegate-io/tidegate/evaluator"

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
		apply("in", first, []string{"-", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}),
	)
}

// isBoolean is true for booleans.
func isBoolean(x logic) logic {
	return anyOf(apply("===", x, true), apply("===", x, false))
}

// isVersion is true for the strings that are versions to the evaluator and to sem_ver. sem_ver reads more: " 1.2.3",
// "V1", and "01.2", which has no more parts than two. With parts appended that it lacks, it is read strictly.
func isVersion(x logic) logic {
	digits := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}
	first, second := apply("substr", x, 0, 1), apply("substr", x, 1, 1)
	whole := make([]logic, 0, 3)
	for _, suffix := range []string{"-0", ".0", ".0.0"} {
		completed := apply("cat", x, suffix)
		whole = append(whole, apply("sem_ver", completed, "=", completed))
	}
	return allOf(
		isString(x),
		anyOf(apply("in", first, digits), allOf(apply("===", first, "v"), apply("in", second, digits))),
		apply("sem_ver", x, "=", x),
		anyOf(whole...),
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
