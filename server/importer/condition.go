package importer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// condition is what a source asks of a context. It holds in both directions, since negation must not let anybody in: met is
// true for the contexts that meet it, unmet for those that do not. Where the source's answer cannot be told, neither is true.
type condition struct {
	met, unmet logic.Expression
	// metBy and unmetBy are clauses that are yes for the same contexts as met and unmet, of whatever type an attribute is;
	// nil where clauses cannot say it.
	metBy, unmetBy []evaluator.Clause
	// unsure: for some contexts, neither met nor unmet is true.
	unsure bool
}

// always and never do not look at the context; nobody can tell who meets unknowable.
var (
	always     = condition{met: true, unmet: false}
	never      = condition{met: false, unmet: true}
	unknowable = condition{met: false, unmet: false, unsure: true}
)

// asks is a condition that every context either meets or not.
func asks(met logic.Expression) condition { return condition{met: met, unmet: logic.Not(met)} }

// known is a condition whose answer does not depend on the context.
func known(met bool) condition {
	if met {
		return always
	}
	return never
}

func (c *condition) constant() bool {
	return (c.met == true || c.met == false) && c.unmet == !(c.met == true)
}

func not(c condition) condition {
	return condition{met: c.unmet, unmet: c.met, metBy: c.unmetBy, unmetBy: c.metBy, unsure: c.unsure}
}

// allOf is met where all of the conditions are.
func allOf(conditions ...condition) condition {
	all := condition{metBy: []evaluator.Clause{}}
	var met, unmet []logic.Expression
	var groups [][]evaluator.Clause
	sayMet, sayUnmet := true, true
	for _, c := range conditions {
		met, unmet, all.unsure = append(met, c.met), append(unmet, c.unmet), all.unsure || c.unsure
		if c.constant() && c.met == true {
			continue
		}
		sayMet, sayUnmet = sayMet && c.metBy != nil, sayUnmet && c.unmetBy != nil
		all.metBy, groups = append(all.metBy, c.metBy...), append(groups, c.unmetBy)
	}
	all.met, all.unmet = logic.All(met...), logic.Any(unmet...)
	if !sayMet || len(groups) == 0 {
		all.metBy = nil
	}
	if sayUnmet && len(groups) > 0 {
		all.unmetBy = alternatives(groups)
	}
	return all
}

// anyOf is met where any of the conditions is.
func anyOf(conditions ...condition) condition {
	negated := make([]condition, len(conditions))
	for i, c := range conditions {
		negated[i] = not(c)
	}
	return not(allOf(negated...))
}

// alternatives are clauses that are yes where all of any group are.
func alternatives(groups [][]evaluator.Clause) []evaluator.Clause {
	if len(groups) == 1 {
		return groups[0]
	}
	some := make([]evaluator.Clause, len(groups))
	for i, group := range groups {
		if some[i] = (evaluator.Clause{All: group}); len(group) == 1 {
			some[i] = group[0]
		}
	}
	return []evaluator.Clause{{Any: some}}
}

// keyIn is met by the targeting keys of a list. These are texts, so that clauses say it too.
func keyIn(keys []string) condition {
	if len(keys) == 0 {
		return never
	}
	c := asks(logic.Apply("in", logic.Var(evaluator.AttributeTargetingKey), keys))
	in := evaluator.Clause{Attribute: evaluator.AttributeTargetingKey, Operator: evaluator.OpIn, Values: raws(keys)}
	out := in
	out.Negate = true
	c.metBy, c.unmetBy = []evaluator.Clause{in}, []evaluator.Clause{absentOr(out)}
	return c
}

// hasKey is met by contexts with a targeting key; OpenFeature's empty one is none.
func hasKey() condition {
	key := logic.Var(evaluator.AttributeTargetingKey)
	c := asks(logic.All(logic.Apply("!==", key, nil), logic.Apply("!==", key, "")))
	exists := evaluator.Clause{Attribute: evaluator.AttributeTargetingKey, Operator: evaluator.OpExists}
	absent := exists
	absent.Negate = true
	c.metBy, c.unmetBy = []evaluator.Clause{exists}, []evaluator.Clause{absent}
	return c
}

