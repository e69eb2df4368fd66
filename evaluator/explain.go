package evaluator

// Explain evaluates the flag as Evaluate does, by the same code over the same compiled form, and returns the trace. If
// something is too long for an answer, its end is left out (Explanation.Truncated).
func (s *Snapshot) Explain(key string, c *Context) Explanation {
	b := NewBudget(nil)
	return s.ExplainWithin(&b, key, c)
}

// ExplainWithin is Explain with what is left of a budget.
func (s *Snapshot) ExplainWithin(b *Budget, key string, c *Context) Explanation {
	f := s.flag(key)
	if f == nil {
		p := printer{left: maxPrinted, room: newRoom()}
		x := Explanation{Flag: key, TargetingKey: p.print(c.key(), maxAttributeDepth)}
		x.conclude(s.Evaluate(key, c))
		return x
	}
	e := evaluation{snapshot: s, meter: b.meter, room: newRoom()}
	_, x := e.explain(c, f)
	x.Value, x.Truncated = x.Result.Value.JSON(), e.room.full
	b.meter = e.meter
	return *x
}

// trace is what an evaluation writes its steps into. A nil trace records nothing. A node is missing if there was no
// room for it.
type trace struct {
	explanation *Explanation
	clauses     []*ClauseTrace // by the index of the compiled clause, of the flag or segment at hand
	segment     *SegmentTrace  // the segment at hand
	room        *room
}

// explain evaluates f with a trace of its own. Where there is no room for that, the explanation is nil.
func (e *evaluation) explain(c *Context, f *flag) (outcome, *Explanation) {
	outer := e.trace
	defer func() { e.trace = outer }()
	if !e.room.enter() {
		e.trace = nil
		return e.flag(c, f), nil
	}
	defer e.room.leave()
	if e.trace = newFlagTrace(f, e); e.trace == nil {
		return e.flag(c, f), nil
	}
	o := e.flag(c, f)
	x := e.trace.explanation
	x.TargetingKey = e.room.printable(c.key())
	r := Result{Revision: e.snapshot.revision}
	r.fill(f, o)
	x.conclude(r)
	if !e.room.take(len(x.Value)) {
		x.Value = nil
	}
	return o, x
}

// conclude writes the result into the explanation.
func (x *Explanation) conclude(r Result) {
	x.Result = r
	x.Variation, x.Value = r.Variation, r.Value.JSON()
	x.Reason, x.ErrorCode, x.Detail = r.Reason.String(), r.ErrorCode.String(), r.Detail.String()
	x.FlagVersion, x.Revision = r.Version, r.Revision
	if r.RuleIndex >= 0 {
		x.RuleIndex, x.RuleID = &r.RuleIndex, r.RuleID
	}
}

func outcomeOf(t truth) Outcome {
	switch t {
	case yes:
		return OutcomeMatched
	case no:
		return OutcomeNotMatched
	default:
		return OutcomeUnknown
	}
}

// availability records the comparison of the service at hand.
func (t *trace) availability(c *Context, met bool) {
	a := t.explanation.Availability
	a.Outcome = outcomeOf(truthOf(met))
	if a.Scope == ScopeInstance {
		a.ActualService = t.room.printable(c.serviceName())
		a.ActualVersion = t.room.printable(c.serviceVersion())
	}
}

// prerequisite records what the flag that is needed served; x is nil if it does not exist.
func (t *trace) prerequisite(index int, x *Explanation, met bool) {
	if index >= len(t.explanation.Prerequisites) {
		return
	}
	p := &t.explanation.Prerequisites[index]
	p.Outcome, p.Explanation = outcomeOf(truthOf(met)), x
}

func (t *trace) target(index int, matched bool) {
	if index < len(t.explanation.Targets) {
		t.explanation.Targets[index].Outcome = outcomeOf(truthOf(matched))
	}
}

func (t *trace) rule(index int, result truth) {
	if index < len(t.explanation.Rules) {
		t.explanation.Rules[index].Outcome = outcomeOf(result)
	}
}

// clause records the outcome of a comparison or group, with the negation in it.
func (t *trace) clause(index int32, actual *attribute, result truth) {
	if node := t.node(index); node != nil {
		node.Outcome = outcomeOf(result)
		node.Actual = t.room.printable(*actual)
	}
}

// node returns the node of a compiled clause, nil if there was no room for it.
func (t *trace) node(index int32) *ClauseTrace {
	if int(index) >= len(t.clauses) {
		return nil
	}
	return t.clauses[index]
}

// serve returns the node of what the rule, or for -1 the fallthrough, serves; nil if there was no room for it.
func (t *trace) serve(rule int32) *ServeTrace {
	if rule < 0 {
		return t.explanation.Fallthrough
	}
	if int(rule) >= len(t.explanation.Rules) {
		return nil
	}
	return t.explanation.Rules[rule].Serve
}

func (t *trace) fixed(rule int32) {
	if node := t.serve(rule); node != nil {
		node.Outcome = OutcomeMatched
	}
}

// rollout records the bucket and the share that holds it, or why there is none.
func (t *trace) rollout(rule int32, key attribute, bucket uint32, share int, detail Detail) {
	node := t.serve(rule)
	if node == nil {
		return
	}
	node.Rollout.Key = t.room.printable(key)
	if detail != NoDetail {
		node.Outcome, node.Rollout.Detail = OutcomeUnknown, detail.String()
		return
	}
	node.Outcome, node.Rollout.Bucket = OutcomeMatched, &bucket
	if share < len(node.Rollout.Ranges) {
		node.Rollout.Ranges[share].Chosen = true
	}
}

// explainSegment evaluates a segment with its own nodes, which are hung below the clause. If there is no room for
// these nodes, it evaluates the segment without them.
func (e *evaluation) explainSegment(c *Context, clause int32, slot int32) truth {
	t := e.trace
	parent := t.node(clause)
	if parent == nil || !e.room.enter() {
		return e.unexplainedSegment(c, slot)
	}
	defer e.room.leave()
	node, clauses := newSegmentTrace(e, slot)
	if node == nil {
		return e.unexplainedSegment(c, slot)
	}
	outerClauses, outerSegment := t.clauses, t.segment
	t.clauses, t.segment = clauses, node
	result := e.segment(c, slot)
	t.clauses, t.segment = outerClauses, outerSegment
	node.Outcome = outcomeOf(result)
	parent.Segments = append(parent.Segments, *node)
	return result
}

func (e *evaluation) unexplainedSegment(c *Context, slot int32) truth {
	t := e.trace
	e.trace = nil
	result := e.segment(c, slot)
	e.trace = t
	return result
}

// segmentRule records the outcome of a rule of the segment at hand.
func (t *trace) segmentRule(index int, result truth) {
	if index < len(t.segment.Rules) {
		t.segment.Rules[index].Outcome = outcomeOf(result)
	}
	if result == yes {
		t.segment.By = "rule"
	}
}

// decideSegment records the list that decided about the segment at hand.
func (t *trace) decideSegment(by string) {
	if t != nil {
		t.segment.By = by
	}
}
