package importer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// unleash reads an export of features. A feature becomes a boolean flag, on and off.
func (r *reader) unleash() error {
	file, err := openInto[unleashFile](r.document, "")
	if err != nil {
		return err
	}
	if file.Features == nil {
		return fmt.Errorf("%w: it has no features", ErrFormat)
	}
	x := unleashReader{reader: r, file: &file, segments: map[int]string{}}
	if err := x.checkEnvironment(); err != nil {
		return err
	}
	for i, s := range file.Segments {
		key := keyOf(s.Name)
		path := at("/segments", i)
		clauses, ok := x.constraints(s.Constraints, path)
		if !ok {
			x.lose(path, "segment %q is left out, and the strategies that ask for it", s.Name)
			continue
		}
		x.segments[s.ID] = key
		r.addSegment(path, Segment{Name: s.Name, Description: s.Description,
			Segment: evaluator.Segment{Key: key, Rules: []evaluator.SegmentRule{{ID: "constraints", Clauses: clauses}}}})
	}
	for i := range file.Features {
		if err := x.feature(i); err != nil {
			return err
		}
	}
	return nil
}

type unleashReader struct {
	*reader
	file     *unleashFile
	segments map[int]string // keys by id
}

func (x *unleashReader) feature(index int) error {
	def := &x.file.Features[index]
	path := at("/features", index)
	if def.Archived {
		x.lose(path, "feature %q is archived and left out", def.Name)
		return nil
	}
	off := "off"
	f := Flag{Key: def.Name, Description: def.Description, Type: evaluator.TypeBoolean, Variations: variationsOf([]any{true, false}, nil)}
	f.Config = evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "off"}}
	for _, tag := range x.file.Tags {
		if tag.Feature == def.Name {
			f.Tags = append(f.Tags, tag.Value)
		}
	}
	if err := x.enabled(&f, path); err != nil {
		return err
	}
	x.strategies(&f)
	x.dependencies(&f)
	x.addFlag(path, f)
	return nil
}

// checkEnvironment fails for an environment that the file does not know: every feature would be imported as off.
func (x *unleashReader) checkEnvironment() error {
	var known []string
	for _, e := range x.file.Environments {
		known = append(known, e.Environment)
	}
	slices.Sort(known)
	if known = slices.Compact(known); x.environment != "" && !slices.Contains(known, x.environment) {
		return fmt.Errorf("the file has no environment %q; name another with --source-environment: %s", x.environment, strings.Join(known, ", "))
	}
	return nil
}

