package evaluator

import (
	"slices"
	"strconv"
	"strings"
)

// interpret compiles a value as the engine's interpreter understands it. The engine uses it for what is constant, and
// for the operators that it has no built code for.
func (b *expressionBuilder) interpret(v any, at place) node {
	switch v := v.(type) {
	case []any:
		n := node{op: opList, args: b.interpretAll(v, at), at: at.path}
		return n.settled()
	case map[string]any:
		if len(v) == 0 {
			return node{op: opConstant, value: datum{kind: datumObject}}
		}
		name, op, args, there, ok := b.operator(v, at)
		if !ok {
			return node{op: opConstant}
		}
		n := b.interpretOperator(name, op, args, there)
		if len(b.list) > 0 || n.op == opConstant || !b.constant(v, false) {
			return n
		}
		return b.settle(&n, at)
	default:
		return node{op: opConstant, value: datumOf(v)}
	}
}

func (b *expressionBuilder) interpretAll(items []any, at place) []node {
	nodes := make([]node, len(items))
	for i := range items {
		nodes[i] = b.interpret(items[i], at.item(i))
	}
	return nodes
}

func (b *expressionBuilder) interpretOperator(name string, op operation, args any, at place) node {
	list, isList := args.([]any)
	n := node{op: op, at: at.path}
	switch {
	case op == opVarOf:
		return b.interpretVariable(args, at)
	case op == opMissingSome:
		return b.missingSome(list, at, false)
	case op.lazy() && !isList:
		return b.fail(at, strconv.Quote(name)+" takes a list")
	case op.compares() && len(list) < 2:
		return b.fail(at, "a comparison takes at least two values")
	case op == opReduce:
		return b.interpretReduce(n, list, at)
	case op.iterates():
		return b.interpretIteration(n, list, at)
	case op.lazy():
		n.args = b.interpretAll(list, at)
		return n
	}
	if isList && len(list) == 1 && op.unary() && !isListValue(list[0]) {
		args, isList = list[0], false
		at = at.item(0)
	}
	if isList {
		n.args = b.interpretAll(list, at)
		if op == opIn {
			n.among = textsOf(n.args)
		}
		n.shares = sharesOf(&n)
		if (op == opNot || op == opIsTrue) && len(list) != 1 {
			n.args = []node{{op: opList, args: n.args, at: at.path}}
		}
		return n
	}
	n.spread = op != opNot && op != opIsTrue
	n.args = []node{b.interpret(args, at)}
	return n
}

// interpretVariable compiles var.
func (b *expressionBuilder) interpretVariable(args any, at place) node {
	if list, isList := args.([]any); isList {
		if len(list) != 1 || isListValue(list[0]) {
			if len(list) > 0 && !b.checkKey(list[0], at) {
				return node{op: opConstant}
			}
			return b.variableOf(list, at, false)
		}
		args = list[0]
	}
	if !b.checkKey(args, at) {
		return node{op: opConstant}
	}
	if isObject(args) {
		return b.variableOf([]any{args}, at, false)
	}
	text := keyText(args)
	if args == nil || text == "" || args == 0.0 {
		b.timed = true
		return node{op: opVarOf, at: at.path} // without a path: all of it, or null
	}
	if _, isNumber := args.(float64); isNumber || !strings.ContainsAny(text, `.\`) {
		b.noteTime([]string{text})
		return node{op: opVarName, path: []string{text}, at: at.path}
	}
	if path := splitPath(text); !strings.HasPrefix(text, "../") && (len(path) == 2 || len(path) == 3) {
		b.noteTime(path)
		return node{op: opVarShort, path: path, at: at.path}
	}
	return b.variableOf([]any{text}, at, false)
}

func (b *expressionBuilder) interpretIteration(n node, list []any, at place) node {
	n = b.iteration(n, list, at, false)
	if n.op == opFilter && len(n.args) == 2 && n.args[1].op == opConstant {
		if n.args[1].value.truthy() {
			return n.args[0] // the list as it is, or whatever else it is
		}
		return node{op: opConstant, value: datumOfList(nil)}
	}
	return n
}

// interpretReduce writes sums and products as the engine does: by the operators themselves.
func (b *expressionBuilder) interpretReduce(n node, list []any, at place) node {
	if len(list) < 2 {
		return b.iteration(n, list, at, false)
	}
	if !isObject(list[1]) {
		return b.fail(at.item(1), "what reduce does with each element must be an operator")
	}
	start := any(0.0)
	if len(list) > 2 && list[2] != nil && list[2] != "" && list[2] != false {
		start = list[2]
	}
	if foldsBy("+", list[1]) {
		return b.interpret(map[string]any{"+": []any{map[string]any{"+": list[0]}, start}}, at)
	}
	if start = any(1.0); len(list) > 2 {
		start = list[2]
	}
	if foldsBy("*", list[1]) {
		return b.interpret(map[string]any{"*": []any{map[string]any{"*": list[0]}, start}}, at)
	}
	return b.iteration(n, list, at, false)
}

// foldsBy reports the operator between the accumulator and the current element.
func foldsBy(operator string, mapper any) bool {
	operands, _ := mapper.(map[string]any)[operator].([]any)
	if len(operands) != 2 {
		return false
	}
	names := []any{variableName(operands[0]), variableName(operands[1])}
	return slices.Contains(names, any("accumulator")) && slices.Contains(names, any("current"))
}

func variableName(v any) any {
	rule, _ := v.(map[string]any)
	return rule["var"]
}

// constant reports what the engine computes when a flag is loaded. Inside a list's expression, variables count as
// constant, since they look into the list.
func (b *expressionBuilder) constant(v any, inside bool) bool {
	switch v := v.(type) {
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !b.constant(item, inside) })
	case map[string]any:
		for name, args := range v {
			return b.constantOperator(name, args, inside)
		}
	}
	return true
}

func (b *expressionBuilder) constantOperator(name string, args any, inside bool) bool {
	list, isList := args.([]any)
	op, ok := operationOf(name)
	switch {
	case !ok, op == opMissingSome, op == opFractional, op == opSemVer, op == opStartsWithText, op == opEndsWithText:
		return false
	case op == opVarOf:
		return inside && !strings.Contains(b.scriptText(args), "../../")
	case op == opMissing:
		return isList && len(list) == 0
	case op.iterates():
		return len(list) < 1 || b.constant(list[0], inside) && (len(list) < 2 || b.constant(list[1], true))
	default:
		return b.constant(args, inside)
	}
}

// scriptText is JavaScript's String of literal JSON.
func (b *expressionBuilder) scriptText(v any) string {
	d := datumOf(v)
	return d.toText(&b.meter)
}
