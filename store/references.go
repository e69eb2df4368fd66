package store

import (
	"encoding/json"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Reference is something that has to exist: a variation of another flag, or a segment. If only Variation is set, it
// is a variation of the flag itself.
type Reference struct{ Flag, Variation, Segment string }

// References are all the references of one document.
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

// ConfigReferences are the references of a configuration.
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

// SegmentReferences are the references of a segment.
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

// addSegments adds the segments that the clauses, or the groups in them, ask for. It skips a value that is not a
// text: the compiler refuses such a value. The clauses were decoded before, so their depth is limited.
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

// textOf gives the text in a JSON value. Ok is false if the value is not a text.
func textOf(value json.RawMessage) (text string, ok bool) {
	err := json.Unmarshal(value, &text)
	return text, err == nil
}
