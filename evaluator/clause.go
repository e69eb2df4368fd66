package evaluator

import (
	"net/netip"
	"regexp"
)

// truth is the outcome of a condition. A condition on an attribute that is missing or of the wrong type is unknown,
// and stays so under negation; groups follow Kleene's logic of three values. Only yes matches.
type truth uint8

const (
	no truth = iota
	yes
	unknown
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// negated turns yes and no round and leaves unknown.
func (t truth) negated() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	default:
		return unknown
	}
}

// opcode is an Operator, or a group, in a byte.
type opcode uint8

const (
	codeAny opcode = iota
	codeAll
	codeIn
	codeContains
	codeStartsWith
	codeEndsWith
	codeMatches
	codeLess
	codeLessOrEqual
	codeGreater
	codeGreaterOrEqual
	codeBefore
	codeAfter
	codeSemverEqual
	codeSemverLess
	codeSemverLessOrEqual
	codeSemverGreater
	codeSemverGreaterOrEqual
	codeSemverRange
	codeInCIDR
	codeInSegment
	codeExists
)

// clause is a compiled Clause. The children of a group stand in the same slice of clauses.
type clause struct {
	code      opcode
	negate    bool
	fold      bool // compare strings without regard to case
	booleans  uint8
	children  span
	attribute attributeRef
	texts     keySet    // operands of in; of the other string operators, always as a list
	operands  *operands // of all the other types, nil if there are none
}

// Bits of clause.booleans.
const (
	acceptsFalse = 1 << iota
	acceptsTrue
)

// operands are a clause's values, prepared; only the fields of its operator are set.
type operands struct {
	numbers  []float64 // ascending
	instants []instant
	versions []version
	ranges   []VersionRange
	patterns []*regexp.Regexp
	prefixes []netip.Prefix
	segments []int32
	foldings *foldedSet
}

// all is the conjunction of a range of clauses.
func (e *evaluation) all(clauses []clause, s span) truth {
	result := yes
	for i := s.from; i < s.to; i++ {
		switch e.clause(clauses, &clauses[i]) {
		case no:
			return no
		case unknown:
			result = unknown
		}
	}
	return result
}

// any is the disjunction of a range of clauses.
func (e *evaluation) any(clauses []clause, s span) truth {
	result := no
	for i := s.from; i < s.to; i++ {
		switch e.clause(clauses, &clauses[i]) {
		case yes:
			return yes
		case unknown:
			result = unknown
		}
	}
	return result
}

func (e *evaluation) clause(clauses []clause, cl *clause) truth {
	var result truth
	switch cl.code {
	case codeAny:
		result = e.any(clauses, cl.children)
	case codeAll:
		result = e.all(clauses, cl.children)
	case codeInSegment:
		result = e.inSegments(cl)
	default:
		a := e.context.attribute(&cl.attribute)
		result = cl.match(&a)
	}
	if cl.negate {
		return result.negated()
	}
	return result
}

// match compares the attribute with the operands, leaving negation aside.
func (cl *clause) match(a *attribute) truth {
	if cl.code == codeExists {
		return truthOf(a.kind != kindMissing)
	}
	if a.kind == kindList {
		return cl.matchList(a.ref)
	}
	return cl.matchOne(a)
}

// matchOne compares one value that is no list.
func (cl *clause) matchOne(a *attribute) truth {
	switch a.kind {
	case kindString:
		return cl.matchString(a.text)
	case kindNumber:
		return cl.matchNumber(a.number)
	case kindBool:
		if cl.code != codeIn || cl.booleans == 0 {
			return unknown
		}
		if a.number != 0 {
			return truthOf(cl.booleans&acceptsTrue != 0)
		}
		return truthOf(cl.booleans&acceptsFalse != 0)
	default:
		return unknown
	}
}

// inSegments tells whether the context is in any of the clause's segments.
func (e *evaluation) inSegments(cl *clause) truth {
	result := no
	for _, slot := range cl.operands.segments {
		switch e.segment(slot) {
		case yes:
			return yes
		case unknown:
			result = unknown
		}
	}
	return result
}

// segment tells whether the context is in the segment. One that does not exist or does not compile is unknown, so it
// matches nothing, negated or not.
func (e *evaluation) segment(slot int32) truth {
	seg := e.snapshot.segments[slot]
	if seg == nil || seg.fault != nil {
		return unknown
	}
	result := no
	ref := attributeRef{reserved: reservedTargetingKey, name: AttributeTargetingKey}
	if key := e.context.attribute(&ref); key.kind == kindString {
		if seg.excluded.contains(key.text) {
			return no
		}
		if seg.included.contains(key.text) {
			return yes
		}
	} else if !seg.included.empty() {
		result = unknown
	}
	for _, clauses := range seg.rules {
		switch e.all(seg.clauses, clauses) {
		case yes:
			return yes
		case unknown:
			result = unknown
		}
	}
	return result
}
