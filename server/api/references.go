package api

import (
	"context"
	stdjson "encoding/json"

	"github.com/go-json-experiment/json"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// checkedAt has the revision of each environment at which a write was checked; nil if it needs no check. A revision must
// be read before, or with, all that the check looks at: whatever changes later then fails the write with store.ErrMoved.
type checkedAt map[store.EnvironmentRef]int64

// revisions begins a check of a write that touches every environment of the project.
func (a *API) revisions(ctx context.Context, project string) (checkedAt, error) {
	environments, err := a.Store.ListEnvironments(ctx, project)
	if err != nil {
		return nil, err
	}
	checked := make(checkedAt, len(environments))
	for _, environment := range environments {
		checked[environment.EnvironmentRef] = environment.Revision
	}
	return checked, nil
}

// reference is something that has to exist: a variation of the flag itself where only that is set, a variation of another
// flag, or a segment.
type reference struct{ flag, variation, segment string }

type references map[reference]bool

// within tells whether all of these are among the others.
func (r references) within(others references) bool {
	for one := range r {
		if !others[one] {
			return false
		}
	}
	return true
}

// configReferences are those of a configuration.
func configReferences(config evaluator.FlagConfig) references {
	found := references{}
	if config.OffVariation != nil {
		found[reference{variation: *config.OffVariation}] = true
	}
	for _, target := range config.Targets {
		found[reference{variation: target.Variation}] = true
	}
	for _, rule := range config.Rules {
		found.addServe(rule.Serve)
		found.addSegments(rule.Clauses)
	}
	found.addServe(config.Fallthrough)
	for _, p := range config.Prerequisites {
		found[reference{flag: p.Flag, variation: p.Variation}] = true
	}
	return found
}

// segmentReferences are those of a segment.
func segmentReferences(s store.Segment) references {
	found := references{}
	for _, rule := range s.Rules {
		found.addSegments(rule.Clauses)
	}
	return found
}

func (r references) addServe(serve evaluator.Serve) {
	if serve.Rollout == nil {
		r[reference{variation: serve.Variation}] = true
		return
	}
	for _, share := range serve.Rollout.Weights {
		r[reference{variation: share.Variation}] = true
	}
}

// addSegments adds the segments that the clauses, or the groups in them, ask for. A value that is no text is for the
// compiler to refuse. What comes here has been decoded before, so its depth is bounded.
func (r references) addSegments(clauses []evaluator.Clause) {
	for _, c := range clauses {
		if c.Operator == evaluator.OpInSegment {
			for _, value := range c.Values {
				if key, ok := textOf(value); ok {
					r[reference{segment: key}] = true
				}
			}
		}
		r.addSegments(c.Any)
		r.addSegments(c.All)
	}
}

// textOf is the text that the JSON value is.
func textOf(value stdjson.RawMessage) (text string, ok bool) {
	err := json.Unmarshal(value, &text)
	return text, err == nil
}
