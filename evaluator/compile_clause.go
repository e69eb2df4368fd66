package evaluator

import (
	"fmt"
	"strings"
)

// maxGroupDepth bounds how deep any and all may be nested.
const maxGroupDepth = 16

// maxAttributeDepth bounds the segments of an attribute path.
const maxAttributeDepth = 16

// group compiles clauses that stand together and returns their range. Their children come after them.
func (c *compiler) group(defs []Clause, at *pointer, depth int) span {
	from := len(c.clauses)
	c.clauses = append(c.clauses, make([]clause, len(defs))...)
	for i := range defs {
		compiled := c.clause(&defs[i], at.item(i), depth)
		c.clauses[from+i] = compiled
	}
	return span{from: int32(from), to: int32(from + len(defs))}
}

func (c *compiler) clause(def *Clause, at *pointer, depth int) clause {
	isGroup := def.Any != nil || def.All != nil
	if !isGroup {
		return c.comparison(def, at)
	}
	if def.Any != nil && def.All != nil || def.Attribute != "" || def.Operator != "" || len(def.Values) > 0 || def.IgnoreCase {
		c.add(at, "a clause is either a comparison (attribute, operator, values) or one group (any or all)")
		return clause{}
	}
	if depth == maxGroupDepth {
		c.add(at, fmt.Sprintf("groups may be nested at most %d deep", maxGroupDepth))
		return clause{}
	}
	if def.Any != nil {
		return clause{code: codeAny, negate: def.Negate, children: c.nonempty(def.Any, at.field("any"), depth)}
	}
	return clause{code: codeAll, negate: def.Negate, children: c.nonempty(def.All, at.field("all"), depth)}
}

func (c *compiler) nonempty(defs []Clause, at *pointer, depth int) span {
	if len(defs) == 0 {
		c.add(at, "a group needs at least one clause")
	}
	return c.group(defs, at, depth+1)
}

// comparison compiles a clause that compares an attribute.
func (c *compiler) comparison(def *Clause, at *pointer) clause {
	code, ok := opcodeOf(def.Operator)
	if !ok {
		c.add(at.field("operator"), unknownOperator)
		return clause{}
	}
	cl := clause{code: code, negate: def.Negate, fold: def.IgnoreCase}
	if def.IgnoreCase && !comparesStrings(code) {
		c.add(at.field("ignoreCase"), "ignoreCase goes with in, contains, startsWith, endsWith and matches only")
	}
	if code == codeInSegment {
		if def.Attribute != "" && def.Attribute != AttributeTargetingKey {
			c.add(at.field("attribute"), "inSegment looks at the targeting key; leave the attribute out")
		}
	} else {
		ref := c.attribute(def.Attribute, at.field("attribute"))
		cl.name, cl.reserved = c.linker.intern(ref.name), ref.reserved
		cl.direct = code != codeExists && ref.direct()
		if len(ref.rest) > 0 {
			cl.operands = &operands{path: ref.rest}
		}
	}
	values := at.field("values")
	switch {
	case code == codeExists && len(def.Values) > 0:
		c.add(values, "exists takes no values")
	case code != codeExists && len(def.Values) == 0:
		c.add(values, "at least one value is needed")
	default:
		c.operands(&cl, def, values)
	}
	return cl
}

// attribute prepares the path of an attribute.
func (c *compiler) attribute(path string, at *pointer) attributeRef {
	switch segments := strings.Split(path, "."); {
	case path == "":
		c.add(at, "the name of an attribute is needed")
	case len(segments) > maxAttributeDepth:
		c.add(at, fmt.Sprintf("a path has at most %d names", maxAttributeDepth))
	default:
		for _, segment := range segments {
			if segment == "" {
				c.add(at, "dots separate the names of nested objects, so a name cannot be empty or hold a dot")
				break
			}
		}
	}
	return refer(path)
}

const unknownOperator = "the operator must be one of in, contains, startsWith, endsWith, matches, lessThan, " +
	"lessThanOrEqual, greaterThan, greaterThanOrEqual, before, after, semverEqual, semverLessThan, " +
	"semverLessThanOrEqual, semverGreaterThan, semverGreaterThanOrEqual, semverRange, inCidr, inSegment, exists"

func opcodeOf(op Operator) (opcode, bool) {
	switch op {
	case OpIn:
		return codeIn, true
	case OpContains:
		return codeContains, true
	case OpStartsWith:
		return codeStartsWith, true
	case OpEndsWith:
		return codeEndsWith, true
	case OpMatches:
		return codeMatches, true
	case OpLessThan:
		return codeLess, true
	case OpLessThanOrEqual:
		return codeLessOrEqual, true
	case OpGreaterThan:
		return codeGreater, true
	case OpGreaterThanOrEqual:
		return codeGreaterOrEqual, true
	case OpBefore:
		return codeBefore, true
	case OpAfter:
		return codeAfter, true
	case OpInCIDR:
		return codeInCIDR, true
	case OpInSegment:
		return codeInSegment, true
	case OpExists:
		return codeExists, true
	default:
		return semverOpcode(op)
	}
}

func semverOpcode(op Operator) (opcode, bool) {
	switch op {
	case OpSemverEqual:
		return codeSemverEqual, true
	case OpSemverLessThan:
		return codeSemverLess, true
	case OpSemverLessThanOrEqual:
		return codeSemverLessOrEqual, true
	case OpSemverGreaterThan:
		return codeSemverGreater, true
	case OpSemverGreaterThanOrEqual:
		return codeSemverGreaterOrEqual, true
	case OpSemverRange:
		return codeSemverRange, true
	default:
		return 0, false
	}
}

func comparesStrings(code opcode) bool { return code >= codeIn && code <= codeMatches }
