package evaluator

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Limits of an expression. They keep what is compiled small and what is evaluated short.
const (
	// maxExpressionBytes bounds the JSON of one expression.
	maxExpressionBytes = 256 << 10
	// maxExpressionDepth bounds how deep its operators and lists may be nested, references followed.
	maxExpressionDepth = 100
	// maxExpressionNodes bounds how many operators and values it has, references followed.
	maxExpressionNodes = 20_000
	// maxExpressionSteps bounds the work of one evaluation: operators evaluated, elements of lists and stretches of
	// text produced. An expression that needs more fails, as one that cannot be evaluated does.
	maxExpressionSteps = 250_000
)

// stepsOfExpression is how many steps of a request one step of an expression counts as.
const stepsOfExpression = 10

// expressionMeter is the whole budget of one expression.
func expressionMeter() meter { return meter{steps: maxExpressionSteps, bytes: MaxBytes} }

// The keys that an expression has beside operators.
const (
	keyReference  = "$ref"
	keyEvaluators = "$evaluators"
	keyFlagd      = "$flagd"
)

// expression is a compiled FlagConfig.Targeting: flagd's JSONLogic.
//
// It means to the letter what OpenFeature's @openfeature/flagd-core makes of it. That library compiles JSONLogic with
// json-logic-engine. So JavaScript's coercions hold, and JavaScript's treatment of what is missing. Where that engine
// differs from the written rules of JSONLogic, the engine counts. The engine has two forms of many operators, and both
// are reproduced here. One form is "built" code. The other is an interpreter, which the engine falls back to for an
// "if" without an else and for everything constant. What cannot mean the same here is refused when it is compiled.
// expression_build.go and expression_interpret.go are the two forms.
type expression struct {
	root node
	// timed: the answer may depend on $flagd.timestamp.
	timed bool
}

// node is one operator or value of an expression.
type node struct {
	op operation
	// built: the node is of the engine's built code. Later operators may read its temporary variable; see frame.kept.
	built bool
	// spread: args is one expression. If its value is a list, the elements of the list are the arguments.
	spread bool
	args   []node
	value  datum   // of a constant
	among  *keySet // of in: a constant list of texts, prepared
	shares *constantShares
	path   []string      // of a variable
	direct *attributeRef // of a variable: the attribute of the context that it is, unless it looks at something else
	at     string        // JSON pointer, relative to the expression; for traces
}

// compileExpression compiles raw, which stands at the pointer.
func (c *compiler) compileExpression(raw json.RawMessage, at *pointer) *expression {
	rule := c.expanded(raw, at)
	if rule == nil {
		return nil
	}
	b := expressionBuilder{compiler: c, meter: expressionMeter()}
	x := &expression{root: b.build(rule, place{pointer: at})}
	x.timed = b.timed
	return x
}

// expanded decodes raw and replaces each reference by what it refers to. It returns nil if it cannot.
func (c *compiler) expanded(raw json.RawMessage, at *pointer) any {
	if len(raw) > maxExpressionBytes {
		c.add(at, fmt.Sprintf("an expression has at most %d bytes", maxExpressionBytes))
		return nil
	}
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		c.add(at, "the expression must be JSON: "+err.Error())
		return nil
	}
	rule, ok := decoded.(map[string]any)
	if !ok {
		c.add(at, `an expression is an object with one operator, such as {"if": […]}`)
		return nil
	}
	r := references{faults: &c.faults, root: at}
	if evaluators, given := rule[keyEvaluators]; given {
		if r.evaluators, ok = evaluators.(map[string]any); !ok {
			c.add(at.field(keyEvaluators), "$evaluators is an object of named expressions")
			return nil
		}
		delete(rule, keyEvaluators)
	}
	if len(rule) != 1 {
		c.add(at, fmt.Sprintf("an expression is an object with one operator; this has %d", len(rule)))
		return nil
	}
	return r.expand(rule, at)
}

// isSet reports whether there is an expression: JSON null and nothing are none.
func isSet(raw json.RawMessage) bool {
	trimmed := bytes.TrimSpace(raw)
	return len(trimmed) > 0 && !bytes.Equal(trimmed, []byte("null"))
}
