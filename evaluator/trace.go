package evaluator

// newFlagTrace lays out the whole explanation of f with nothing reached yet.
func newFlagTrace(f *flag, s *Snapshot) *trace {
	x := &Explanation{Flag: f.key, Enabled: f.enabled, Error: f.fault}
	t := &trace{explanation: x}
	if f.fault != nil {
		return t
	}
	cfg := &f.definition.Config
	if f.needs != nil {
		x.layOutNeeds(f, s)
	}
	if f.targeting != nil {
		x.Targeting = &TargetingTrace{Outcome: OutcomeNotReached}
		return t
	}
	for _, target := range cfg.Targets {
		x.Targets = append(x.Targets, TargetTrace{
			Outcome: OutcomeNotReached, Variation: target.Variation,
			Values: target.Values[:min(len(target.Values), maxTraced)], ValueCount: len(target.Values),
		})
	}
	layout := clauseLayout{clauses: f.clauses, nodes: make([]*ClauseTrace, len(f.clauses))}
	for i := range f.rules {
		x.Rules = append(x.Rules, RuleTrace{
			Outcome: OutcomeNotReached, ID: f.rules[i].id, Description: cfg.Rules[i].Description,
			Clauses: layout.list(f.rules[i].clauses, cfg.Rules[i].Clauses),
			Serve:   layOutServe(f, &f.rules[i].serve, &cfg.Rules[i].Serve),
		})
	}
	x.Fallthrough = layOutServe(f, &f.fallthru, &cfg.Fallthrough)
	t.clauses = layout.nodes
	return t
}

func (x *Explanation) layOutNeeds(f *flag, s *Snapshot) {
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
		x.Prerequisites = append(x.Prerequisites, PrerequisiteTrace{
			Outcome: OutcomeNotReached, Flag: p.Flag, Variation: p.Variation,
		})
	}
}

func layOutServe(f *flag, s *serve, def *Serve) *ServeTrace {
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
	for _, share := range s.rollout.shares {
		node.Rollout.Ranges = append(node.Rollout.Ranges, BucketRange{
			Variation: f.variations[share.variation].key, From: from, To: share.upTo,
		})
		from = share.upTo
	}
	return node
}

// newSegmentTrace lays out a segment with nothing reached yet.
func newSegmentTrace(s *Snapshot, slot int32) (*SegmentTrace, []*ClauseTrace) {
	seg := s.segments[slot]
	if seg == nil {
		return &SegmentTrace{Segment: s.segmentKey(slot), By: "missing"}, nil
	}
	node := &SegmentTrace{Segment: seg.definition.Key}
	if seg.fault != nil {
		node.By = "invalid"
		return node, nil
	}
	layout := clauseLayout{clauses: seg.clauses, nodes: make([]*ClauseTrace, len(seg.clauses))}
	for i, def := range seg.definition.Rules {
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
}

func (l *clauseLayout) list(s span, defs []Clause) []ClauseTrace {
	list := make([]ClauseTrace, len(defs))
	for i := range defs {
		def, cl := &defs[i], &l.clauses[int(s.from)+i]
		node := &list[i]
		*node = ClauseTrace{
			Outcome: OutcomeNotReached, Attribute: def.Attribute, Operator: def.Operator,
			Negate: def.Negate, IgnoreCase: def.IgnoreCase,
			Expected: def.Values[:min(len(def.Values), maxTraced)], ExpectedCount: len(def.Values),
		}
		switch cl.code {
		case codeAny:
			node.Any = l.list(cl.children, def.Any)
		case codeAll:
			node.All = l.list(cl.children, def.All)
		}
		l.nodes[int(s.from)+i] = node
	}
	return list
}
