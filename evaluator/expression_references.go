package evaluator

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// references puts the expressions that are referred to in the place of each {"$ref": name}, as flagd does. They cannot
// refer to one another.
type references struct {
	*faults
	root       *pointer // of the whole expression
	evaluators map[string]any
	sizes      map[string]extent // of the evaluators, once they are known
	inside     bool              // an evaluator
	extent     extent            // so far
	depth      int
}

// extent is how large an expression is.
type extent struct{ nodes, depth int }

// expand returns the expression without references. What is referred to is shared, not copied.
func (r *references) expand(v any, at *pointer) any {
	before := len(r.list)
	v = r.value(v, at)
	if len(r.list) > before {
		return nil
	}
	switch {
	case r.extent.nodes > maxExpressionNodes:
		r.add(at, fmt.Sprintf("an expression has at most %d operators and values, what it refers to included", maxExpressionNodes))
	case r.extent.depth > maxExpressionDepth:
		r.add(at, fmt.Sprintf("an expression may be nested at most %d deep, what it refers to included", maxExpressionDepth))
	}
	return v
}

func (r *references) value(v any, at *pointer) any {
	r.extent.nodes++
	r.depth++
	defer func() { r.depth-- }()
	r.extent.depth = max(r.extent.depth, r.depth)
	if r.depth > maxExpressionDepth {
		return v // which is refused
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = r.value(v[i], at.item(i))
		}
	case map[string]any:
		if name, ok := v[keyReference].(string); ok && len(v) == 1 {
			return r.reference(name, at.field(keyReference))
		}
		for name, args := range v {
			v[name] = r.value(args, at.field(escapePointer(name)))
		}
	}
	return v
}

func (r *references) reference(name string, at *pointer) any {
	target, ok := r.evaluators[name]
	switch {
	case r.inside:
		r.add(at, "an expression of $evaluators cannot refer to another")
		return nil
	case !ok:
		r.add(at, "$ref names one of the expression's $evaluators; there is no "+strconv.Quote(name))
		return nil
	}
	size, known := r.sizes[name]
	if !known {
		inner := references{faults: r.faults, root: r.root, evaluators: r.evaluators, inside: true}
		inner.value(target, r.root.field(keyEvaluators).field(escapePointer(name)))
		size = inner.extent
		if r.sizes == nil {
			r.sizes = make(map[string]extent)
		}
		r.sizes[name] = size
	}
	r.extent.nodes = min(r.extent.nodes+size.nodes, maxExpressionNodes+1)
	r.extent.depth = max(r.extent.depth, r.depth+size.depth)
	return target
}

// ExpandTargeting returns the expression of a FlagConfig without $evaluators. Each reference is replaced by what it
// refers to. The error is of type CompileErrors; its pointers are relative to the expression. An expression that can
// be expanded may still not compile.
func ExpandTargeting(targeting json.RawMessage) (json.RawMessage, error) {
	var c compiler
	rule := c.expanded(targeting, nil)
	if err := c.err(); err != nil {
		return nil, err
	}
	expanded, err := json.Marshal(rule)
	if err != nil {
		return nil, fmt.Errorf("encode expression: %w", err) // cannot be: it was decoded from JSON
	}
	return expanded, nil
}
