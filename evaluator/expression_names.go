package evaluator

import (
	"encoding/json"
	"strconv"
)

// NamedVariation is a place where an expression names a variation.
type NamedVariation struct {
	Variation string
	// Pointer is an RFC 6901 pointer into the expression.
	Pointer string
}

// NamedVariations lists the constants that an expression may give as its value, and so serve, in no particular order.
// These are the constants at the ends of if, and, or and fractional, the defaults of variables, and the constants of
// expressions that are referred to. A name that is computed from something else is not known before there is a
// context. If targeting is no expression, the list is empty.
func NamedVariations(targeting json.RawMessage) []NamedVariation {
	var rule map[string]any
	if !isSet(targeting) || json.Unmarshal(targeting, &rule) != nil {
		return nil
	}
	n := names{evaluators: map[string]any{}}
	if evaluators, ok := rule[keyEvaluators].(map[string]any); ok {
		n.evaluators = evaluators
		delete(rule, keyEvaluators)
	}
	n.value(rule, "", 0)
	return n.found
}

// names collects the constants among the values of an expression.
type names struct {
	evaluators map[string]any // that were not looked at yet
	found      []NamedVariation
}

func (n *names) value(v any, at string, depth int) {
	if depth > maxExpressionDepth {
		return // which does not compile
	}
	switch v := v.(type) {
	case string:
		n.found = append(n.found, NamedVariation{v, at})
	case bool:
		n.found = append(n.found, NamedVariation{strconv.FormatBool(v), at})
	case float64:
		n.found = append(n.found, NamedVariation{string(appendNumber(nil, v)), at})
	case map[string]any:
		for operator, args := range v {
			n.operator(operator, args, at+"/"+escapePointer(operator), depth+1)
		}
	}
}

func (n *names) operator(operator string, args any, at string, depth int) {
	list, ok := args.([]any)
	if !ok {
		n.single(operator, args, at, depth)
		return
	}
	last := len(list) - 1
	for i, arg := range list {
		here := at + "/" + strconv.Itoa(i)
		switch operator {
		case "if", "?:":
			// Every second argument is a condition. If the last argument is one of these, it is served by itself.
			if i%2 == 1 || i == last {
				n.value(arg, here, depth)
			}
		case "or":
			n.value(arg, here, depth)
		case "and":
			if i == last {
				n.value(arg, here, depth)
			}
		case "var":
			if i == 1 {
				n.value(arg, here, depth)
			}
		case "fractional":
			// An argument that is no pair is what users are bucketed by.
			if pair, ok := arg.([]any); ok && len(pair) > 0 {
				n.value(pair[0], here+"/0", depth)
			}
		}
	}
}

// single is for an operator whose only argument does not stand in a list.
func (n *names) single(operator string, arg any, at string, depth int) {
	switch operator {
	case "if", "?:", "or", "and":
		n.value(arg, at, depth)
	case keyReference:
		if name, ok := arg.(string); ok {
			rule := n.evaluators[name]
			delete(n.evaluators, name)
			n.value(rule, "/"+keyEvaluators+"/"+escapePointer(name), depth)
		}
	}
}
