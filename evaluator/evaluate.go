package evaluator

// Evaluate returns what the flag serves to the context, which must not be nil. It allocates nothing. An unknown flag
// gives an error FLAG_NOT_FOUND. A flag that does not compile gives an error PARSE_ERROR.
func (s *Snapshot) Evaluate(key string, c *Context) (r Result) {
	r.Revision = s.revision
	f := s.flag(key)
	if f == nil {
		r.RuleIndex, r.ErrorCode = -1, ErrorFlagNotFound
		return r
	}
	e := evaluation{snapshot: s}
	e.meter.steps, e.meter.rest, e.meter.bytes = block, MaxSteps-block, MaxBytes // newMeter would be copied
	r.fill(f, e.flag(c, f))
	return r
}

// EvaluateWithin is Evaluate with what is left of a budget.
func (s *Snapshot) EvaluateWithin(b *Budget, key string, c *Context) (r Result) {
	r.Revision = s.revision
	f := s.flag(key)
	if f == nil {
		r.RuleIndex, r.ErrorCode = -1, ErrorFlagNotFound
		return r
	}
	e := evaluation{snapshot: s, meter: b.meter}
	r.fill(f, e.flag(c, f))
	b.meter = e.meter
	return r
}

// EvaluateAll yields the result of every flag in key order, until yield returns false. Flags that don't compile are
// included. All flags together have one budget.
func (s *Snapshot) EvaluateAll(c *Context, yield func(key string, clientSide bool, r Result) bool) {
	b := NewBudget(nil)
	s.EvaluateAllWithin(&b, c, yield)
}

// EvaluateAllWithin is EvaluateAll with what is left of a budget. One half of it is shared out among the flags, so
// that a flag that takes much work leaves enough for the others. The other half is for the flags that need more.
func (s *Snapshot) EvaluateAllWithin(b *Budget, c *Context, yield func(key string, clientSide bool, r Result) bool) {
	e := evaluation{snapshot: s, meter: b.meter}
	own := e.meter.left() / 2 / max(1, len(s.order))
	for i, slot := range s.order {
		f := s.flags[slot]
		r := Result{Revision: s.revision}
		aside := e.meter.restrict(e.meter.left() - own*(len(s.order)-1-i))
		e.meter.bytes = MaxBytes // what the flag before has made is not kept
		r.fill(f, e.flag(c, f))
		e.meter.restore(aside)
		if !yield(f.key, f.definition.ClientSide, r) {
			break
		}
	}
	b.meter = e.meter
}

// outcome is a Result in the terms of the compiled flag.
type outcome struct {
	variation int32
	rule      int32 // -1: no rule decided
	reason    Reason
	detail    Detail
}

// fill writes an outcome into a Result that has only the revision so far. It writes field by field: copying a whole
// Result right after writing it costs more than most evaluations.
func (r *Result) fill(f *flag, o outcome) {
	r.RuleIndex, r.Version = int(o.rule), f.version
	r.Reason, r.Detail = o.reason, o.detail
	if o.variation >= 0 {
		v := &f.variations[o.variation]
		r.Variation, r.Value.compiled = v.key, v.value
	}
	if o.rule >= 0 {
		r.RuleID = f.rules[o.rule].id
	}
	if o.reason == ReasonError {
		r.ErrorCode = ErrorParseError
		if o.detail != NoDetail {
			r.ErrorCode = ErrorGeneral
		}
	}
}

// evaluation is the scratch of one call; it lives on the stack.
type evaluation struct {
	snapshot *Snapshot
	meter    meter
	trace    *trace // nil unless the evaluation is explained
	room     *room  // of the explanation
}

// flag decides what f serves, unless that takes more than is left of the budget.
func (e *evaluation) flag(c *Context, f *flag) outcome {
	if f.fault != nil {
		return outcome{variation: noVariation, rule: -1, reason: ReasonError}
	}
	if !f.enabled {
		return f.whenOff()
	}
	if e.meter.spend(int(f.cost)) {
		if o := e.decide(c, f); !e.meter.exceeded() {
			return o
		}
	}
	return outcome{variation: noVariation, rule: -1, reason: ReasonError, detail: DetailBudgetExceeded}
}

