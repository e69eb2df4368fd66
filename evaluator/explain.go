package evaluator

// Explain evaluates the flag as Evaluate does, by the same code over the same compiled form, and returns the trace.
func (s *Snapshot) Explain(key string, c *Context) Explanation {
	f := s.flag(key)
	if f == nil {
		x := Explanation{Flag: key, TargetingKey: printable(c.key())}
		x.conclude(s.Evaluate(key, c))
		return x
	}
	e := evaluation{snapshot: s}
	_, x := e.explain(c, f)
	return *x
}

// trace is what an evaluation writes its steps into. A nil trace records nothing.
type trace struct {
	explanation *Explanation
	clauses     []*ClauseTrace // by the index of the compiled clause, of the flag or segment at hand
	segment     *SegmentTrace  // the segment at hand
}

// explain evaluates f with a trace of its own.
func (e *evaluation) explain(c *Context, f *flag) (outcome, *Explanation) {
	outer := e.trace
	e.trace = newFlagTrace(f, e.snapshot)
	o := e.flag(c, f)
	x := e.trace.explanation
	x.TargetingKey = printable(c.key())
	e.trace = outer
	r := Result{Revision: e.snapshot.revision}
	r.fill(f, o)
	x.conclude(r)
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
		a.ActualService = printable(c.serviceName())
		a.ActualVersion = printable(c.serviceVersion())
	}
}

// prerequisite records what the flag that is needed served; x is nil if it does not exist.
func (t *trace) prerequisite(index int, x *Explanation, met bool) {
	p := &t.explanation.Prerequisites[index]
	p.Outcome, p.Explanation = outcomeOf(truthOf(met)), x
}

func (t *trace) target(index int, matched bool) {
	t.explanation.Targets[index].Outcome = outcomeOf(truthOf(matched))
}

func (t *trace) rule(index int, result truth) {
	t.explanation.Rules[index].Outcome = outcomeOf(result)
}

// clause records the outcome of a comparison or group, with the negation in it.
func (t *trace) clause(index int32, actual *attribute, result truth) {
	node := t.clauses[index]
	node.Outcome = outcomeOf(result)
	node.Actual = printable(*actual)
}

// serve returns the node of what the rule, or for -1 the fallthrough, serves.
func (t *trace) serve(rule int32) *ServeTrace {
	if rule < 0 {
		return t.explanation.Fallthrough
	}
	return t.explanation.Rules[rule].Serve
}

func (t *trace) fixed(rule int32) { t.serve(rule).Outcome = OutcomeMatched }

// rollout records the bucket and the share that holds it, or why there is none.
func (t *trace) rollout(rule int32, key attribute, bucket uint32, share int, detail Detail) {
	node := t.serve(rule)
	node.Rollout.Key = printable(key)
	if detail != NoDetail {
		node.Outcome, node.Rollout.Detail = OutcomeUnknown, detail.String()
		return
	}
	node.Outcome, node.Rollout.Bucket = OutcomeMatched, &bucket
	node.Rollout.Ranges[share].Chosen = true
}

// explainSegment evaluates a segment with its own nodes, which are hung below the clause.
func (e *evaluation) explainSegment(c *Context, clause int32, slot int32) truth {
	t := e.trace
	node, clauses := newSegmentTrace(e.snapshot, slot)
	outerClauses, outerSegment := t.clauses, t.segment
	t.clauses, t.segment = clauses, node
	result := e.segment(c, slot)
	t.clauses, t.segment = outerClauses, outerSegment
	node.Outcome = outcomeOf(result)
	parent := t.clauses[clause]
	parent.Segments = append(parent.Segments, *node)
	return result
}

// segmentRule records the outcome of a rule of the segment at hand.
func (t *trace) segmentRule(index int, result truth) {
	t.segment.Rules[index].Outcome = outcomeOf(result)
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
