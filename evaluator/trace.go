package evaluator

// newFlagTrace lays out the whole explanation of f with nothing reached yet; nil if there is no room for any of it.
func newFlagTrace(f *flag, e *evaluation) *trace {
	if !e.room.take(nodeBytes) {
		return nil
	}
	x := &Explanation{Flag: f.key, Enabled: f.enabled, Error: f.fault}
	t := &trace{explanation: x, room: e.room}
	if f.fault != nil {
		return t
	}
	cfg := &f.definition.Config
	if f.needs != nil {
		x.layOutNeeds(f, e.room)
	}
	if f.targeting != nil {
		x.Targeting = &TargetingTrace{Outcome: OutcomeNotReached}
		return t
	}
	x.layOutTargets(cfg.Targets, e.room)
	layout := newClauseLayout(f.clauses, e.room)
	for i := range f.rules {
		if !e.room.take(nodeBytes + len(cfg.Rules[i].Description)) {
			break
		}
		x.Rules = append(x.Rules, RuleTrace{
			Outcome: OutcomeNotReached, ID: f.rules[i].id, Description: cfg.Rules[i].Description,
			Clauses: layout.list(f.rules[i].clauses, cfg.Rules[i].Clauses),
			Serve:   layOutServe(f, &f.rules[i].serve, &cfg.Rules[i].Serve, e.room),
		})
	}
	x.Fallthrough = layOutServe(f, &f.fallthru, &cfg.Fallthrough, e.room)
	t.clauses = layout.nodes
	return t
}

func (x *Explanation) layOutNeeds(f *flag, r *room) {
	if a := f.needs.availability; a != nil {
		def := f.definition.Config.Availability
		x.Availability = &AvailabilityTrace{
			Outcome: OutcomeNotReached, Scope: a.scope, Service: def.Service, Version: def.Version,
		}
		if a.scope == ScopeFleet {
			x.Availability.FleetOpen = &f.definition.FleetOpen
		}
	}
	for _, p := range f.definition.Config.Prerequisites {
		if !r.take(nodeBytes) {
			return
		}
		x.Prerequisites = append(x.Prerequisites, PrerequisiteTrace{
			Outcome: OutcomeNotReached, Flag: p.Flag, Variation: p.Variation,
		})
	}
}

func (x *Explanation) layOutTargets(targets []Target, r *room) {
	for _, target := range targets {
		node := TargetTrace{Outcome: OutcomeNotReached, Variation: target.Variation, ValueCount: len(target.Values)}
		if !r.take(nodeBytes) {
			return
		}
		if values := target.Values[:min(len(target.Values), maxTraced)]; r.take(textBytes(values)) {
			node.Values = values
		}
		x.Targets = append(x.Targets, node)
	}
}

// textBytes is what a list of texts takes.
func textBytes[T ~string | ~[]byte](texts []T) (bytes int) {
	for _, text := range texts {
		bytes += len(text) + len(`"",`)
	}
	return bytes
}

func layOutServe(f *flag, s *serve, def *Serve, r *room) *ServeTrace {
	node := &ServeTrace{Outcome: OutcomeNotReached, Variation: def.Variation}
	if s.rollout == nil {
		return node
	}
	node.Rollout = &RolloutTrace{BucketBy: def.Rollout.BucketBy, Seed: def.Rollout.Seed}
	if node.Rollout.BucketBy == "" {
		node.Rollout.BucketBy = AttributeTargetingKey
	}
	if node.Rollout.Seed == "" {
		node.Rollout.Seed = f.key
	}
	from := uint32(0)
	if !r.take(len(s.rollout.shares) * nodeBytes) {
		return node
	}
	for _, share := range s.rollout.shares {
		node.Rollout.Ranges = append(node.Rollout.Ranges, BucketRange{
			Variation: f.variations[share.variation].key, From: from, To: share.upTo,
		})
		from = share.upTo
	}
	return node
}

// newSegmentTrace lays out a segment with nothing reached yet; nil if there is no room for any of it.
func newSegmentTrace(e *evaluation, slot int32) (*SegmentTrace, []*ClauseTrace) {
	if !e.room.take(nodeBytes) {
		return nil, nil
	}
	seg := e.snapshot.segments[slot]
	if seg == nil {
		if !e.room.spend(len(e.snapshot.segmentSlots)) {
			return nil, nil
		}
		return &SegmentTrace{Segment: e.snapshot.segmentKey(slot), By: "missing"}, nil
	}
	node := &SegmentTrace{Segment: seg.definition.Key}
	if seg.fault != nil {
		node.By = "invalid"
		return node, nil
	}
	layout := newClauseLayout(seg.clauses, e.room)
	for i, def := range seg.definition.Rules {
		if !e.room.take(nodeBytes + len(def.Description)) {
			break
		}
		node.Rules = append(node.Rules, SegmentRuleTrace{
			Outcome: OutcomeNotReached, ID: def.ID, Description: def.Description,
			Clauses: layout.list(seg.rules[i], def.Clauses),
		})
	}
	return node, layout.nodes
}

// segmentKey finds the key of a slot that has no segment.
func (s *Snapshot) segmentKey(slot int32) string {
	for key, other := range s.segmentSlots {
		if other == slot {
			return key
		}
	}
	return ""
}

// maxTraced bounds how many values of a list an explanation shows.
const maxTraced = 100

// clauseLayout makes the nodes of compiled clauses and remembers which belongs to which.
type clauseLayout struct {
	clauses []clause
	nodes   []*ClauseTrace
	room    *room
}

func newClauseLayout(clauses []clause, r *room) clauseLayout {
	l := clauseLayout{clauses: clauses, room: r}
	if r.take(8 * len(clauses)) {
		l.nodes = make([]*ClauseTrace, len(clauses))
	}
	return l
}

// list makes the nodes of the clauses for which there is room.
func (l *clauseLayout) list(s span, defs []Clause) []ClauseTrace {
	list := make([]ClauseTrace, 0, min(len(defs), l.room.bytes/nodeBytes, len(l.nodes)))
	for i := range defs {
		if len(list) == cap(list) || !l.room.take(nodeBytes) {
			l.room.full = true
			break
		}
		list = append(list, ClauseTrace{})
		l.lay(&list[i], &defs[i], int(s.from)+i)
	}
	return list
}

func (l *clauseLayout) lay(node *ClauseTrace, def *Clause, index int) {
	*node = ClauseTrace{
		Outcome: OutcomeNotReached, Attribute: def.Attribute, Operator: def.Operator,
		Negate: def.Negate, IgnoreCase: def.IgnoreCase, ExpectedCount: len(def.Values),
	}
	if expected := def.Values[:min(len(def.Values), maxTraced)]; l.room.take(textBytes(expected)) {
		node.Expected = expected
	}
	cl := &l.clauses[index]
	switch cl.code {
	case codeAny:
		node.Any = l.list(cl.children, def.Any)
	case codeAll:
		node.All = l.list(cl.children, def.All)
	}
	l.nodes[index] = node
}
