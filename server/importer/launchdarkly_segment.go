package importer

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// ldGroup is a segment, as clauses that ask for it see it.
type ldGroup struct {
	def  ldSegment
	path string
	when condition
	// rules: the segment is a segment here, too. lossy: somebody is kept out of the flags and segments that ask for
	// it.
	rules, lossy bool
	// ready is false until when is known. reading is true while when is found out.
	ready, reading bool
}

// readSegments reads the segments, each of which may ask for others.
func (x *ldReader) readSegments(parts map[string]any) error {
	x.segments = map[string]*ldGroup{}
	for _, key := range sortedKeys(parts) {
		path := at("/segments", key)
		unknowns := len(x.unknowns)
		def, err := into[ldSegment](x.reader, parts[key], path)
		if err != nil {
			return err
		}
		if def.Deleted {
			continue
		}
		def.Key = cmp.Or(def.Key, key)
		unknown := len(x.unknowns) > unknowns
		g := &ldGroup{def: def, path: path, when: unknowable, ready: unknown, lossy: unknown}
		if unknown {
			x.leaveOut(path, "segment %q has parts that the import does not know; it is left out", def.Key)
		}
		x.segments[key] = g
	}
	for _, key := range sortedKeys(x.segments) {
		x.read(x.segments[key])
	}
	return nil
}

// read finds out who is in the segment.
func (x *ldReader) read(g *ldGroup) {
	if g.ready || g.reading {
		return
	}
	g.reading = true
	def, losses := &g.def, len(x.plan.Losses)
	steps := make([]condition, len(def.Rules))
	weighted := false
	for i := range def.Rules {
		steps[i] = x.segmentRule(def, &def.Rules[i], at(g.path, "rules", i))
		weighted = weighted || def.Rules[i].Weight != nil
	}
	included, excluded := keysOf(def.Included, def.IncludedContexts), keysOf(def.Excluded, def.ExcludedContexts)
	g.when = anyOf(included, allOf(not(excluded), anyOf(steps...)))
	if def.Unbounded {
		x.lose(
			g.path,
			"the members of the big segment %q are not in the file; whoever is asked for it is kept out",
			def.Key,
		)
		g.when = unknowable
	}
	g.ready, g.reading = true, false
	g.lossy = slices.ContainsFunc(x.plan.Losses[losses:], func(l Loss) bool { return l.Effect != EffectDropped })
	g.rules = x.asSegment(g, steps, weighted)
	if !g.rules && len(x.plan.Losses) == losses {
		x.drop(
			g.path,
			"segment %q is written into the expressions of the flags that ask for it: rules cannot say the same",
			def.Key,
		)
	}
}

// keysOf is met by those who are listed.
func keysOf(users []string, others []ldTarget) condition {
	list := []condition{keyIn(users)}
	for _, t := range others {
		list = append(list, keyOfKindIn(t.Kind, t.Values))
	}
	return anyOf(list...)
}

// segmentRule is met by a share of those who meet its clauses.
func (x *ldReader) segmentRule(def *ldSegment, rule *ldSegmentRule, path string) condition {
	c := x.clauses(rule.Clauses, path)
	if rule.Weight == nil || *rule.Weight >= evaluator.TotalWeight {
		return c
	}
	ref, problem := ldReferenceTo(cmp.Or(rule.BucketBy, "key"), rule.RolloutKind)
	if problem != "" || ref.isKind() || ref.isAnonymous() {
		x.lose(
			at(path, "bucketBy"),
			"%q %s; whoever is asked for it is kept out",
			rule.BucketBy,
			cmp.Or(problem, "cannot bucket"),
		)
		return unknowable
	}
	if *rule.Weight <= 0 {
		return allOf(c, never)
	}
	key := logic.Var(ref.path)
	integer := logic.All(
		logic.IsNumber(key, logic.Var(ref.path+".length")),
		logic.Apply("===", logic.Apply("%", key, 1), 0),
	)
	bucketable := logic.Any(logic.IsString(key), integer)
	x.drop(at(path, "weight"), "the share of the segment's rule stays, but users are bucketed anew")
	share := portions{by: ref.path, shares: []share{{"in", *rule.Weight}, {"", evaluator.TotalWeight - *rule.Weight}}}
	return allOf(c, asks(logic.Any(logic.Not(bucketable), share.within(def.Key))))
}

// asSegment adds the segment to the plan, if rules can say who is in it.
func (x *ldReader) asSegment(g *ldGroup, rules []condition, weighted bool) bool {
	def := &g.def
	if def.Unbounded || weighted || len(def.ExcludedContexts) > 0 {
		return false
	}
	s := Segment{
		Name:        def.Name,
		Description: def.Description,
		Segment:     evaluator.Segment{Key: def.Key, Included: def.Included},
	}
	for _, key := range def.Excluded {
		if !slices.Contains(def.Included, key) { // who is included there is in, excluded or not
			s.Excluded = append(s.Excluded, key)
		}
	}
	for i, t := range def.IncludedContexts {
		c := keyOfKindIn(t.Kind, t.Values)
		if c.metBy == nil || len(s.Excluded) > 0 { // and so is whoever belongs to something that is included
			return false
		}
		s.Rules = append(s.Rules, evaluator.SegmentRule{ID: "included-" + strconv.Itoa(i+1), Clauses: c.metBy})
	}
	for i, c := range rules {
		clauses := c.metBy
		if c.met == true {
			clauses = []evaluator.Clause{}
		}
		if clauses == nil || c.unsure {
			return false
		}
		id := cmp.Or(def.Rules[i].ID, def.Rules[i].APIID, "rule-"+strconv.Itoa(i+1))
		s.Rules = append(
			s.Rules,
			evaluator.SegmentRule{ID: id, Description: def.Rules[i].Description, Clauses: clauses},
		)
	}
	x.addSegment(g.path, s)
	return true
}

// inSegments is met by whoever is in any of the segments. Nobody is in a segment that does not exist.
func (x *ldReader) inSegments(values []any, path string) condition {
	var some []condition
	for i, v := range values {
		key, _ := v.(string)
		g := x.segments[key]
		if g == nil {
			continue
		}
		if g.reading {
			x.lose(
				at(path, "values", i),
				"segment %q asks for itself in the end; whoever is asked for it is kept out",
				key,
			)
			some = append(some, unknowable)
			continue
		}
		x.read(g)
		if g.lossy {
			x.lose(at(path, "values", i), "segment %q keeps somebody out who may be in it: see %s", key, g.path)
		}
		c := g.when
		if x.named != nil {
			c = x.named.name(c, "segment "+key)
		}
		if c.metBy, c.unmetBy = nil, nil; g.rules {
			c.metBy = []evaluator.Clause{{Operator: evaluator.OpInSegment, Values: raws([]string{key})}}
		}
		some = append(some, c)
	}
	return anyOf(some...)
}
