package demo

import (
	"encoding/json"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
)

// change changes a configuration.
type change func(c *evaluator.FlagConfig)

// on switches a flag on and makes the other changes.
func on(changes ...change) change {
	return func(c *evaluator.FlagConfig) {
		c.Enabled = true
		for _, e := range changes {
			e(c)
		}
	}
}

// serving is the fallthrough: a variation.
func serving(variation string) change {
	return func(c *evaluator.FlagConfig) { c.Fallthrough = evaluator.Serve{Variation: variation} }
}

// split is the fallthrough: shares in percent.
func split(shares ...share) change {
	return func(c *evaluator.FlagConfig) { c.Fallthrough = rollout(shares...) }
}

// share is a part of a split.
type share struct {
	variation string
	percent   int
}

func rollout(shares ...share) evaluator.Serve {
	weights := make([]evaluator.WeightedServing, len(shares))
	for i, s := range shares {
		weights[i] = evaluator.WeightedServing{Variation: s.variation, Weight: s.percent * evaluator.TotalWeight / 100}
	}
	return evaluator.Serve{Rollout: &evaluator.Rollout{Weights: weights}}
}

// rule adds a rule that serves a variation.
func rule(id, description, variation string, clauses ...evaluator.Clause) change {
	return func(c *evaluator.FlagConfig) {
		c.Rules = append(c.Rules, evaluator.Rule{
			ID: id, Description: description, Clauses: clauses, Serve: evaluator.Serve{Variation: variation},
		})
	}
}

// target adds customers who get a variation before any rule is looked at.
func target(variation string, keys ...string) change {
	return func(c *evaluator.FlagConfig) {
		c.Targets = append(c.Targets, evaluator.Target{Variation: variation, Values: keys})
	}
}

// needs adds a prerequisite.
func needs(flag, variation string) change {
	return func(c *evaluator.FlagConfig) {
		c.Prerequisites = append(c.Prerequisites, evaluator.Prerequisite{Flag: flag, Variation: variation})
	}
}

// from says which version of a service has the code.
func from(service, version string, scope evaluator.Scope) change {
	return func(c *evaluator.FlagConfig) {
		c.Availability = &evaluator.Availability{Service: service, Version: version, Scope: scope}
	}
}

func clause(attribute string, operator evaluator.Operator, values ...any) evaluator.Clause {
	c := evaluator.Clause{Attribute: attribute, Operator: operator}
	for _, v := range values {
		c.Values = append(c.Values, raw(v))
	}
	return c
}

func inSegment(segment string) evaluator.Clause {
	return evaluator.Clause{Operator: evaluator.OpInSegment, Values: []json.RawMessage{raw(segment)}}
}

// variation is one value of a flag.
func variation(key string, value any) evaluator.Variation {
	return evaluator.Variation{Key: key, Value: raw(value)}
}

// raw is the JSON of a constant of this package.
func raw(value any) json.RawMessage {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("demo: %v cannot be encoded: %v", value, err))
	}
	return encoded
}
