package flagdjson

import (
	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// decision is the order in which a flag decides.
type decision struct {
	off *string // nil: the caller's code default
	// needs is true where availability and prerequisites are met.
	needs logic.Expression
	cases []branch
	// otherwise is the fallthrough, or the off variation of a flag that serves nothing else.
	otherwise serve
}

// branch is a target or a rule.
type branch struct {
	when logic.Expression
	then serve
}

// serve is an outcome: a variation, the caller's code default (a nil variation), or a rollout.
type serve struct {
	variation *string
	rollout   *rollout
	// expression gives the variation, or null for the off variation.
	expression logic.Expression
}

// rollout splits the contexts that can be bucketed. The others get the off variation.
type rollout struct {
	bucketable logic.Expression
	split      logic.Expression
}

// decide translates what a flag that compiles does.
func (x *exporter) decide(def *evaluator.Flag) (*decision, *refusal) {
	c := &def.Config
	d := &decision{off: c.OffVariation, needs: true, otherwise: serve{variation: c.OffVariation}}
	if !c.Enabled || c.Availability != nil && c.Availability.Scope == evaluator.ScopeFleet && !def.FleetOpen {
		return d, nil
	}
	needs, err := x.needs(c)
	if err != nil {
		return nil, err
	}
	if needs == false {
		return d, nil
	}
	d.needs = needs
	if len(c.Targeting) > 0 {
		d.otherwise, err = targeting(c.Targeting)
		return d, err
	}
	for i := range c.Targets {
		d.cases = append(d.cases, branch{
			when: listed(c.Targets[i].Values), then: serve{variation: &c.Targets[i].Variation},
		})
	}
	for i := range c.Rules {
		when, err := x.clauses(c.Rules[i].Clauses, true)
		if err != nil {
			return nil, err.under("rules", i, "clauses")
		}
		then, err := x.serve(def, &c.Rules[i].Serve)
		if err != nil {
			return nil, err.under("rules", i, "serve")
		}
		d.cases = append(d.cases, branch{when: when, then: then})
	}
	if d.otherwise, err = x.serve(def, &c.Fallthrough); err != nil {
		return nil, err.under("fallthrough")
	}
	return d, nil
}

// needs is true where the code is available and all prerequisites are met.
func (x *exporter) needs(c *evaluator.FlagConfig) (logic.Expression, *refusal) {
	var conditions []logic.Expression
	if a := c.Availability; a != nil && a.Scope != evaluator.ScopeFleet {
		r, err := rangeOf(evaluator.OpSemverRange, a.Version)
		if err != nil {
			return nil, err.under("availability", "version")
		}
		version := logic.Var(evaluator.AttributeServiceVersion)
		conditions = append(conditions,
			logic.Apply("===", logic.Var(evaluator.AttributeServiceName), a.Service), logic.IsVersion(version), inRange(version, r))
	}
	for i, p := range c.Prerequisites {
		met, err := x.met(p)
		if err != nil {
			return nil, err.under("prerequisites", i)
		}
		conditions = append(conditions, met)
	}
	return logic.All(conditions...), nil
}

func (x *exporter) serve(def *evaluator.Flag, s *evaluator.Serve) (serve, *refusal) {
	if s.Rollout == nil {
		return serve{variation: &s.Variation}, nil
	}
	r, err := newRollout(def.Key, s.Rollout)
	return serve{rollout: r}, err.under("rollout")
}

// constant reports whether the flag serves the same to everybody, without a rollout.
func (d *decision) constant() bool {
	return d.needs == true && len(d.cases) == 0 && d.otherwise.rollout == nil && d.otherwise.expression == nil
}

// servesOff reports whether a context may get the off variation although the flag is on.
func (d *decision) servesOff() bool {
	if d.needs != true || d.otherwise.rollout != nil {
		return true
	}
	for i := range d.cases {
		if d.cases[i].then.rollout != nil {
			return true
		}
	}
	return false
}

// defaultVariant is what flagd serves where the expression gives null. It is the fallthrough if that is one variation,
// or else the off variation. If the code default may be the answer, there is no default variant, since null has to
// stand for the code default then.
func (d *decision) defaultVariant() *string {
	if d.otherwise.rollout != nil || d.otherwise.expression != nil || d.off == nil && d.servesOff() {
		return d.off
	}
	return d.otherwise.variation
}

// expression gives the variation by name, or null for the default variant.
func (d *decision) expression(defaultVariant *string) logic.Expression {
	name := func(variation *string) logic.Expression {
		if variation == nil || defaultVariant != nil && *variation == *defaultVariant {
			return nil
		}
		return *variation
	}
	outcome := func(s serve) logic.Expression {
		if s.expression != nil {
			return s.expression
		}
		if s.rollout != nil {
			return logic.Apply("if", s.rollout.bucketable, s.rollout.split, name(d.off))
		}
		return name(s.variation)
	}
	var arguments []logic.Expression
	if d.needs != true {
		arguments = append(arguments, logic.Not(d.needs), name(d.off))
	}
	for i := range d.cases {
		arguments = append(arguments, d.cases[i].when, outcome(d.cases[i].then))
	}
	if len(arguments) == 0 {
		return outcome(d.otherwise)
	}
	return logic.Apply("if", append(arguments, outcome(d.otherwise))...)
}

// listed is true where the targeting key is one of the keys. The empty text is no key.
func listed(keys []string) logic.Expression {
	list := make([]string, 0, len(keys))
	for _, key := range keys {
		if key != "" {
			list = append(list, key)
		}
	}
	if len(list) == 0 {
		return false
	}
	return logic.Apply("in", logic.Var(evaluator.AttributeTargetingKey), list)
}
