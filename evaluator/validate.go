package evaluator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ValidateFlag checks what a flag is in every environment: key, type and variations. The error is of type
// CompileErrors; its pointers are relative to the Flag.
func ValidateFlag(f Flag) error {
	c := compiler{}
	c.variationsOf(&flag{definition: &f}, nil)
	return c.err()
}

// ValidateConfig checks the configuration of flag, which need not be in def yet. The configuration must compile. The
// flags and segments that it refers to must exist in def. Its prerequisites must not lead back to it. Neither it nor
// any flag that needs it may lead to too many evaluations. The error is of type CompileErrors; its pointers are
// relative to the FlagConfig.
func ValidateConfig(def Definition, f Flag) error {
	v := newValidator(&def)
	old := v.flags[f.Key]
	v.flags[f.Key] = &f
	c := compiler{linker: v, flagKey: f.Key}
	compiled := flag{key: f.Key, definition: &f}
	c.variationsOf(&compiled, nil)
	c.list = nil // those are ValidateFlag's
	c.config(&compiled, &f.Config, nil)
	at := (*pointer)(nil).field("prerequisites")
	trail := newTrail(f.Key, v.prerequisitesOf)
	for i, p := range f.Config.Prerequisites {
		trail.check(&c, p.Flag, at.item(i))
	}
	v.compareLoads(&c, c.patterns > 0, at, v.flagLoads(f.Key), func() { v.flags[f.Key] = old })
	return c.err()
}

// ValidateSegment checks a segment, which need not be in def yet. The segment must compile. The segments that it
// refers to must exist in def. They must not lead back to it. Neither it nor any segment that looks into it may lead
// to too many evaluations. The error is of type CompileErrors; its pointers are relative to the Segment.
func ValidateSegment(def Definition, s Segment) error {
	v := newValidator(&def)
	old := v.segments[s.Key]
	v.segments[s.Key] = &s
	compiled, errs := compileSegment(&s, v)
	c := compiler{faults: faults{list: errs}}
	at := (*pointer)(nil).field("rules")
	trail := newTrail(s.Key, v.nestedIn)
	for i := range s.Rules {
		for _, key := range segmentsOf(nil, s.Rules[i].Clauses, 0) {
			trail.check(&c, key, at.item(i))
		}
	}
	v.compareLoads(&c, hasPatterns(compiled.clauses), at, v.segmentLoads(s.Key),
		func() { v.segments[s.Key] = old })
	return c.err()
}

// compareLoads adds a fault if the change makes something too much that was not too much before. It looks at the
// regular expressions only if what has changed has any.
//
// measure gives what is too much of each flag or segment; nil means that nothing can be.
func (v *validator) compareLoads(c *compiler, patterns bool, at *pointer, measure func() map[string]string, undo func()) {
	var after map[string]string
	if measure != nil {
		after = measure()
	}
	size := 0
	if patterns {
		size = v.patterns()
	}
	if len(after) == 0 && size <= maxEnvironmentPatterns {
		return
	}
	undo()
	if len(after) > 0 {
		before := measure()
		for _, key := range slices.Sorted(maps.Keys(after)) {
			if before[key] == "" {
				c.add(at, strconv.Quote(key)+" would lead to too many evaluations; "+after[key])
				break
			}
		}
	}
	if size > maxEnvironmentPatterns && size > v.patterns() {
		c.add(at.parent, fmt.Sprintf("the regular expressions of an environment may become programs of %d instructions together",
			maxEnvironmentPatterns))
	}
}

// flagLoads measures all flags. It is nil if the flag is neither linked to others nor takes much work itself.
func (v *validator) flagLoads(key string) func() map[string]string {
	if len(v.flags[key].Config.Prerequisites) == 0 && newWeights(v).flag(key) < muchWork {
		return nil
	}
	return func() map[string]string { return overloaded(v.flags, v.prerequisitesOf, newWeights(v).flag) }
}

// segmentLoads is flagLoads for segments.
func (v *validator) segmentLoads(key string) func() map[string]string {
	if len(v.nestedIn(key)) == 0 && newWeights(v).segment(key) < muchWork {
		return nil
	}
	return func() map[string]string {
		w := newWeights(v)
		w.alone = true
		return overloaded(v.segments, v.nestedIn, w.segment)
	}
}

// muchWork is the work, in steps, from which on others that lead to it may take too much.
const muchWork = MaxSteps / maxLinkedEvaluations

