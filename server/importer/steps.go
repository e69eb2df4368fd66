package importer

import (
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// step is one of several rules of a source. The first rule that is met decides.
type step struct {
	id, description string
	when            condition
	split           portions
	nothing         bool // serves the code default, and is not split
}

// share is a part of a split. Whoever falls into a share without a variation goes on to the next step.
type share struct {
	variation string
	weight    int
}

// portions give each variation its share of those who are asked, bucketed by an attribute, in the order of the
// buckets. The weights sum to TotalWeight. A single share of the whole is for everybody, with or without the
// attribute.
type portions struct {
	seed, by string
	shares   []share
}

func everybody(variation string) portions {
	return portions{shares: []share{{variation, evaluator.TotalWeight}}}
}

// covers reports whether the shares leave nobody over.
func (s *portions) covers() bool {
	return !slices.ContainsFunc(s.shares, func(part share) bool { return part.variation == "" })
}

// fixed is the variation that everybody gets, "" if there is none.
func (s *portions) fixed() string {
	if len(s.shares) == 1 {
		return s.shares[0].variation
	}
	return ""
}

// decide turns the steps into rules of the flag if rules say the same for every context, and into an expression if
// not. otherwise is served where no step decides; "" is the code default. Contexts that a step is unsure about are
// served the off variation, unless it is safe to ask the steps behind it.
func (f *Flag) decide(steps []step, otherwise string, named named, safe func(*step) bool) {
	kept := steps[:0:0]
	for _, s := range steps {
		if s.when.met != false || s.when.unsure && !safe(&s) {
			kept = append(kept, s)
		}
	}
	for _, s := range kept {
		if !s.nothing && s.when.met != false && s.split.fixed() == "" {
			f.Rebucketed, f.moved = true, max(f.moved, s.split.moved())
		}
	}
	if f.decideByRules(kept, otherwise) {
		return
	}
	var arguments []logic.Expression
	for _, s := range kept {
		arguments = append(arguments, s.arguments(f.Key, safe(&s))...)
	}
	last := logic.Expression(otherwise)
	if otherwise == "" {
		last = nil
	}
	f.Config.Fallthrough = evaluator.Serve{}
	expression := map[string]any{"if": append(arguments, last)}
	if used := named.usedIn(expression); len(used) > 0 {
		expression["$evaluators"] = used
	}
	f.Config.Targeting = raw(expression)
}

// arguments are those of "if" for the step: conditions, each with what is served where it is met.
func (s *step) arguments(flag string, safe bool) (list []logic.Expression) {
	split := &s.split
	switch name := split.fixed(); {
	case s.when.met == false: // only those are asked of whom nothing can be told
	case name != "":
		list = append(list, s.when.met, name)
	case s.nothing:
		list = append(list, s.when.met, nil)
	default:
		seed := split.seed
		if seed == "" {
			seed = flag
		}
		list = append(list, logic.All(s.when.met, split.within(seed)), split.choice(seed))
	}
	if s.when.unsure && !safe {
		list = append(list, logic.Not(logic.Any(s.when.met, s.when.unmet)), nil)
	}
	return list
}

// within is true for those whom the split does not leave over. Splits by the same seed and attribute look at the same
// buckets.
func (s *portions) within(seed string) logic.Expression {
	parts := []logic.Expression{logic.Apply("cat", seed, logic.Var(s.by))}
	inside, outside := 0, 0
	for _, part := range s.shares {
		name := "in"
		if part.variation == "" {
			name = "out"
			outside += part.weight
		} else {
			inside += part.weight
		}
		parts = append(parts, []any{name, part.weight})
	}
	switch {
	case outside == 0:
		return true
	case inside == 0:
		return false
	}
	return logic.Apply("===", logic.Apply("fractional", parts...), "in")
}

// choice is the variation of those who are within the split.
func (s *portions) choice(seed string) logic.Expression {
	parts := []logic.Expression{logic.Apply("cat", seed, logic.Var(s.by))}
	last := ""
	for _, part := range s.shares {
		if part.variation != "" {
			last = part.variation
		}
	}
	single := true
	for _, part := range s.shares {
		if part.variation == "" {
			part.variation = last // nobody who is left over gets here
		}
		single = single && part.variation == last
		parts = append(parts, []any{part.variation, part.weight})
	}
	if single {
		return last
	}
	return logic.Apply("fractional", parts...)
}

// decideByRules reports whether rules say the same. Only the last step may leave somebody over: whoever is left over
// by a rollout of ours is not asked any further.
func (f *Flag) decideByRules(steps []step, otherwise string) bool {
	off := f.Config.OffVariation
	if otherwise == "" {
		return false
	}
	rules := []evaluator.Rule{}
	for i, s := range steps {
		if s.nothing {
			return false
		}
		serve := evaluator.Serve{Variation: s.split.fixed()}
		if serve.Variation == "" {
			leftOver := !s.split.covers() // and whoever has no key
			if s.split.by != evaluator.AttributeTargetingKey ||
				leftOver && (i < len(steps)-1 || off == nil || *off != otherwise) {
				return false
			}
			serve.Rollout = s.split.rollout(otherwise)
		}
		clauses := s.when.metBy
		if s.when.met == true {
			clauses = []evaluator.Clause{}
		}
		if clauses == nil || s.when.unsure {
			return false
		}
		rules = append(rules, evaluator.Rule{ID: s.id, Description: s.description, Clauses: clauses, Serve: serve})
	}
	f.Config.Rules, f.Config.Fallthrough = rules, evaluator.Serve{Variation: otherwise}
	if n := len(rules); n > 0 && len(rules[n-1].Clauses) == 0 && rules[n-1].Description == "" {
		f.Config.Rules, f.Config.Fallthrough = rules[:n-1], rules[n-1].Serve
	}
	return true
}

func (s *portions) rollout(otherwise string) *evaluator.Rollout {
	r := &evaluator.Rollout{Seed: s.seed}
	for _, part := range s.shares {
		if part.variation == "" {
			part.variation = otherwise
		}
		r.Weights = append(r.Weights, evaluator.WeightedServing{Variation: part.variation, Weight: part.weight})
	}
	return r
}

// asking is the condition of who, as rules ask for it. who are those that have what the split is bucketed by. If the
// split leaves somebody over, rules need no clause for the targeting key: a rollout that leaves somebody over also
// leaves over whoever has no targeting key.
func (s *portions) asking(who condition) condition {
	if s.by == evaluator.AttributeTargetingKey && !s.covers() && who.metBy != nil {
		who.metBy, who.unmetBy = []evaluator.Clause{}, nil
	}
	return who
}

// moved is the share of those who are expected to get something else, since they are bucketed anew.
func (s *portions) moved() float64 {
	sums := map[string]float64{}
	for _, part := range s.shares {
		sums[part.variation] += float64(part.weight) / evaluator.TotalWeight
	}
	moved := 1.0
	for _, sum := range sums {
		moved -= sum * sum
	}
	return moved
}
