package store

import (
	"encoding/json"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Reference is something that has to exist: a variation of the flag itself where only that is set, a variation of
// another flag, or a segment.
type Reference struct{ Flag, Variation, Segment string }

// References are those of one document.
type References map[Reference]bool

// Within tells whether all of these are among the others.
func (r References) Within(others References) bool {
	for one := range r {
		if !others[one] {
			return false
		}
	}
	return true
}

// ConfigReferences are those of a configuration.
func ConfigReferences(config evaluator.FlagConfig) References {
	found := References{}
	if config.OffVariation != nil {
		found[Reference{Variation: *config.OffVariation}] = true
	}
	for _, target := range config.Targets {
		found[Reference{Variation: target.Variation}] = true
	}
	for _, rule := range config.Rules {
		found.addServe(rule.Serve)
		found.addSegments(rule.Clauses)
	}
	found.addServe(config.Fallthrough)
	for _, p := range config.Prerequisites {
		found[Reference{Flag: p.Flag, Variation: p.Variation}] = true
	}
	return found
}

// SegmentReferences are those of a segment.
func SegmentReferences(s Segment) References {
	found := References{}
	for _, rule := range s.Rules {
		found.addSegments(rule.Clauses)
	}
	return found
}

func (r References) addServe(serve evaluator.Serve) {
	if serve == (evaluator.Serve{}) {
		return // of a flag that an expression decides
	}
	if serve.Rollout == nil {
		r[Reference{Variation: serve.Variation}] = true
		return
	}
	for _, share := range serve.Rollout.Weights {
		r[Reference{Variation: share.Variation}] = true
	}
}

// addSegments adds the segments that the clauses, or the groups in them, ask for. A value that is no text is for the
// compiler to refuse. What comes here has been decoded before, so its depth is bounded.
func (r References) addSegments(clauses []evaluator.Clause) {
	for _, c := range clauses {
		if c.Operator == evaluator.OpInSegment {
			for _, value := range c.Values {
				if key, ok := textOf(value); ok {
					r[Reference{Segment: key}] = true
				}
			}
		}
		r.addSegments(c.Any)
		r.addSegments(c.All)
	}
}

// textOf is the text that the JSON value is.
func textOf(value json.RawMessage) (text string, ok bool) {
	err := json.Unmarshal(value, &text)
	return text, err == nil
}
