package evaluator

import "math"

// operation is what a node does.
type operation uint8

const (
	opConstant operation = iota
	opList               // a list of expressions
	opContext            // what surrounds the expression: the context, or the element of a list
	opIndex              // the index of the element that map, filter, … look at
	opFail               // always fails, as the engine does here
	opVar                // a path that is known, perhaps with a default
	opVarShort           // the interpreter's path of two or three names
	opVarName            // the interpreter's single name
	opVarOf              // a path that is computed, or leads out of a list by "../"
	opMissing
	opMissingSome
	opIf
	opOr
	opAnd
	opNot
	opIsTrue
	opLess
	opLessOrEqual
	opGreater
	opGreaterOrEqual
	opEqual
	opNotEqual
	opSame
	opNotSame
	opAdd
	opSubtract
	opMultiply
	opDivide
	opRemainder
	opMax
	opMin
	opIn
	opCat
	opSubstr
	opMerge
	opMap
	opFilter
	opSome
	opAll
	opNone
	opReduce
	opFractional
	opSemVer
	opStartsWithText
	opEndsWithText
)

// operationOf knows every operator by its name.
func operationOf(name string) (operation, bool) {
	switch name {
	case "var":
		return opVarOf, true
	case "missing":
		return opMissing, true
	case "missing_some":
		return opMissingSome, true
	case "if", "?:":
		return opIf, true
	case "or":
		return opOr, true
	case "and":
		return opAnd, true
	case "!":
		return opNot, true
	case "!!":
		return opIsTrue, true
	case "in":
		return opIn, true
	case "cat":
		return opCat, true
	case "substr":
		return opSubstr, true
	case "merge":
		return opMerge, true
	case "fractional":
		return opFractional, true
	case "sem_ver":
		return opSemVer, true
	case "starts_with":
		return opStartsWithText, true
	case "ends_with":
		return opEndsWithText, true
	}
	if op, ok := comparisonOf(name); ok {
		return op, true
	}
	if op, ok := iterationOf(name); ok {
		return op, true
	}
	return arithmeticOf(name)
}

func comparisonOf(name string) (operation, bool) {
	switch name {
	case "<":
		return opLess, true
	case "<=":
		return opLessOrEqual, true
	case ">":
		return opGreater, true
	case ">=":
		return opGreaterOrEqual, true
	case "==":
		return opEqual, true
	case "!=":
		return opNotEqual, true
	case "===":
		return opSame, true
	case "!==":
		return opNotSame, true
	}
	return 0, false
}

func iterationOf(name string) (operation, bool) {
	switch name {
	case "map":
		return opMap, true
	case "filter":
		return opFilter, true
	case "some":
		return opSome, true
	case "all":
		return opAll, true
	case "none":
		return opNone, true
	case "reduce":
		return opReduce, true
	}
	return 0, false
}

func arithmeticOf(name string) (operation, bool) {
	switch name {
	case "+":
		return opAdd, true
	case "-":
		return opSubtract, true
	case "*":
		return opMultiply, true
	case "/":
		return opDivide, true
	case "%":
		return opRemainder, true
	case "max":
		return opMax, true
	case "min":
		return opMin, true
	}
	return 0, false
}

const unknownExpressionOperator = "the operator must be one of var, missing, missing_some, if, ?:, ==, ===, !=, !==, !, !!, or, and, " +
	">, >=, <, <=, max, min, +, -, *, /, %, map, reduce, filter, all, none, some, merge, in, cat, substr, fractional, sem_ver, " +
	"starts_with, ends_with and $ref"

func (op operation) compares() bool { return op >= opLess && op <= opNotSame }

// strict reports === and !==.
func (op operation) strict() bool { return op == opSame || op == opNotSame }

// iterates reports the operators whose second argument is evaluated for each element of a list.
func (op operation) iterates() bool { return op >= opMap && op <= opReduce }

// lazy reports the operators that choose themselves which arguments they evaluate.
func (op operation) lazy() bool {
	return op == opIf || op == opOr || op == opAnd || op.compares() || op.iterates()
}

// unary reports the operators whose only argument is not made a list.
func (op operation) unary() bool {
	return op == opVarOf || op == opAdd || op == opSubtract || op == opNot || op == opIsTrue || op == opCat
}

// arity is how many arguments built code looks at.
func (op operation) arity() int {
	switch op {
	case opNot, opIsTrue:
		return 1
	case opIn:
		return 2
	default:
		return math.MaxInt
	}
}