// decide decides what a flag that is on serves: the needs, the targets, the rules, the fallthrough, in this order.
func (e *evaluation) decide(c *Context, f *flag) outcome {
	if f.needs != nil {
		if detail := e.needs(c, f); detail != NoDetail {
			return outcome{variation: f.off, rule: -1, reason: ReasonDefault, detail: detail}
		}
	}
	if f.targeting != nil {
		return e.targeting(c, f)
	}
	if len(f.targets) > 0 {
		if v, ok := e.targets(c, f); ok {
			return outcome{variation: v, rule: -1, reason: ReasonTargetingMatch}
		}
	}
	for i := range f.rules {
		r := &f.rules[i]
		result := e.all(c, f.clauses, r.clauses)
		if e.trace != nil {
			e.trace.rule(i, result)
		}
		if result == yes {
			return e.serve(c, f, &r.serve, int32(i), ReasonTargetingMatch)
		}
	}
	reason := ReasonDefault
	if f.fixed {
		reason = ReasonStatic
	}
	return e.serve(c, f, &f.fallthru, -1, reason)
}

// whenOff is the outcome of a flag that is off, be it switched off or killed.
func (f *flag) whenOff() outcome {
	o := outcome{variation: f.off, rule: -1, reason: ReasonDefault, detail: DetailOff}
	if f.off == noVariation {
		o.reason = ReasonDisabled
	}
	if f.definition.Killed {
		o.detail = DetailKilled
	}
	return o
}

// serve picks the variation. A context that cannot be bucketed gets the off variation, never a random bucket.
func (e *evaluation) serve(c *Context, f *flag, s *serve, rule int32, reason Reason) outcome {
	if s.rollout == nil {
		if e.trace != nil {
			e.trace.fixed(rule)
		}
		return outcome{variation: s.variation, rule: rule, reason: reason}
	}
	bucket, detail := s.rollout.bucket(c, &e.meter)
	share := s.rollout.pick(bucket)
	if e.trace != nil {
		e.trace.rollout(rule, c.attribute(&s.rollout.bucketBy), bucket, share, detail)
	}
	if detail != NoDetail {
		return outcome{variation: f.off, rule: rule, reason: ReasonDefault, detail: detail}
	}
	return outcome{variation: s.rollout.shares[share].variation, rule: rule, reason: ReasonSplit}
}

func (e *evaluation) targets(c *Context, f *flag) (int32, bool) {
	key, ok := c.keyText()
	if len(key) > shortText && !e.meter.spend(len(f.targets)*len(key)/hashedPerStep) {
		return 0, false
	}
	for i := range f.targets {
		listed := ok && f.targets[i].keys.contains(key)
		if e.trace != nil {
			e.trace.target(i, listed)
		}
		if listed {
			return f.targets[i].variation, true
		}
	}
	return 0, false
}

// needs returns NoDetail if the flag's availability and all of its prerequisites are met. Otherwise it returns the
// detail that says what is not met.
func (e *evaluation) needs(c *Context, f *flag) Detail {
	if f.needs.availability != nil {
		met := e.available(c, f)
		if e.trace != nil {
			e.trace.availability(c, met)
		}
		if !met {
			return DetailUnavailable
		}
	}
	for i := range f.needs.prerequisites {
		if !e.met(c, i, &f.needs.prerequisites[i]) {
			return DetailPrerequisiteFailed
		}
	}
	return NoDetail
}

func (e *evaluation) available(c *Context, f *flag) bool {
	a := f.needs.availability
	if a.scope == ScopeFleet {
		return f.definition.FleetOpen
	}
	if service := c.serviceName(); service.kind != kindString || service.text != a.service {
		return false
	}
	version := c.serviceVersion()
	return version.kind == kindString && a.version.Contains(version.text)
}

// met reports whether the other flag exists, compiles, is enabled, and serves the variation that is needed.
func (e *evaluation) met(c *Context, index int, p *prerequisite) bool {
	other := e.snapshot.flags[p.slot]
	var explanation *Explanation
	met := false
	if other != nil {
		var o outcome
		if e.trace != nil {
			o, explanation = e.explain(c, other)
		} else {
			o = e.flag(c, other)
		}
		met = other.enabled && o.variation >= 0 && other.variations[o.variation].key == p.variation
	}
	if e.trace != nil {
		e.trace.prerequisite(index, explanation, met)
	}
	return met
}
