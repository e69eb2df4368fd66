package evaluator

import (
	"strconv"
	"strings"
)

const workMessage = "evaluating it may take more work than one request may cause"

// weights estimates the work of evaluating what is about to be saved, for a context of short texts. It looks at the
// definitions alone. What is always too much work is refused.
type weights struct {
	*validator
	segmentSteps map[string]int
	alone        bool // segments count without those that they look into
}

func newWeights(v *validator) *weights {
	return &weights{validator: v, segmentSteps: make(map[string]int)}
}

// flag is the work of a flag without that of its prerequisites, at most MaxSteps+1.
func (w *weights) flag(key string) int {
	f := w.flags[key]
	if f == nil {
		return 1
	}
	steps := 1 + len(f.Config.Targets) + len(f.Config.Prerequisites) + stepsOfExpression*len(f.Config.Targeting)/bytesOfNode
	for i := range f.Config.Rules {
		steps = min(steps+1+w.clauses(f.Config.Rules[i].Clauses, 0), MaxSteps+1)
	}
	return steps
}

// bytesOfNode is how many bytes of JSON an operator or value of an expression takes at most of those that are short.
const bytesOfNode = 16

// segment is the work of a segment, those that it looks into included, at most MaxSteps+1.
func (w *weights) segment(key string) int {
	s := w.segments[key]
	if s == nil {
		return 1
	}
	if steps, known := w.segmentSteps[key]; known {
		return steps
	}
	w.segmentSteps[key] = 1 // of a segment that leads back to itself, which is refused
	steps := 3
	for i := range s.Rules {
		steps = min(steps+1+w.clauses(s.Rules[i].Clauses, 0), MaxSteps+1)
	}
	w.segmentSteps[key] = steps
	return steps
}

func (w *weights) clauses(clauses []Clause, depth int) (steps int) {
	if depth > maxGroupDepth {
		return 0
	}
	for i := range clauses {
		cl := &clauses[i]
		steps += 3 + 4*strings.Count(cl.Attribute, ".") + w.clauses(cl.Any, depth+1) + w.clauses(cl.All, depth+1)
		switch cl.Operator {
		case OpMatches:
			for _, raw := range cl.Values {
				steps += shortText / 2 * len(raw) / 2
			}
		case OpInSegment:
			if w.alone {
				continue
			}
			for _, raw := range cl.Values {
				if key, err := strconv.Unquote(string(raw)); err == nil {
					steps += w.segment(key)
				}
			}
		}
		if steps > MaxSteps {
			return MaxSteps + 1
		}
	}
	return steps
}

// patternSizes is the size of the programs of the different regular expressions of flags and segments.
type patternSizes struct {
	seen  map[patternSource]bool
	total int
}

func newPatternSizes() *patternSizes { return &patternSizes{seen: make(map[patternSource]bool)} }

func (p *patternSizes) add(clauses []Clause, depth int) {
	if depth > maxGroupDepth {
		return
	}
	for i := range clauses {
		cl := &clauses[i]
		p.add(cl.Any, depth+1)
		p.add(cl.All, depth+1)
		if cl.Operator != OpMatches {
			continue
		}
		for _, raw := range cl.Values {
			v, _ := decodeScalar(raw) // what is none is no pattern
			text, _ := v.(string)
			if source := (patternSource{text, cl.IgnoreCase}); !p.seen[source] {
				p.seen[source] = true
				p.total += source.measure()
			}
		}
	}
}

func (p *patternSizes) addFlag(f *Flag) {
	for i := range f.Config.Rules {
		p.add(f.Config.Rules[i].Clauses, 0)
	}
}

func (p *patternSizes) addSegment(s *Segment) {
	for i := range s.Rules {
		p.add(s.Rules[i].Clauses, 0)
	}
}

// patterns measures the regular expressions of the whole environment.
func (v *validator) patterns() int {
	sizes := newPatternSizes()
	for _, f := range v.flags {
		if f != nil {
			sizes.addFlag(f)
		}
	}
	for _, s := range v.segments {
		if s != nil {
			sizes.addSegment(s)
		}
	}
	return sizes.total
}
