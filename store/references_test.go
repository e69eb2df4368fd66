package store

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tidegate-io/tidegate/evaluator"
)

func TestReferencesWithin(t *testing.T) {
	t.Parallel()
	off := "off"
	inSegment := func(keys ...string) evaluator.Clause {
		clause := evaluator.Clause{Operator: evaluator.OpInSegment}
		for _, key := range keys {
			clause.Values = append(clause.Values, json.RawMessage(`"`+key+`"`))
		}
		return clause
	}
	serve := func(variation string) evaluator.Serve { return evaluator.Serve{Variation: variation} }
	rollout := func(variations ...string) evaluator.Serve {
		weights := make([]evaluator.WeightedServing, len(variations))
		for i, variation := range variations {
			weights[i].Variation = variation
		}
		return evaluator.Serve{Rollout: &evaluator.Rollout{Weights: weights}}
	}
	before := evaluator.FlagConfig{
		OffVariation:  &off,
		Rules:         []evaluator.Rule{{Clauses: []evaluator.Clause{{Any: []evaluator.Clause{inSegment("staff", "beta")}}}, Serve: serve("on")}},
		Fallthrough:   serve("off"),
		Prerequisites: []evaluator.Prerequisite{{Flag: "cart", Variation: "on"}},
	}
	for name, c := range map[string]struct {
		edit   func(c *evaluator.FlagConfig)
		within bool
	}{
		"a flip":                        {func(c *evaluator.FlagConfig) { c.Enabled = true }, true},
		"less":                          {func(c *evaluator.FlagConfig) { c.Rules, c.Prerequisites, c.OffVariation = nil, nil, nil }, true},
		"a rollout of the same":         {func(c *evaluator.FlagConfig) { c.Fallthrough = rollout("on", "off") }, true},
		"a target of the same":          {func(c *evaluator.FlagConfig) { c.Targets = []evaluator.Target{{Variation: "on"}} }, true},
		"another variation":             {func(c *evaluator.FlagConfig) { c.Fallthrough = serve("third") }, false},
		"a rollout of another":          {func(c *evaluator.FlagConfig) { c.Fallthrough = rollout("on", "third") }, false},
		"a target of another":           {func(c *evaluator.FlagConfig) { c.Targets = []evaluator.Target{{Variation: "third"}} }, false},
		"another variation when off":    {func(c *evaluator.FlagConfig) { c.OffVariation = &[]string{"third"}[0] }, false},
		"another prerequisite":          {func(c *evaluator.FlagConfig) { c.Prerequisites[0].Flag = "checkout" }, false},
		"another variation of the same": {func(c *evaluator.FlagConfig) { c.Prerequisites[0].Variation = "off" }, false},
		"another segment":               {func(c *evaluator.FlagConfig) { c.Rules[0].Clauses = []evaluator.Clause{inSegment("guests")} }, false},
		"another segment deep in a group": {func(c *evaluator.FlagConfig) {
			c.Rules[0].Clauses = []evaluator.Clause{{All: []evaluator.Clause{{Any: []evaluator.Clause{inSegment("guests")}}}}}
		}, false},
		"one of the segments, in no group": {func(c *evaluator.FlagConfig) { c.Rules[0].Clauses = []evaluator.Clause{inSegment("beta")} }, true},
		"a text that names no segment here": {func(c *evaluator.FlagConfig) {
			c.Rules[0].Clauses = []evaluator.Clause{{Attribute: "a", Operator: evaluator.OpIn, Values: []json.RawMessage{json.RawMessage(`"guests"`)}}}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after := before
			after.Rules = []evaluator.Rule{before.Rules[0]}
			after.Prerequisites = []evaluator.Prerequisite{before.Prerequisites[0]}
			c.edit(&after)
			assert.Equal(t, c.within, ConfigReferences(after).Within(ConfigReferences(before)))
		})
	}
}
