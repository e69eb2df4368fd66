package evaluator

import (
	"slices"
	"strconv"
	"strings"
)

// expressionBuilder compiles one expression.
type expressionBuilder struct {
	*compiler
	timed bool
	meter meter // for what is constant
}

// place is where an expression stands.
type place struct {
	pointer *pointer
	path    string // the same, relative to the expression
	// mapping: the place is inside the expression of map, filter, some, all or none. folding: the place is directly
	// inside the expression of reduce, where the engine's own index does not reach.
	mapping, folding bool
}

func (p place) field(name string) place {
	p.pointer, p.path = p.pointer.field(escapePointer(name)), p.path+"/"+escapePointer(name)
	return p
}

func (p place) item(i int) place {
	p.pointer, p.path = p.pointer.item(i), p.path+"/"+strconv.Itoa(i)
	return p
}

// escapePointer writes a name as RFC 6901 has it in a pointer.
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// fail reports a fault. It returns a node in place of the one that cannot be made.
func (b *expressionBuilder) fail(at place, message string) node {
	b.add(at.pointer, message)
	return node{op: opConstant}
}

// operator reads an object: its operator and the operator's arguments. An object without operator is a value.
func (b *expressionBuilder) operator(rule map[string]any, at place) (name string, op operation, args any, place place, ok bool) {
	if len(rule) != 1 {
		b.fail(at, "each object in an expression has one operator, and no more")
		return "", 0, nil, at, false
	}
	for name, args = range rule {
	}
	at = at.field(name)
	op, ok = operationOf(name)
	if !ok {
		b.fail(at, strconv.Quote(name)+" is no operator: "+unknownExpressionOperator)
	}
	return name, op, args, at, ok
}

// build compiles a value as the engine's built code does: lists and operators become code, and whatever is constant is
// computed at once, by the interpreter.
func (b *expressionBuilder) build(v any, at place) node {
	switch v := v.(type) {
	case []any:
		return b.buildList(v, at)
	case map[string]any:
		if len(v) == 0 {
			return node{op: opConstant, value: datum{kind: datumObject}}
		}
		name, op, args, there, ok := b.operator(v, at)
		if !ok {
			return node{op: opConstant}
		}
		if b.constant(v, false) {
			return b.compute(v, at)
		}
		return b.buildOperator(name, op, args, there)
	default:
		return node{op: opConstant, value: datumOf(v)}
	}
}

// compute evaluates what is constant. The engine does so when a flag is loaded, and accepts no constant that fails.
func (b *expressionBuilder) compute(v any, at place) node {
	n := b.interpret(v, at)
	if len(b.list) > 0 {
		return n
	}
	return b.settle(&n, at)
}

// settle is the constant that a node without variables becomes. All constants of an expression share one budget.
func (b *expressionBuilder) settle(n *node, at place) node {
	m := machine{meter: b.meter}
	d, ok := m.start(n, datum{kind: datumObject})
	b.meter = m.meter
	switch {
	case m.exceeded():
		return b.fail(at, "computing what is constant here takes too much work")
	case !ok:
		return b.fail(at, "this always fails: its operands are constant, and the operator cannot take them")
	default:
		return node{op: opConstant, value: d}
	}
}

func (b *expressionBuilder) buildList(items []any, at place) node {
	n := node{op: opList, built: true, args: b.buildAll(items, at), at: at.path}
	return n.settled()
}

func (b *expressionBuilder) buildAll(items []any, at place) []node {
	nodes := make([]node, len(items))
	for i := range items {
		nodes[i] = b.build(items[i], at.item(i))
	}
	return nodes
}

// settled is the constant that a list of constants becomes.
func (n *node) settled() node {
	items := make([]datum, len(n.args))
	for i := range n.args {
		if n.args[i].op != opConstant {
			return *n
		}
		items[i] = n.args[i].value
	}
	return node{op: opConstant, value: datumOfList(items), at: n.at}
}

// buildOperator compiles an operator that is not constant.
func (b *expressionBuilder) buildOperator(name string, op operation, args any, at place) node {
	list, isList := args.([]any)
	if !isList && !isObject(args) && !op.lazy() {
		list, isList = []any{args}, true
	}
	n := node{op: op, built: true, at: at.path}
	switch {
	case op == opVarOf:
		return b.buildVariable(list, isList, args, at)
	case op == opMissingSome:
		return b.missingSome(list, at, true)
	case op.lazy() && !isList:
		return b.fail(at, strconv.Quote(name)+" takes a list")
	case op == opIf && len(list) < 3:
		return b.interpretOperator(name, op, args, at)
	case op.iterates():
		return b.iteration(n, list, at, true)
	case op.compares() && len(list) < 2:
		return b.fail(at, "a comparison takes at least two values")
	case !isList:
		n.spread = true
		n.args = []node{b.build(args, at)}
		b.spreadOf(&n)
		return n
	}
	if op == opIf {
		n.args = b.buildAll(list, at)
		return n
	}
	list = list[:min(len(list), op.arity())]
	n.args = b.buildAll(list, at)
	b.checkBuilt(&n, list, at)
	return n
}

