package evaluator

import (
	"slices"
	"strconv"
	"strings"
)

// buildVariable compiles var.
func (b *expressionBuilder) buildVariable(list []any, isList bool, args any, at place) node {
	if !isList {
		return b.variableOf([]any{args}, at, true)
	}
	var key any
	if len(list) > 0 {
		key = list[0]
	}
	if !b.checkKey(key, at) {
		return node{op: opConstant}
	}
	text := keyText(key)
	switch {
	case len(list) > 2, isObject(key), isListValue(key):
		return b.variableOf(list, at, true)
	case text == "../index" && at.mapping:
		if at.folding {
			return node{op: opFail, at: at.path}
		}
		return node{op: opIndex, at: at.path}
	case key == nil || text == "":
		b.timed = b.timed || !at.mapping && !at.folding
		return node{op: opContext, at: at.path}
	case strings.Contains(text, "../"):
		return b.variableOf(list, at, true)
	}
	n := node{op: opVar, built: true, path: splitPath(text), at: at.path}
	n.direct = directText(n.path)
	b.noteTime(n.path)
	if len(list) == 2 && list[1] != nil {
		n.args = []node{b.build(list[1], at.item(1))}
		switch d := &n.args[0]; {
		case d.built && (d.op == opOr || d.op == opAnd || d.op == opAll || d.op == opMissing || d.op == opMissingSome),
			d.built && d.op == opDivide && d.spread:
			b.fail(at.item(1), "this cannot be a default in flagd; wrap it in an if")
		}
	}
	return n
}

// directText names what a path leads to if that is nothing but an attribute of the context, or the flag's key.
func directText(path []string) *attributeRef {
	if len(path) == 2 && path[0] == keyFlagd && path[1] == "flagKey" {
		return &attributeRef{reserved: reservedFlagKey}
	}
	ref := refer(path[0])
	if len(path) != 1 || !ref.direct() || ref.name == keyFlagd {
		return nil
	}
	return &ref
}

// variableOf compiles a var whose path is computed or leads out of a list.
func (b *expressionBuilder) variableOf(list []any, at place, built bool) node {
	n := node{op: opVarOf, at: at.path}
	for i, v := range list {
		here := at
		if len(list) > 1 {
			here = at.item(i)
		}
		if built {
			n.args = append(n.args, b.build(v, here))
		} else {
			n.args = append(n.args, b.interpret(v, here))
		}
	}
	n.spread = len(list) == 1 && !isListValue(list[0])
	b.timed = true // it may lead anywhere
	return n
}

// noteTime remembers that a path may lead to the time.
func (b *expressionBuilder) noteTime(path []string) {
	b.timed = b.timed || path[0] == keyFlagd && (len(path) == 1 || path[1] == "timestamp")
}

func isListValue(v any) bool {
	_, ok := v.([]any)
	return ok
}

// keyText is the name that a literal key stands for.
func keyText(key any) string {
	switch key := key.(type) {
	case string:
		return key
	case float64:
		return string(appendNumber(nil, key))
	default:
		return ""
	}
}

// checkKey refuses the names of properties that JavaScript gives to every value: what they lead to has no meaning here.
func (b *expressionBuilder) checkKey(key any, at place) bool {
	if _, isBool := key.(bool); isBool {
		b.fail(at, "var takes the path of an attribute, as text")
		return false
	}
	for _, name := range splitPath(keyText(key)) {
		if slices.Contains(scriptProperties(), name) {
			b.fail(at, strconv.Quote(name)+" cannot be the name of an attribute in an expression: in flagd, every value has it")
			return false
		}
	}
	return true
}

// scriptProperties are the properties that JavaScript gives to every object.
func scriptProperties() []string {
	return []string{
		"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
		"__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
	}
}