// overloaded returns the keys from which too many evaluations follow, or too much work.
func overloaded[T any](all map[string]*T, next func(key string) []string, own func(key string) int) map[string]string {
	keys := slices.Collect(maps.Keys(all))
	slots := make(map[string]int32, len(keys))
	for i, key := range keys {
		slots[key] = int32(i)
	}
	edges := func(node int32, visit func(int32)) {
		for _, key := range next(keys[node]) {
			if slot, ok := slots[key]; ok {
				visit(slot)
			}
		}
	}
	counts, works := newGraph(len(keys), edges), newGraph(len(keys), edges)
	works.limit, works.own = MaxSteps, func(node int32) int { return own(keys[node]) }
	found := make(map[string]string)
	for i, key := range keys {
		switch {
		case counts.fault(int32(i)) == costMessage:
			found[key] = costMessage
		case works.fault(int32(i)) == costMessage:
			found[key] = workMessage
		}
	}
	return found
}

func hasPatterns(clauses []clause) bool {
	return slices.ContainsFunc(clauses, func(cl clause) bool { return cl.code == codeMatches })
}

// validator is the linker of what is about to be saved: what is referred to must exist.
type validator struct {
	flags    map[string]*Flag
	segments map[string]*Segment
}

func newValidator(def *Definition) *validator {
	v := &validator{
		flags:    make(map[string]*Flag, len(def.Flags)+1),
		segments: make(map[string]*Segment, len(def.Segments)+1),
	}
	for i := range def.Flags {
		v.flags[def.Flags[i].Key] = &def.Flags[i]
	}
	for i := range def.Segments {
		v.segments[def.Segments[i].Key] = &def.Segments[i]
	}
	return v
}

func (v *validator) prerequisite(key, variation string) (int32, string) {
	f := v.flags[key]
	if f == nil {
		return 0, "a prerequisite must be a flag of this environment; there is no " + strconv.Quote(key)
	}
	for i := range f.Variations {
		if f.Variations[i].Key == variation {
			return 0, ""
		}
	}
	return 0, "the variation must be one of the prerequisite's; " + strconv.Quote(key) + " has no " + strconv.Quote(variation)
}

func (v *validator) segment(key string) (int32, string) {
	if v.segments[key] == nil {
		return 0, "a segment must be one of this environment; there is no " + strconv.Quote(key)
	}
	return 0, ""
}

func (v *validator) intern(s string) string { return s }

func (v *validator) pattern(source patternSource) (*pattern, error) { return source.compile() }

func (v *validator) prerequisitesOf(key string) []string {
	f := v.flags[key]
	if f == nil {
		return nil
	}
	var keys []string
	for i := range f.Config.Prerequisites {
		keys = append(keys, f.Config.Prerequisites[i].Flag)
	}
	return keys
}

func (v *validator) nestedIn(key string) []string {
	s := v.segments[key]
	if s == nil {
		return nil
	}
	var keys []string
	for i := range s.Rules {
		keys = segmentsOf(keys, s.Rules[i].Clauses, 0)
	}
	return keys
}

// segmentsOf appends the segments that the clauses look into, as deep as groups may be nested.
func segmentsOf(keys []string, clauses []Clause, depth int) []string {
	if depth > maxGroupDepth {
		return keys
	}
	for i := range clauses {
		cl := &clauses[i]
		if cl.Operator == OpInSegment {
			for _, raw := range cl.Values {
				var key string
				if json.Unmarshal(raw, &key) == nil {
					keys = append(keys, key)
				}
			}
		}
		keys = segmentsOf(keys, cl.Any, depth+1)
		keys = segmentsOf(keys, cl.All, depth+1)
	}
	return keys
}

// linkTrail follows links in search of the way back to the object that is validated.
type linkTrail struct {
	target string
	next   func(key string) []string
	path   []string
	seen   map[string]bool // those that do not lead back, and those on the path
}

func newTrail(target string, next func(key string) []string) *linkTrail {
	return &linkTrail{target: target, next: next, seen: make(map[string]bool)}
}

// check adds a fault that shows the way if the link to key leads back to the target.
func (t *linkTrail) check(c *compiler, key string, at *pointer) {
	if !t.leadsBack(key) {
		return
	}
	c.add(at, cycleMessage+": "+t.target+" → "+strings.Join(t.path, " → "))
	for _, key := range t.path {
		delete(t.seen, key)
	}
	t.path = t.path[:0]
}

func (t *linkTrail) leadsBack(key string) bool {
	t.path = append(t.path, key)
	if key == t.target {
		return true
	}
	if !t.seen[key] {
		t.seen[key] = true
		for _, next := range t.next(key) {
			if t.leadsBack(next) {
				return true
			}
		}
	}
	t.path = t.path[:len(t.path)-1]
	return false
}