// enabled looks up the environment.
func (x *unleashReader) enabled(f *Flag, path string) error {
	var names []string
	found := false
	for i, e := range x.file.Environments {
		if e.Feature != f.Key {
			continue
		}
		names = append(names, e.Environment)
		if x.environment != "" && e.Environment != x.environment {
			continue
		}
		found = true
		f.Config.Enabled = e.Enabled
		if len(e.Variants) > 0 {
			x.lose(at("/featureEnvironments", i, "variants"), "the variants of %q are left out: the flag is on or off here", f.Key)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); x.environment == "" && len(names) > 1 {
		return fmt.Errorf("feature %q has several environments; name one with --source-environment: %s", f.Key, strings.Join(names, ", "))
	}
	if !found {
		x.lose(path, "the file does not say whether %q is enabled; it is imported as off", f.Key)
	}
	return nil
}

// strategies become rules. In Unleash any strategy may turn a feature on; here the first rule that is met decides, so a
// rule with a share hides those after it from whoever it leaves out. A feature without strategies is on for everybody.
func (x *unleashReader) strategies(f *Flag) {
	var own []unleashStrategy
	for i, s := range x.file.Strategies {
		if s.Feature == f.Key && (x.environment == "" || s.Environment == "" || s.Environment == x.environment) {
			s.index = i
			own = append(own, s)
		}
	}
	if len(own) == 0 { // its clients take that for everybody
		f.Config.Fallthrough = evaluator.Serve{Variation: "on"}
	}
	slices.SortStableFunc(own, func(a, b unleashStrategy) int { return int(a.SortOrder - b.SortOrder) })
	for i := range own {
		x.strategy(f, &own[i], i == len(own)-1)
	}
}

func (x *unleashReader) strategy(f *Flag, s *unleashStrategy, last bool) {
	path := at("/featureStrategies", s.index)
	if s.Disabled {
		x.lose(path, "the strategy is disabled and left out")
		return
	}
	clauses, ok := x.constraints(s.Constraints, path)
	for _, id := range s.Segments {
		key, known := x.segments[id]
		if !known {
			x.lose(at(path, "segments"), "segment %d is not in the file, or left out", id)
			ok = false
			continue
		}
		clauses = append(clauses, evaluator.Clause{Operator: evaluator.OpInSegment, Values: raws([]string{key})})
	}
	serve, more, fine := x.serve(f, s, path)
	if !ok || !fine {
		x.lose(path, "the strategy is left out, so %q is off for those whom it alone would turn it on for", f.Key)
		return
	}
	if len(s.Variants) > 0 {
		x.lose(at(path, "variants"), "variants are left out: the flag is on or off here")
	}
	if serve.Rollout != nil && !last {
		x.lose(path, "whom this strategy's share leaves out is not asked about the strategies after it; in Unleash they are")
	}
	id := s.ID
	if id == "" {
		id = "strategy-" + strconv.Itoa(s.index+1)
	}
	f.Config.Rules = append(f.Config.Rules, evaluator.Rule{ID: id, Description: s.Title, Clauses: append(clauses, more...), Serve: serve})
}

// serve is what a strategy gives to those who meet its constraints, and who that is besides.
func (x *unleashReader) serve(f *Flag, s *unleashStrategy, path string) (evaluator.Serve, []evaluator.Clause, bool) {
	on := evaluator.Serve{Variation: "on"}
	text := func(name string) string { return strings.TrimSpace(fmt.Sprint(s.Parameters[name])) }
	list := func(name string) []string {
		return strings.FieldsFunc(text(name), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	}
	switch s.Name {
	case "default":
		return on, nil, true
	case "userWithId":
		return on, []evaluator.Clause{{Attribute: evaluator.AttributeTargetingKey, Operator: evaluator.OpIn, Values: raws(list("userIds"))}}, true
	case "remoteAddress":
		return on, []evaluator.Clause{{Attribute: "remoteAddress", Operator: evaluator.OpInCIDR, Values: raws(list("IPs"))}}, true
	case "flexibleRollout", "gradualRolloutUserId", "gradualRolloutSessionId", "gradualRolloutRandom":
		return x.rollout(f, s, text, path)
	}
	x.lose(at(path, "name"), "there is no strategy %q here", s.Name)
	return on, nil, false
}

func (x *unleashReader) rollout(f *Flag, s *unleashStrategy, text func(string) string, path string) (evaluator.Serve, []evaluator.Clause, bool) {
	parameter, stickiness := "percentage", map[string]string{"gradualRolloutSessionId": "sessionId", "gradualRolloutRandom": "random"}[s.Name]
	if s.Name == "flexibleRollout" {
		parameter, stickiness = "rollout", text("stickiness")
	}
	share, err := strconv.ParseFloat(text(parameter), 64)
	if err != nil || share < 0 || share > 100 {
		x.lose(at(path, "parameters", parameter), "a percentage is a number from 0 to 100")
		return evaluator.Serve{}, nil, false
	}
	bucketBy := ""
	switch stickiness {
	case "", "<nil>", "default", "userId":
	case "random":
		if share < 100 {
			x.lose(at(path, "parameters", "stickiness"), "nobody is given a random answer here; the share is bucketed by the targeting key")
		}
	default:
		bucketBy = stickiness
	}
	f.Rebucketed = true
	return split(percentages([]string{"on", "off"}, []float64{share, 100 - share}), bucketBy, ""), nil, true
}

func (x *unleashReader) constraints(defs []unleashConstraint, path string) ([]evaluator.Clause, bool) {
	list, ok := []evaluator.Clause{}, true
	for i := range defs {
		c, fine := x.constraint(&defs[i], at(path, "constraints", i))
		list, ok = append(list, c), ok && fine
	}
	return list, ok
}

// constraint maps a constraint. One that is negative or inverted is met by contexts without the attribute too.
func (x *unleashReader) constraint(def *unleashConstraint, path string) (evaluator.Clause, bool) {
	operators := map[string]evaluator.Operator{
		"IN": evaluator.OpIn, "NOT_IN": evaluator.OpIn, "STR_CONTAINS": evaluator.OpContains, "STR_STARTS_WITH": evaluator.OpStartsWith,
		"STR_ENDS_WITH": evaluator.OpEndsWith, "NUM_EQ": evaluator.OpIn, "NUM_GT": evaluator.OpGreaterThan, "NUM_GTE": evaluator.OpGreaterThanOrEqual,
		"NUM_LT": evaluator.OpLessThan, "NUM_LTE": evaluator.OpLessThanOrEqual, "DATE_AFTER": evaluator.OpAfter, "DATE_BEFORE": evaluator.OpBefore,
		"SEMVER_EQ": evaluator.OpSemverEqual, "SEMVER_GT": evaluator.OpSemverGreaterThan, "SEMVER_LT": evaluator.OpSemverLessThan,
		"REGEX": evaluator.OpMatches,
	}
	op, ok := operators[def.Operator]
	if !ok {
		x.lose(at(path, "operator"), "there is no operator %q here", def.Operator)
		return evaluator.Clause{}, false
	}
	c := evaluator.Clause{Attribute: def.Context, Operator: op, Values: raws(def.Values), IgnoreCase: def.CaseInsensitive}
	if def.Context == "userId" {
		c.Attribute = evaluator.AttributeTargetingKey
	}
	if len(def.Values) == 0 && def.Value != nil {
		c.Values = raws([]any{def.Value})
	}
	if strings.HasPrefix(def.Operator, "NUM_") {
		for i := range c.Values {
			n, err := strconv.ParseFloat(strings.Trim(string(c.Values[i]), `"`), 64)
			if err != nil {
				x.lose(at(path, "value"), "%s is no number", c.Values[i])
				return c, false
			}
			c.Values[i] = raw(n)
		}
	}
	if def.Context == "currentTime" {
		x.lose(at(path, "contextName"), "the time does not go by itself here: the application has to give the attribute currentTime")
	}
	if c.Negate = (def.Operator == "NOT_IN") != def.Inverted; c.Negate {
		return absentOr(c), true
	}
	return c, true
}

func (x *unleashReader) dependencies(f *Flag) {
	for i, d := range x.file.Dependencies {
		if d.Feature != f.Key {
			continue
		}
		for j, needed := range d.Dependencies {
			variation := "off"
			if needed.Enabled {
				variation = "on"
			}
			if len(needed.Variants) > 0 {
				x.lose(at("/dependencies", i, "dependencies", j, "variants"), "the flag needs %q to be on, whatever its variant", needed.Feature)
			}
			f.Config.Prerequisites = append(f.Config.Prerequisites, evaluator.Prerequisite{Flag: needed.Feature, Variation: variation})
			if !needed.Enabled {
				x.lose(at("/dependencies", i, "dependencies", j), "a prerequisite asks for a flag that is enabled, so this one stays off; it needs %q to be disabled", needed.Feature)
			}
		}
	}
}
