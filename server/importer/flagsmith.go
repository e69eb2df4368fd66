package importer

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The parts of an environment's document of Flagsmith.
type (
	flagsmithFile struct {
		States  []flagsmithState `json:"feature_states"`
		Project struct {
			Segments []struct {
				ID     int              `json:"id"`
				Name   string           `json:"name"`
				Rules  []flagsmithRule  `json:"rules"`
				States []flagsmithState `json:"feature_states"`
			} `json:"segments"`
		} `json:"project"`
		Identities []struct {
			Identifier string           `json:"identifier"`
			Features   []flagsmithState `json:"identity_features"`
		} `json:"identity_overrides"`
	}
	flagsmithState struct {
		Feature struct {
			Name string `json:"name"`
			Type string `json:"type"`
		} `json:"feature"`
		Enabled      bool `json:"enabled"`
		Value        any  `json:"feature_state_value"`
		Multivariate []struct {
			Option struct {
				Value any `json:"value"`
			} `json:"multivariate_feature_option"`
			Share float64 `json:"percentage_allocation"`
		} `json:"multivariate_feature_state_values"`
		Override *struct {
			Priority int `json:"priority"`
		} `json:"feature_segment"`
	}
	flagsmithRule struct {
		Type       string          `json:"type"`
		Rules      []flagsmithRule `json:"rules"`
		Conditions []struct {
			Property string `json:"property_"`
			Operator string `json:"operator"`
			Value    any    `json:"value"`
		} `json:"conditions"`
	}
)

// flagsmith reads the document of an environment. A feature without values is a boolean flag; one with values serves
// them while it is enabled, and the code default while it is not.
func (r *reader) flagsmith() error {
	file, err := openInto[flagsmithFile](r.document, "")
	if err != nil {
		return err
	}
	if file.States == nil {
		return fmt.Errorf("%w: it has no feature_states", ErrFormat)
	}
	x := flagsmithReader{reader: r, file: &file}
	for i, s := range file.Project.Segments {
		path := at("/project/segments", i)
		clauses, ok := x.rules(s.Rules, path)
		if !ok {
			x.lose(path, "segment %q is left out, and what it overrides", s.Name)
			x.segments = append(x.segments, "")
			continue
		}
		x.segments = append(x.segments, keyOf(s.Name))
		r.addSegment(path, Segment{Name: s.Name, Segment: evaluator.Segment{Key: keyOf(s.Name),
			Rules: []evaluator.SegmentRule{{ID: "rules", Clauses: clauses}}}})
	}
	for i := range file.States {
		x.feature(i)
	}
	return nil
}

type flagsmithReader struct {
	*reader
	file     *flagsmithFile
	segments []string // keys, "" of those that are left out
	values   []any    // of the flag at hand
}

func (x *flagsmithReader) feature(index int) {
	def := &x.file.States[index]
	path := at("/feature_states", index)
	f := Flag{Key: def.Feature.Name}
	x.values = nil
	x.collect(def)
	x.overrides(f.Key, func(s *flagsmithState, _ int, _ string) { x.collect(s) })
	if len(x.values) == 0 {
		x.values = []any{true, false}
	}
	kind, ok := typeOf(x.values)
	if !ok {
		x.lose(path, "flag %q is left out: its values must all be booleans, texts or numbers", f.Key)
		return
	}
	f.Type, f.Variations = kind, variationsOf(x.values, nil)
	serve, ok := x.serve(&f, def, path)
	if f.Config.Enabled = def.Enabled; x.boolean() {
		f.Config.Enabled = true
		off := "off"
		f.Config.OffVariation = &off
	} else if !ok {
		serve = evaluator.Serve{Variation: f.Variations[0].Key}
	}
	f.Config.Fallthrough = serve
	x.overrides(f.Key, func(s *flagsmithState, segment int, at string) { x.override(&f, s, segment, at) })
	x.identities(&f)
	x.addFlag(path, f)
}

// boolean reports a feature without values.
func (x *flagsmithReader) boolean() bool {
	_, isBool := x.values[0].(bool)
	return isBool && len(x.values) == 2
}

func (x *flagsmithReader) collect(s *flagsmithState) {
	values := []any{s.Value}
	for _, m := range s.Multivariate {
		values = append(values, m.Option.Value)
	}
	for _, v := range values {
		if v == nil || v == "" {
			continue
		}
		known := false
		for _, seen := range x.values {
			known = known || seen == v
		}
		if !known {
			x.values = append(x.values, v)
		}
	}
}

// serve is the value of a state, or the split of its values; false where it has none.
func (x *flagsmithReader) serve(f *Flag, s *flagsmithState, path string) (evaluator.Serve, bool) {
	if x.boolean() && s.Value == nil {
		return evaluator.Serve{Variation: map[bool]string{true: "on", false: "off"}[s.Enabled]}, true
	}
	control, ok := x.variation(f, s.Value)
	if len(s.Multivariate) == 0 {
		if !ok {
			x.lose(at(path, "feature_state_value"), "the feature has no value here; the flag serves the first of its values")
		}
		return evaluator.Serve{Variation: control}, ok
	}
	names, shares, left := []string{}, []float64{}, 100.0
	for _, m := range s.Multivariate {
		name, _ := x.variation(f, m.Option.Value)
		names, shares, left = append(names, name), append(shares, m.Share), left-m.Share
	}
	if left > 0 {
		names, shares = append(names, control), append(shares, left)
	}
	f.Rebucketed = true
	return split(percentages(names, shares), "", ""), true
}

