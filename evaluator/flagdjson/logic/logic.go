// Package logic builds expressions in flagd's JSONLogic, which the evaluator and flagd's providers evaluate alike.
package logic

import "strings"

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// Expression is JSONLogic as encoding/json writes it. The booleans true and false are conditions that are known
// beforehand.
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
// JSONLogic has no test for it, and its arithmetic is an error on lists and objects in some implementations. So the
// text of x decides. Once strings and values with a length are excluded, only the text of a number begins with a digit
// or a minus sign. The text of an object begins with a bracket or a name.
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

// IsVersion is true for the strings that are versions to the evaluator and to sem_ver. sem_ver reads more: "V1", "
// 1.2.3 ", and leading zeros in what has no more than two parts, such as 01.2.
func IsVersion(x Expression) Expression {
	character := func(i int) Expression { return Apply("substr", x, i, 1) }
	isDigit := func(c Expression) Expression { return Apply("in", c, strings.Split(digits, "")) }
	zeros := []Expression{
		All(Apply("===", character(0), "0"), isDigit(character(1))),
		All(Apply("===", character(0), "v"), Apply("===", character(1), "0"), isDigit(character(2))),
	}
	for _, digit := range digits {
		zeros = append(zeros, Apply("in", ".0"+string(digit), x))
	}
	return All(
		IsString(x),
		Any(isDigit(character(0)), All(Apply("===", character(0), "v"), isDigit(character(1)))),
		Apply("in", Apply("substr", x, -1), digits+letters+"-"),
		Apply("sem_ver", x, "=", x),
		// A version with a suffix has three parts. sem_ver allows no such zeros in them, but the suffix may have them.
		Any(Apply("in", "-", x), Apply("in", "+", x), Not(Any(zeros...))),
	)
}
