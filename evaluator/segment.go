package evaluator

// segment is a compiled Segment.
type segment struct {
	definition *Segment
	fault      *CompileError // set: the segment is kept out and matches nothing
	ownFault   *CompileError // the part of fault that lies in the segment itself
	included   keySet
	excluded   keySet
	cost       int32 // as that of a flag
	rules      []span
	clauses    []clause
}

// segment tells whether the context is in the segment. Excluded keys are not in it and included keys are. For all
// others the rules decide. A segment that does not exist or does not compile is unknown, so it matches nothing,
// negated or not.
func (e *evaluation) segment(c *Context, slot int32) truth {
	seg := e.snapshot.segments[slot]
	if seg == nil || seg.fault != nil || !e.meter.spend(int(seg.cost)) {
		return unknown
	}
	key, ok := c.keyText()
	if len(key) > shortText && !e.meter.spend(len(key)/(hashedPerStep/2)) {
		return unknown
	}
	if ok {
		if seg.excluded.contains(key) {
			e.trace.decideSegment("excluded")
			return no
		}
		if seg.included.contains(key) {
			e.trace.decideSegment("included")
			return yes
		}
	}
	result := no
	if !ok && !seg.included.empty() {
		result = unknown
	}
	for i := range seg.rules {
		in := e.all(c, seg.clauses, seg.rules[i])
		if e.trace != nil {
			e.trace.segmentRule(i, in)
		}
		if result = either(result, in); result == yes {
			return yes
		}
	}
	return result
}