func (x *flagsmithReader) variation(f *Flag, value any) (string, bool) {
	for i, v := range x.values {
		if v == value {
			return f.Variations[i].Key, true
		}
	}
	return f.Variations[0].Key, false
}

// overrides visits what segments say of a feature, the most important first.
func (x *flagsmithReader) overrides(feature string, visit func(s *flagsmithState, segment int, path string)) {
	for priority := range 100 {
		for i := range x.file.Project.Segments {
			for j := range x.file.Project.Segments[i].States {
				s := &x.file.Project.Segments[i].States[j]
				own := 0
				if s.Override != nil {
					own = s.Override.Priority
				}
				if s.Feature.Name == feature && min(max(own, 0), 99) == priority {
					visit(s, i, at("/project/segments", i, "feature_states", j))
				}
			}
		}
	}
}

func (x *flagsmithReader) override(f *Flag, s *flagsmithState, segment int, path string) {
	if x.segments[segment] == "" {
		x.lose(path, "what the segment overrides is left out")
		return
	}
	serve, ok := x.serve(f, s, path)
	if !ok || !x.boolean() && s.Enabled != f.Config.Enabled {
		x.lose(path, "a segment cannot turn a flag with values on or off here; what it overrides is left out")
		return
	}
	key := x.segments[segment]
	f.Config.Rules = append(f.Config.Rules, evaluator.Rule{ID: "segment-" + key, Serve: serve,
		Clauses: []evaluator.Clause{{Operator: evaluator.OpInSegment, Values: raws([]string{key})}}})
}

// identities become targets.
func (x *flagsmithReader) identities(f *Flag) {
	for i, identity := range x.file.Identities {
		for j := range identity.Features {
			s := &identity.Features[j]
			if s.Feature.Name != f.Key {
				continue
			}
			path := at("/identity_overrides", i, "identity_features", j)
			serve, ok := x.serve(f, s, path)
			if !ok || serve.Rollout != nil || !x.boolean() && s.Enabled != f.Config.Enabled {
				x.lose(path, "what is overridden for %q is left out", identity.Identifier)
				continue
			}
			f.Config.Targets = append(f.Config.Targets, evaluator.Target{Variation: serve.Variation, Values: []string{identity.Identifier}})
		}
	}
}

// rules are groups of rules and conditions, all of which have to hold.
func (x *flagsmithReader) rules(defs []flagsmithRule, path string) ([]evaluator.Clause, bool) {
	list := []evaluator.Clause{}
	for i := range defs {
		def, here := &defs[i], at(path, "rules", i)
		inner, ok := x.rules(def.Rules, here)
		if !ok {
			return nil, false
		}
		for j, c := range def.Conditions {
			clause, ok := x.condition(c.Property, c.Operator, c.Value, at(here, "conditions", j))
			if !ok {
				return nil, false
			}
			inner = append(inner, clause)
		}
		if len(inner) == 0 {
			continue
		}
		switch def.Type {
		case "ALL":
			list = append(list, evaluator.Clause{All: inner})
		case "ANY":
			list = append(list, evaluator.Clause{Any: inner})
		default:
			x.lose(at(here, "type"), "none of several conditions is met here only by contexts that have all of their attributes")
			list = append(list, evaluator.Clause{Any: inner, Negate: true})
		}
	}
	return list, true
}

func (x *flagsmithReader) condition(property, operator string, value any, path string) (evaluator.Clause, bool) {
	text := fmt.Sprint(value)
	c := evaluator.Clause{Attribute: property, Values: raws([]string{text})}
	operators := map[string]evaluator.Operator{
		"EQUAL": evaluator.OpIn, "NOT_EQUAL": evaluator.OpIn, "CONTAINS": evaluator.OpContains, "NOT_CONTAINS": evaluator.OpContains,
		"REGEX": evaluator.OpMatches, "IN": evaluator.OpIn, "GREATER_THAN": evaluator.OpGreaterThan, "LESS_THAN": evaluator.OpLessThan,
		"GREATER_THAN_INCLUSIVE": evaluator.OpGreaterThanOrEqual, "LESS_THAN_INCLUSIVE": evaluator.OpLessThanOrEqual,
		"IS_SET": evaluator.OpExists, "IS_NOT_SET": evaluator.OpExists,
	}
	op, ok := operators[operator]
	if !ok {
		x.lose(at(path, "operator"), "there is no operator %q here", operator)
		return c, false
	}
	c.Operator, c.Negate = op, strings.HasPrefix(operator, "NOT_") || operator == "IS_NOT_SET"
	version, isVersion := strings.CutSuffix(text, ":semver")
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case op == evaluator.OpExists:
		c.Values = nil
	case isVersion:
		c.Operator, c.Values = map[evaluator.Operator]evaluator.Operator{
			evaluator.OpIn: evaluator.OpSemverEqual, evaluator.OpGreaterThan: evaluator.OpSemverGreaterThan, evaluator.OpLessThan: evaluator.OpSemverLessThan,
			evaluator.OpGreaterThanOrEqual: evaluator.OpSemverGreaterThanOrEqual, evaluator.OpLessThanOrEqual: evaluator.OpSemverLessThanOrEqual,
		}[op], raws([]string{version})
	case operator == "IN":
		c.Values = raws(strings.Split(text, ","))
	case op == evaluator.OpIn && (text == "true" || text == "false"):
		c.Values = append(c.Values, raw(text == "true")) // a trait may be either
	case err == nil && op == evaluator.OpIn:
		c.Values = append(c.Values, raw(n))
	case err == nil && op != evaluator.OpContains && op != evaluator.OpMatches:
		c.Values = raws([]float64{n})
	}
	return c, true
}
