package importer

import (
	"math"
	"slices"
	"strconv"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// rule makes steps of a rule. A rule that only gates the feature makes none.
func (x *growthReader) rule(flag string, def *growthRule, index int, path string) []step {
	s := step{id: def.ID, description: def.Name}
	if s.id == "" {
		s.id = "rule-" + strconv.Itoa(index+1)
	}
	parents := x.parents(flag, def, index, path)
	variations := def.Variations
	if !def.forces && (def.Bandit != nil || variations == nil) {
		if def.Bandit == nil {
			return nil // as GrowthBook has it: the next rule decides
		}
		x.unknown(at(path, "contextualVariations"), "there are no contextual bandits here")
		return nil
	}
	condition := x.conditions(def.Condition, scopeOfContext(), at(path, "condition"))
	when := allOf(append(parents, x.named.name(condition, "condition of "+s.id), x.filters(def.Filters, path))...)
	if def.forces {
		s.nothing = def.Force == nil
		s.when, s.split = x.forced(flag, def, path)
	} else {
		s.when, s.split = x.experiment(flag, def, path)
	}
	s.when = allOf(when, s.when)
	return []step{s}
}

// parents are the conditions on other features. A gate counts for the whole feature. A condition that only skips a
// rule cannot be said here.
func (x *growthReader) parents(flag string, def *growthRule, index int, path string) (list []condition) {
	for i, parent := range def.Parents {
		here := at(path, "parentConditions", i)
		if !parent.Gate {
			x.leaveOut(here,
				"a rule cannot ask for another flag, only a flag as a whole can: "+
					"the rule is left out where it opens the flag, and asked without this where it closes it")
			list = append(list, unknowable)
			continue
		}
		if index > 0 {
			x.lose(here,
				"the flag as a whole asks for %q, also those whom the rules before this one are for", parent.ID)
		}
		x.gates[flag] = append(x.gates[flag], growthGate{parent: parent, path: here})
	}
	return list
}

// forced is who is served the value of a rule: everybody, or a share.
func (x *growthReader) forced(flag string, def *growthRule, path string) (condition, portions) {
	split := everybody(x.variation(def.Force))
	if def.Range == nil && def.Coverage == nil {
		return always, split
	}
	if def.Range == nil && *def.Coverage <= 0 {
		return never, split
	}
	if def.Force == nil {
		x.leaveOut(path, "a share of the users cannot be served null here")
		return unknowable, split
	}
	var from, to float64
	switch {
	case def.Range == nil:
		to = *def.Coverage
	case len(def.Range) == 2:
		from, to = def.Range[0], def.Range[1]
	default:
		x.unknown(at(path, "range"), "a range has two ends")
		return unknowable, split
	}
	who, seed, ok := x.hashed(
		orElse(def.Seed, flag),
		def.HashAttribute,
		orVersion(def.HashVersion, 1),
		at(path, "hashAttribute"),
	)
	if !ok {
		return never, split
	}
	split = portions{
		seed:   seed,
		by:     growthPath(def.HashAttribute),
		shares: layOut([][]float64{{from, to}}, []string{split.fixed()}),
	}
	return split.asking(who), split
}

// experiment is who takes part in an experiment, and what they are served. Those in a variation that passes through go
// on to the next rule. So do those whom no variation covers.
func (x *growthReader) experiment(flag string, def *growthRule, path string) (condition, portions) {
	names := make([]string, len(def.Variations))
	for i, v := range def.Variations {
		if names[i] = x.variation(v); names[i] == "" {
			x.unknown(at(path, "variations", i), "null is no value here")
			return unknowable, portions{}
		}
		if i < len(def.Meta) && def.Meta[i].Passthrough {
			names[i] = ""
		}
	}
	who, seed, ok := x.hashed(
		orElse(def.Seed, orElse(def.Key, flag)),
		def.HashAttribute,
		orVersion(def.HashVersion, 1),
		at(path, "hashAttribute"),
	)
	if !ok || len(names) < 2 {
		return never, portions{}
	}
	ranges := def.Ranges
	if ranges == nil {
		ranges = growthRanges(len(names), def.Coverage, def.Weights)
	}
	if slices.ContainsFunc(ranges, func(r []float64) bool { return len(r) != 2 }) || len(ranges) > len(names) {
		x.unknown(at(path, "ranges"), "a range has two ends, and there is one for each variation")
		return unknowable, portions{}
	}
	by := growthPath(def.HashAttribute)
	if len(def.Namespace) > 0 && len(def.Filters) == 0 {
		namespace, ok := x.namespace(def.Namespace, by, at(path, "namespace"))
		if !ok {
			return unknowable, portions{}
		}
		who = allOf(who, namespace)
	}
	split := portions{seed: seed, by: by, shares: layOut(ranges, names)}
	return split.asking(who), split
}

// namespace is met by those who are in the buckets of a namespace.
func (x *growthReader) namespace(def []any, by, path string) (condition, bool) {
	if len(def) == 3 {
		name, isText := def[0].(string)
		from, isNumber := def[1].(float64)
		to, isNumberToo := def[2].(float64)
		if isText && isNumber && isNumberToo {
			buckets := portions{by: by, shares: layOut([][]float64{{from, to}}, []string{"in"})}
			return asks(buckets.within(hashSeed("__"+name, 1))), true
		}
	}
	x.unknown(path, "a namespace has a name and two ends")
	return unknowable, false
}

// filters are met by those whom every filter lets through.
func (x *growthReader) filters(defs []growthFilter, path string) condition {
	all := []condition{}
	for i := range defs {
		def, here := &defs[i], at(path, "filters", i)
		who, seed, ok := x.hashed(def.Seed, def.Attribute, orVersion(def.HashVersion, 2), at(here, "attribute"))
		if !ok {
			return never
		}
		if slices.ContainsFunc(def.Ranges, func(r []float64) bool { return len(r) != 2 }) {
			x.unknown(at(here, "ranges"), "a range has two ends")
			return unknowable
		}
		names := slices.Repeat([]string{"in"}, len(def.Ranges))
		buckets := portions{by: growthPath(def.Attribute), shares: layOut(def.Ranges, names)}
		who.metBy = nil
		all = append(all, who, asks(buckets.within(seed)))
	}
	return allOf(all...)
}

// hashed is met by those who have the attribute that is hashed. An unknown version of the hash keeps everybody out.
func (x *growthReader) hashed(seed, attribute string, version float64, path string) (condition, string, bool) {
	if version != 1 && version != 2 {
		x.lose(path, "nobody is in a split by version %v of the hash, which GrowthBook's SDK does not know", version)
		return never, "", false
	}
	by := growthPath(attribute)
	if by == evaluator.AttributeTargetingKey {
		return hasKey(), hashSeed(seed, version), true
	}
	return asks(isTruthy(logic.Var(by))), hashSeed(seed, version), true
}

// hashSeed keeps the buckets of the two versions of GrowthBook's hash apart.
func hashSeed(seed string, version float64) string {
	if version == 1 {
		return seed + "|1"
	}
	return seed
}

// growthPath is the path of an attribute that is hashed.
func growthPath(attribute string) string {
	if attribute == "" || attribute == "id" {
		return evaluator.AttributeTargetingKey
	}
	path, _ := flatPath(attribute)
	return path
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func orVersion(version, otherwise float64) float64 {
	if version == 0 {
		return otherwise
	}
	return version
}

// growthRanges are the buckets of an experiment by its weights. If the weights make no sense, all ranges are equal.
func growthRanges(variations int, coverage *float64, weights []float64) [][]float64 {
	covered := 1.0
	if coverage != nil {
		covered = min(max(*coverage, 0), 1)
	}
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	if len(weights) != variations || sum < 0.99 || sum > 1.01 {
		weights = slices.Repeat([]float64{1 / float64(variations)}, variations)
	}
	from := 0.0
	ranges := make([][]float64, variations)
	for i, w := range weights {
		ranges[i] = []float64{from, from + covered*w}
		from += w
	}
	return ranges
}

// layOut lists the shares in the order of their buckets, each range under its name. Where ranges overlap, the first
// one counts.
func layOut(ranges [][]float64, names []string) (shares []share) {
	bucket := func(x float64) int { return int(math.Round(min(max(x, 0), 1) * evaluator.TotalWeight)) }
	ends := []int{0, evaluator.TotalWeight}
	for _, r := range ranges {
		ends = append(ends, bucket(r[0]), bucket(r[1]))
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	for i := 1; i < len(ends); i++ {
		name := ""
		for j, r := range ranges {
			if bucket(r[0]) <= ends[i-1] && ends[i] <= bucket(r[1]) {
				name = names[j]
				break
			}
		}
		if n := len(shares); n > 0 && shares[n-1].variation == name {
			shares[n-1].weight += ends[i] - ends[i-1]
		} else {
			shares = append(shares, share{name, ends[i] - ends[i-1]})
		}
	}
	return shares
}
