package evaluator

// truth is the outcome of a condition. A condition on an attribute that is missing or of the wrong type is unknown.
// Its negation is unknown, too. Groups follow Kleene's logic of three values. Only yes matches.
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

// negated turns yes into no and no into yes. It leaves unknown as it is.
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

// clause is a compiled Clause. It has 64 bytes, so that looking at one loads one cache line. The children of a group
// stand in the same slice of clauses.
type clause struct {
	code     opcode
	negate   bool
	fold     bool // compare strings without regard to case
	direct   bool // compares an attribute that Context.text finds if it is a string
	booleans uint8
	reserved reserved
	cost     uint16 // steps of comparing a short text
	children span
	name     string    // of the attribute, the first segment of its path
	texts    []string  // operands of in, unless there are many, and of the other string operators
	operands *operands // everything else, nil if there is nothing
}

// attribute returns the reference to the attribute that the clause compares.
func (cl *clause) attribute() attributeRef {
	ref := attributeRef{reserved: cl.reserved, name: cl.name}
	if cl.operands != nil {
		ref.rest = cl.operands.path
	}
	return ref
}

// Bits of clause.booleans.
const (
	acceptsFalse = 1 << iota
	acceptsTrue
)

// operands are a clause's values, prepared; only the fields of its operator are set.
type operands struct {
	path      []string   // what follows the first segment of the attribute's path
	keys      *keyTable  // the strings of in, if they are many
	affixes   *affixes   // of in without regard to case, and of startsWith and endsWith if they are many
	parts     *automaton // of contains without regard to case, and of contains if they are many
	numbers   []float64  // ascending
	instant   instant    // of before the latest, of after the earliest
	versions  []version  // ascending; of those that bound on one side, the one that is easiest to keep
	ranges    []VersionRange
	intervals intervals // the ranges, if they are many
	patterns  []*pattern
	networks  networks
	segments  []int32
}

// all is the conjunction of a range of clauses.
func (e *evaluation) all(c *Context, clauses []clause, s span) truth {
	result := yes
	for i := s.from; i < s.to; i++ {
		switch e.clause(c, clauses, i) {
		case no:
			return no
		case unknown:
			result = unknown
		}
	}
	return result
}

// any is the disjunction of a range of clauses.
func (e *evaluation) any(c *Context, clauses []clause, s span) truth {
	result := no
	for i := s.from; i < s.to; i++ {
		switch e.clause(c, clauses, i) {
		case yes:
			return yes
		case unknown:
			result = unknown
		}
	}
	return result
}

// clause evaluates a comparison or a group.
func (e *evaluation) clause(c *Context, clauses []clause, index int32) truth {
	cl := &clauses[index]
	if !cl.direct || e.trace != nil {
		return e.anyClause(c, clauses, index)
	}
	// Nearly all clauses compare a top-level string. For these, no attribute has to be made.
	text, ok := c.text(cl.name, cl.reserved)
	if !ok {
		return e.anyClause(c, clauses, index)
	}
	result := cl.matchString(text, &e.meter)
	if cl.negate {
		return result.negated()
	}
	return result
}

// anyClause is clause for groups, segments, and attributes of any type.
func (e *evaluation) anyClause(c *Context, clauses []clause, index int32) truth {
	cl := &clauses[index]
	var result truth
	var actual attribute
	switch cl.code {
	case codeAny:
		result = e.any(c, clauses, cl.children)
	case codeAll:
		result = e.all(c, clauses, cl.children)
	case codeInSegment:
		result = e.inSegments(c, cl, index)
	default:
		ref := cl.attribute()
		actual = c.attribute(&ref)
		result = cl.match(&actual, &e.meter)
	}
	if cl.negate {
		result = result.negated()
	}
	if e.trace != nil {
		if cl.code == codeInSegment {
			actual = c.key()
		}
		e.trace.clause(index, &actual, result)
	}
	return result
}

// inSegments tells whether the context is in any of the clause's segments.
func (e *evaluation) inSegments(c *Context, cl *clause, index int32) truth {
	result := no
	for _, slot := range cl.operands.segments {
		var in truth
		if e.trace != nil {
			in = e.explainSegment(c, index, slot)
		} else {
			in = e.segment(c, slot)
		}
		if result = either(result, in); result == yes {
			return yes
		}
	}
	return result
}