// flatPath is the path to the attribute of a name that is no path, whatever dots there are in it; false for names that
// flagd keeps for itself.
func flatPath(name string) (string, bool) {
	return strings.NewReplacer(`\`, `\\`, ".", `\.`, "/", `\/`).Replace(name), name != "" && name != "$flagd"
}

// flatVar is the attribute of such a name.
func flatVar(name string) (logic.Expression, bool) {
	path, ok := flatPath(name)
	return logic.Var(path), ok
}

// textOf is JavaScript's String of a value; "null" for what is missing.
func textOf(x logic.Expression) logic.Expression { return logic.Apply("cat", x, "") }

// isPresent is met where there is a value other than null.
func isPresent(x logic.Expression) logic.Expression { return logic.Apply("!==", x, nil) }

// isTruthy is met where JavaScript takes a value for true.
func isTruthy(x logic.Expression) logic.Expression {
	return logic.Not(logic.Apply("in", x, []any{nil, "", 0, false}))
}

// numberIn is met where a text is a number to JavaScript and stands in the relation to bound. Comparing a text that is no
// number with a number fails in JSONLogic; comparing it with null does not, and takes null for 0.
func numberIn(text logic.Expression, relation string, bound float64) logic.Expression {
	text = logic.Apply("or", text) // so that the engine checks the text rather than what the text was made of
	isNumber := logic.Apply("or", logic.Apply("<=", nil, text), logic.Apply(">", nil, text))
	return logic.All(isNumber, logic.Apply(relation, text, bound))
}

// step is one of several rules of a source, of which the first that is met decides.
type step struct {
	id, description string
	when            condition
	split           portions
	nothing         bool // serves the code default, and is not split
}

// share is a part of a split; whoever falls into one without a variation is asked by the next step.
type share struct {
	variation string
	weight    int
}

// portions give each variation its share of those who are asked, bucketed by an attribute, in the order of the buckets. The
// weights sum to TotalWeight. One share of all is for everybody, with or without the attribute.
type portions struct {
	seed, by string
	shares   []share
}

func everybody(variation string) portions {
	return portions{shares: []share{{variation, evaluator.TotalWeight}}}
}

// covers reports whether nobody is left over.
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

// decide makes the steps and what is served otherwise ("" for the code default) the flag's rules if these say the same for
// every context, and an expression if not. Whom a step is unsure about is served the off variation, unless it is safe to ask
// the steps behind it.
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

// within is true for those who are not left over. Splits by the same seed and attribute look at the same buckets.
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

// decideByRules reports whether rules say the same. Only the last step may leave somebody over, since whom a rollout of ours
// leaves out is not asked any further.
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
			if s.split.by != evaluator.AttributeTargetingKey || leftOver && (i < len(steps)-1 || off == nil || *off != otherwise) {
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

// asking is who, who have what the split is bucketed by, as rules ask for it: a rollout that leaves somebody over leaves over
// whoever has no targeting key, too.
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

// named are expressions that others refer to by name, so that these can be read.
type named map[string]logic.Expression

// minNamed is the length of the shortest expression that is worth a name.
const minNamed = 100

// name gives a condition a name if it is long. It is what name says, with a number where that is taken by another.
func (n named) name(c condition, name string) condition {
	encoded := raw(c.met)
	if len(encoded) < minNamed {
		return c
	}
	given := name
	for i := 2; n[given] != nil && !bytes.Equal(raw(n[given]), encoded); i++ {
		given = fmt.Sprintf("%s (%d)", name, i)
	}
	n[given] = c.met
	if c.met = (map[string]any{"$ref": given}); !c.unsure {
		c.unmet = logic.Not(c.met)
	}
	return c
}

// usedIn are those that an expression refers to.
func (n named) usedIn(expression any) map[string]logic.Expression {
	used := map[string]logic.Expression{}
	for name, condition := range n {
		if bytes.Contains(raw(expression), append([]byte(`{"$ref":`), append(raw(name), '}')...)) {
			used[name] = condition
		}
	}
	return used
}

// uniqueKey is a key made of a name that is not taken yet; it is taken then.
func uniqueKey(taken map[string]bool, name, id string) string {
	key := keyOf(name)
	if key == "" || taken[key] {
		key = strings.Trim(key+"-"+keyOf(id), "-")
	}
	taken[key] = true
	return key
}

func sortedUnique(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
