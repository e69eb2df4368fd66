// Package logic builds expressions in flagd's JSONLogic, which the evaluator and flagd's providers evaluate alike.
package logic

import "strings"

const digits = "0123456789"

// Expression is JSONLogic as encoding/json writes it. The booleans true and false are conditions that are known beforehand.
type Expression = any

// Apply is an operation.
func Apply(operator string, arguments ...Expression) Expression {
	return map[string]Expression{operator: arguments}
}

// Var is an attribute of the context, or of the element that an expression is about; "" is the element itself.
func Var(path string) Expression { return map[string]Expression{"var": path} }

// All is the conjunction, without what is true anyway.
func All(conditions ...Expression) Expression {
	return junction("and", true, conditions)
}

// Any is the disjunction, without what is false anyway.
func Any(conditions ...Expression) Expression {
	return junction("or", false, conditions)
}

// junction leaves out the neutral conditions, and is a constant where one condition decides.
func junction(operator string, neutral bool, conditions []Expression) Expression {
	var kept []Expression
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
		return Apply(operator, kept...)
	}
}

// Not is the negation in JSONLogic's two values.
func Not(condition Expression) Expression {
	if known, ok := condition.(bool); ok {
		return !known
	}
	return Apply("!", condition)
}

// IsString is true for strings: what cat makes of anything else is not the same as it.
func IsString(x Expression) Expression { return Apply("===", Apply("cat", x, ""), x) }

// IsNumber is true for numbers. length must be the expression for x's member of that name, which lists have where
// strings and numbers are not told apart.
//
// JSONLogic has no test for it, and its arithmetic is an error on lists and objects in some implementations. Of what is
// no string and has no length, only the text of a number begins so: that of an object begins with a bracket or a name.
func IsNumber(x, length Expression) Expression {
	first := Apply("substr", Apply("cat", x, ""), 0, 1)
	return All(
		Not(IsString(x)),
		Apply("===", length, nil),
		Apply("in", first, strings.Split("-"+digits, "")),
	)
}

// IsBoolean is true for booleans.
func IsBoolean(x Expression) Expression {
	return Any(Apply("===", x, true), Apply("===", x, false))
}
