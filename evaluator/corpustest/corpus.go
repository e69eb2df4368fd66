// Package corpustest makes flags, segments and contexts by chance from a seed, for tests that compare implementations
// of their evaluation. Everything compiles, and is drawn from few names and values, so that rules and contexts meet.
package corpustest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Corpus is a source of chance. It is not safe for concurrent use.
type Corpus struct {
	random *rand.Rand
	// segments and flags are the keys that were made so far, to be referred to.
	segments []string
	flags    []string
}

// New returns the corpus of the seed: the same calls give the same results.
func New(seed uint64) *Corpus { return &Corpus{random: rand.New(rand.NewPCG(seed, 20261121))} }

// Definition makes an environment. A flag or segment refers only to those before it.
func (c *Corpus) Definition(flags, segments int) evaluator.Definition {
	d := evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: "default", Environment: "production", Epoch: "corpus", Revision: 1,
	}
	for range segments {
		d.Segments = append(d.Segments, c.Segment())
	}
	for range flags {
		d.Flags = append(d.Flags, c.Flag())
	}
	return d
}

// Segment makes a segment, which later ones and flags may refer to.
func (c *Corpus) Segment() evaluator.Segment {
	s := evaluator.Segment{Key: fmt.Sprintf("segment.%d", len(c.segments)), Version: 1}
	s.Included, s.Excluded = c.keys(), c.keys()
	for i := range c.random.IntN(3) {
		s.Rules = append(s.Rules, evaluator.SegmentRule{ID: fmt.Sprintf("r%d", i), Clauses: c.clauses(1)})
	}
	c.segments = append(c.segments, s.Key)
	return s
}

func (c *Corpus) keys() []string {
	var keys []string
	for range c.random.IntN(3) {
		keys = append(keys, pick(c, targetingKeys))
	}
	return keys
}

// Flag makes a flag of any type, which later ones may need.
func (c *Corpus) Flag() evaluator.Flag {
	f := evaluator.Flag{Key: fmt.Sprintf("flag-%d", len(c.flags)), Version: 1, FleetOpen: c.once(2)}
	f.Type, f.Variations = c.variations()
	f.Config = c.config()
	if c.once(4) {
		c.decideByExpression(&f.Config)
	}
	c.flags = append(c.flags, f.Key)
	return f
}

func (c *Corpus) variations() (evaluator.Type, []evaluator.Variation) {
	types := []struct {
		name    evaluator.Type
		a, b, c string
	}{
		{evaluator.TypeBoolean, `true`, `false`, `true`},
		{evaluator.TypeString, `"A"`, `"ünïcode <&> \"quoted\""`, `""`},
		{evaluator.TypeNumber, `1`, `-2.5`, `9007199254740991`},
		{evaluator.TypeObject, `{"a":1,"list":[1,"x",null,{"deep":true}]}`, `{}`, `{"c":null}`},
	}
	t := pick(c, types)
	return t.name, []evaluator.Variation{
		{Key: "a", Value: json.RawMessage(t.a)}, {Key: "b", Value: json.RawMessage(t.b)}, {Key: "c.3", Value: json.RawMessage(t.c)},
	}
}

func (c *Corpus) variation() string { return pick(c, []string{"a", "b", "c.3"}) }

func (c *Corpus) config() evaluator.FlagConfig {
	config := evaluator.FlagConfig{Enabled: !c.once(6), Fallthrough: c.serve()}
	if !c.once(4) {
		off := c.variation()
		config.OffVariation = &off
	}
	for range c.random.IntN(2) {
		config.Targets = append(config.Targets, evaluator.Target{Variation: c.variation(), Values: []string{pick(c, targetingKeys), pick(c, targetingKeys)}})
	}
	for i := range c.random.IntN(4) {
		config.Rules = append(config.Rules, evaluator.Rule{ID: fmt.Sprintf("rule-%d", i), Clauses: c.clauses(2), Serve: c.serve()})
	}
	if len(c.flags) > 0 && c.once(4) {
		config.Prerequisites = append(config.Prerequisites, evaluator.Prerequisite{Flag: pick(c, c.flags), Variation: c.variation()})
	}
	if c.once(4) {
		config.Availability = &evaluator.Availability{
			Service: "checkout", Version: pick(c, ranges), Scope: pick(c, []evaluator.Scope{evaluator.ScopeInstance, evaluator.ScopeFleet}),
		}
	}
	return config
}

func (c *Corpus) serve() evaluator.Serve {
	if c.once(2) {
		return evaluator.Serve{Variation: c.variation()}
	}
	first := c.random.IntN(evaluator.TotalWeight + 1)
	second := c.random.IntN(evaluator.TotalWeight - first + 1)
	return evaluator.Serve{Rollout: &evaluator.Rollout{
		BucketBy: pick(c, []string{"", "", "age", "account", "app.version"}), Seed: pick(c, []string{"", "", "layer-1"}),
		Weights: []evaluator.WeightedServing{
			{Variation: "a", Weight: first}, {Variation: "b", Weight: second}, {Variation: "c.3", Weight: evaluator.TotalWeight - first - second},
		},
	}}
}

func (c *Corpus) clauses(depth int) []evaluator.Clause {
	clauses := make([]evaluator.Clause, 1+c.random.IntN(2))
	for i := range clauses {
		clauses[i] = c.clause(depth)
	}
	return clauses
}

func (c *Corpus) clause(depth int) evaluator.Clause {
	clause := evaluator.Clause{Negate: c.once(3)}
	if depth > 0 && c.once(4) {
		if c.once(2) {
			clause.Any = c.clauses(depth - 1)
		} else {
			clause.All = c.clauses(depth - 1)
		}
		return clause
	}
	if len(c.segments) > 0 && c.once(8) {
		clause.Operator, clause.Values = evaluator.OpInSegment, []json.RawMessage{quoted(pick(c, c.segments))}
		return clause
	}
	o := pick(c, operators)
	clause.Operator = o.name
	clause.Attribute = pick(c, o.attributes)
	if len(o.values) > 0 {
		for range 1 + c.random.IntN(3) {
			clause.Values = append(clause.Values, json.RawMessage(pick(c, o.values)))
		}
	}
	clause.IgnoreCase = o.folds && c.once(3)
	return clause
}

// Context makes the attributes of a context, as JSON has them.
func (c *Corpus) Context() map[string]any {
	context := map[string]any{}
	for _, a := range attributes {
		if c.once(5) {
			continue
		}
		var value any
		if err := json.Unmarshal([]byte(pick(c, a.values)), &value); err != nil {
			panic("corpustest: " + err.Error())
		}
		context[a.name] = value
	}
	if !c.once(8) {
		context[evaluator.AttributeTargetingKey] = pick(c, targetingKeys)
	}
	return context
}

// once is true once in so many times.
func (c *Corpus) once(times int) bool { return c.random.IntN(times) == 0 }

func pick[T any](c *Corpus, from []T) T { return from[c.random.IntN(len(from))] }

func quoted(text string) json.RawMessage { return json.RawMessage(`"` + text + `"`) }