// spreadOf says how an operator takes a single expression in place of a list of arguments.
func (b *expressionBuilder) spreadOf(n *node) {
	switch n.op {
	case opNot, opIsTrue:
		n.spread = false // takes the value as it is
	case opMissing, opMerge, opMax, opMin, opIn, opSubstr, opSemVer, opStartsWithText, opEndsWithText, opFractional:
		n.built = false // a function of the interpreter
	}
}

// checkBuilt refuses what makes built code fail when the flag is loaded. It also refuses what has a meaning in built
// code only by accident.
func (b *expressionBuilder) checkBuilt(n *node, list []any, at place) {
	switch n.op {
	case opAdd, opSubtract, opMultiply, opDivide, opRemainder:
		for i := range n.args {
			b.checkOperand(n, i, list[i], at.item(i))
		}
		if n.op == opRemainder && len(n.args) < 2 {
			b.fail(at, "% takes at least two numbers")
		}
	case opCat:
		for i := range n.args {
			switch a := &n.args[i]; {
			case a.built && (a.op == opAll || a.op == opMissing || a.op == opMissingSome), a.built && a.op == opDivide && a.spread:
				b.fail(at.item(i), "cat cannot join this in flagd; wrap it in an if")
			}
		}
	case opMax, opMin, opMerge, opSubstr, opSemVer, opStartsWithText, opEndsWithText, opFractional:
		n.built = false // functions of the interpreter
		n.shares = sharesOf(n)
	case opIn:
		n.among = textsOf(n.args)
		if len(n.args) > 1 {
			b.checkList(&n.args[1], at.item(1))
		}
	case opMissing:
		n.built = len(list) <= 2 && plainNames(list)
	}
}

// checkOperand refuses constants that are no numbers, and constant divisors of zero.
func (b *expressionBuilder) checkOperand(n *node, i int, literal any, at place) {
	_, isList := literal.([]any)
	constant := n.args[i].op == opConstant
	x, ok := operandOf(&b.meter, &n.args[i].value)
	switch {
	case isList, constant && (!ok || x != x):
		b.fail(at, "this must be a number")
	case constant && n.op == opDivide && x == 0 && (i > 0 || len(n.args) == 1):
		b.fail(at, "nothing can be divided by zero")
	}
}

// checkList refuses "all" as a list: "all" never gives a list, and the engine's code goes wrong with it.
func (b *expressionBuilder) checkList(n *node, at place) {
	if n.built && n.op == opAll {
		b.fail(at, "this must be a list; all gives true or false")
	}
}

// plainNames reports whether the names are without a dot. Built code looks up such names itself.
func plainNames(list []any) bool {
	for _, v := range list {
		name, ok := v.(string)
		if !ok || strings.Contains(name, ".") {
			return false
		}
	}
	return true
}

func isObject(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// missingSome compiles missing_some.
func (b *expressionBuilder) missingSome(list []any, at place, built bool) node {
	const message = `missing_some takes how many are needed and a list of names, as in [1, ["a", "b"]]`
	if len(list) != 2 {
		return b.fail(at, message)
	}
	literal, isList := list[1].([]any)
	if !isList && !isObject(list[1]) || isList && !slices.ContainsFunc(literal, isName) && len(literal) > 0 {
		return b.fail(at, message)
	}
	for _, name := range literal {
		if !isName(name) {
			return b.fail(at, "the names of missing_some must be texts")
		}
	}
	compile := b.interpret
	if built {
		compile = b.build
	}
	n := node{op: opMissingSome, built: built && isList, at: at.path}
	n.args = []node{compile(list[0], at.item(0)), compile(list[1], at.item(1))}
	if need := &n.args[0]; n.built && (need.op == opOr || need.op == opAnd || need.op == opMissing || need.op == opMissingSome || need.op == opAll) {
		return b.fail(at.item(0), "how many are needed must be a number")
	}
	return n
}

func isName(v any) bool {
	_, ok := v.(string)
	return ok
}

// iteration compiles map, filter, some, all, none and reduce.
func (b *expressionBuilder) iteration(n node, list []any, at place, built bool) node {
	if len(list) < 2 || n.op != opReduce && len(list) > 2 || len(list) > 3 {
		return b.fail(at, "this takes a list and what is asked of each element; reduce also what to start with")
	}
	compile := b.interpret
	if built {
		compile = b.build
	}
	inner := at
	if n.op == opReduce {
		inner.folding = true
	} else {
		inner.mapping, inner.folding = true, false
	}
	n.built, n.at = built, at.path
	n.args = []node{compile(list[0], at.item(0)), compile(list[1], inner.item(1))}
	b.checkList(&n.args[0], at.item(0))
	if len(list) > 2 {
		n.args = append(n.args, compile(list[2], at.item(2)))
	}
	return n
}
