package evaluator

import (
	"encoding/json"
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

// ValidateConfig checks the configuration of flag, which need not be in def yet: that it compiles, that the flags and
// segments it refers to exist in def, and that prerequisites lead neither back to it nor, from it or from any flag that
// needs it, to too many evaluations. The error is of type CompileErrors; its pointers are relative to the FlagConfig.
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
	for i, p := range f.Config.Prerequisites {
		trail := linkTrail{target: f.Key, next: v.prerequisitesOf}
		trail.check(&c, p.Flag, at.item(i))
	}
	if len(f.Config.Prerequisites) > 0 {
		after := overloaded(v.flags, v.prerequisitesOf)
		v.flags[f.Key] = old
		c.checkLoad(overloaded(v.flags, v.prerequisitesOf), after, at)
	}
	return c.err()
}

// ValidateSegment checks a segment, which need not be in def yet: that it compiles, that the segments it refers to
// exist in def, and that they lead neither back to it nor, from it or from any segment that looks into it, to too many
// evaluations. The error is of type CompileErrors; its pointers are relative to the Segment.
func ValidateSegment(def Definition, s Segment) error {
	v := newValidator(&def)
	old := v.segments[s.Key]
	v.segments[s.Key] = &s
	_, errs := compileSegment(&s, v)
	c := compiler{faults: faults{list: errs}}
	at := (*pointer)(nil).field("rules")
	for i := range s.Rules {
		for _, key := range segmentsOf(nil, s.Rules[i].Clauses, 0) {
			trail := linkTrail{target: s.Key, next: v.nestedIn}
			trail.check(&c, key, at.item(i))
		}
	}
	if len(v.nestedIn(s.Key)) > 0 {
		after := overloaded(v.segments, v.nestedIn)
		v.segments[s.Key] = old
		c.checkLoad(overloaded(v.segments, v.nestedIn), after, at)
	}
	return c.err()
}

// checkLoad adds a fault if the change overloads a flag or segment that was not overloaded before.
func (c *compiler) checkLoad(before, after map[string]bool, at *pointer) {
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if !before[key] {
			c.add(at, strconv.Quote(key)+" would lead to too many evaluations; "+costMessage)
			return
		}
	}
}

// overloaded returns the keys from which too many evaluations follow.
func overloaded[T any](all map[string]*T, next func(key string) []string) map[string]bool {
	keys := slices.Collect(maps.Keys(all))
	slots := make(map[string]int32, len(keys))
	for i, key := range keys {
		slots[key] = int32(i)
	}
	g := newGraph(len(keys), func(node int32, visit func(int32)) {
		for _, key := range next(keys[node]) {
			if slot, ok := slots[key]; ok {
				visit(slot)
			}
		}
	})
	found := make(map[string]bool)
	for i, key := range keys {
		if g.fault(int32(i)) == costMessage {
			found[key] = true
		}
	}
	return found
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
	seen   map[string]bool
}

// check adds a fault that shows the way if the link to key leads back to the target.
func (t *linkTrail) check(c *compiler, key string, at *pointer) {
	t.seen = make(map[string]bool)
	if t.leadsBack(key) {
		c.add(at, cycleMessage+": "+t.target+" → "+strings.Join(t.path, " → "))
	}
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
