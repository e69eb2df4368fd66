package importer

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// flagsmith reads the document of an environment. A feature without values is a boolean flag; one with values serves
// them while it is enabled, and the code default while it is not.
func (r *reader) flagsmith() error {
	file, err := into[flagsmithFile](r, r.document, "")
	if err != nil {
		return err
	}
	if file.States == nil {
		return fmt.Errorf("%w: it has no feature_states", ErrFormat)
	}
	x := flagsmithReader{reader: r, file: &file, named: named{}}
	x.readSegments()
	for i := range file.States {
		x.feature(i)
	}
	x.about = ""
	x.sayLost()
	return nil
}

type flagsmithReader struct {
	*reader
	file     *flagsmithFile
	segments []flagsmithGroup // in the order of the file
	named    named
	values   []any // of the flag at hand
	list     []evaluator.Variation
}

// flagsmithGroup is a segment, as the features that it overrides see it.
type flagsmithGroup struct {
	key   string
	when  condition
	rules bool // it is a segment here, too
}

// readSegments reads the segments. Nobody without an identifier is in any.
func (x *flagsmithReader) readSegments() {
	taken, ids := map[string]bool{}, map[int]int{}
	for _, def := range x.file.Project.Segments {
		ids[def.ID]++
	}
	for i := range x.file.Project.Segments {
		def := &x.file.Project.Segments[i]
		path := at("/project/segments", i)
		group := flagsmithGroup{key: uniqueKey(taken, def.Name, strconv.Itoa(def.ID))}
		switch {
		case within(x.unknowns, at(path, "rules")) || ids[def.ID] > 1:
			group.when = unknowable
			x.leaveOut(path,
				"segment %q is left out: there are several of its id, or parts of it are unknown", def.Name)
		case len(def.Rules) == 0:
			group.when = never
		default:
			group.when = allOf(hasKey(), x.rules(def, def.Rules, path))
		}
		if group.rules = group.when.metBy != nil && !group.when.unsure; group.rules {
			x.addSegment(path, Segment{Name: def.Name, Segment: evaluator.Segment{Key: group.key,
				Rules: []evaluator.SegmentRule{{ID: "rules", Clauses: group.when.metBy}}}})
		} else if !group.when.constant() && group.when.met != false {
			x.drop(
				path,
				"segment %q is written into the expressions of the flags that it overrides: rules cannot say the same",
				def.Name,
			)
		}
		x.segments = append(x.segments, group)
	}
}

func (x *flagsmithReader) feature(index int) {
	def := &x.file.States[index]
	path := at("/feature_states", index)
	f := Flag{Key: def.Feature.Name}
	x.about, x.values = f.Key, nil
	overrides := x.overrides(f.Key)
	for _, o := range overrides {
		if within(x.unknowns, o.path) {
			x.unknownOf[f.Key] = true
		}
	}
	x.collect(def)
	for _, o := range overrides {
		x.collect(o.state)
	}
	valued := len(x.values) > 0
	if !valued {
		x.values = []any{true, false}
		off := "off"
		f.Config.OffVariation = &off
	}
	kind, ok := typeOf(x.values)
	if !ok {
		x.leaveOut(path, "flag %q is left out: its values must all be booleans, texts or numbers", f.Key)
		return
	}
	f.Type, f.Variations, f.Config.Enabled = kind, variationsOf(x.values, nil), true
	x.list = f.Variations
	var steps []step
	for _, o := range overrides {
		steps = append(steps, x.steps(o, valued)...)
	}
	if valued && def.Enabled && len(def.Multivariate) > 0 {
		steps = append(
			steps,
			x.steps(flagsmithOverride{state: def, id: "split", when: hasKey(), path: path}, valued)...)
	}
	otherwise := x.served(def, valued)
	if len(steps) == 0 && otherwise == "" {
		f.Config.Enabled, f.Config.Fallthrough = false, evaluator.Serve{Variation: f.Variations[0].Key}
	} else {
		f.decide(steps, otherwise, x.named, func(s *step) bool { return !valued && s.split.fixed() == "on" })
	}
	x.addFlag(path, f)
}

// flagsmithOverride is what a segment or an identity says of a feature.
type flagsmithOverride struct {
	state    *flagsmithState
	id       string
	when     condition
	priority float64
	path     string
}

// overrides are what identities and segments say of a feature, the most important first.
func (x *flagsmithReader) overrides(feature string) (list []flagsmithOverride) {
	list = x.identities(feature)
	order := make([]int, len(x.file.Project.Segments))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(
		order,
		func(a, b int) int { return x.file.Project.Segments[a].ID - x.file.Project.Segments[b].ID },
	)
	for _, i := range order {
		def := &x.file.Project.Segments[i]
		for j := range def.States {
			s := &def.States[j]
			if s.Feature.Name != feature {
				continue
			}
			path := at("/project/segments", i, "feature_states", j)
			o := flagsmithOverride{state: s, id: "segment-" + x.segments[i].key, path: path, priority: math.Inf(1)}
			o.when = x.inSegment(i, path)
			if s.Override != nil && s.Override.Priority != nil {
				o.priority = *s.Override.Priority
			}
			list = append(list, o)
		}
	}
	slices.SortStableFunc(list, func(a, b flagsmithOverride) int {
		switch {
		case a.priority < b.priority:
			return -1
		case a.priority > b.priority:
			return 1
		default:
			return 0
		}
	})
	return list
}

func (x *flagsmithReader) inSegment(index int, path string) condition {
	group := &x.segments[index]
	c := group.when
	if c.unsure {
		x.lose(path, "who is in segment %q is different, or cannot be told", group.key)
	}
	if c.constant() || c.met == false {
		return c
	}
	name := "segment " + group.key
	x.named[name] = c.met
	c.met = map[string]any{"$ref": name}
	if c.metBy, c.unmetBy = nil, nil; group.rules {
		c.metBy = []evaluator.Clause{{Operator: evaluator.OpInSegment, Values: raws([]string{group.key})}}
	}
	return c
}

// identities are the overrides for single identifiers. An identifier that is listed twice is left out: which of the
// two counts depends on how the identities are grouped.
func (x *flagsmithReader) identities(feature string) (list []flagsmithOverride) {
	seen := map[string]int{}
	for i := range x.file.Identities {
		identity := &x.file.Identities[i]
		for j := range identity.Features {
			if identity.Features[j].Feature.Name != feature {
				continue
			}
			path := at("/identity_overrides", i, "identity_features", j)
			o := flagsmithOverride{state: &identity.Features[j], id: "identity", path: path, priority: math.Inf(-1)}
			o.when = keyIn([]string{identity.Identifier})
			if strings.ContainsAny(identity.Identifier, ",[") || identity.Identifier == "" {
				x.leaveOut(
					path,
					"what is overridden for %q is left out: Flagsmith takes the identifier for a list",
					identity.Identifier,
				)
				o.when = unknowable
			}
			if first, twice := seen[identity.Identifier]; twice {
				x.leaveOut(path, "what is overridden for %q is left out: it is there twice", identity.Identifier)
				list[first].when = condition{met: false, unmet: list[first].when.unmet, unsure: true}
				continue
			}
			seen[identity.Identifier] = len(list)
			list = append(list, o)
		}
	}
	return list
}

// steps are what an override serves: a value, or shares of values. With shares, the rest get the control.
func (x *flagsmithReader) steps(o flagsmithOverride, valued bool) []step {
	control := x.served(o.state, valued)
	s := step{id: o.id, when: o.when, split: everybody(control), nothing: control == ""}
	if !valued || !o.state.Enabled || len(o.state.Multivariate) == 0 {
		return []step{s}
	}
	names, ranges, from := []string{}, [][]float64{}, 0.0
	for _, m := range o.state.Multivariate {
		name := x.variation(m.Option.Value)
		if name == "" {
			x.leaveOut(at(
				o.path,
				"multivariate_feature_state_values",
			), "a share of an empty value is served the code default, and so is everybody else of this split")
			return []step{{id: o.id, when: allOf(o.when, unknowable), nothing: true}}
		}
		names, ranges = append(names, name), append(ranges, []float64{from / 100, (from + m.Share) / 100})
		from += m.Share
	}
	names, ranges = append(names, control), append(ranges, []float64{min(from/100, 1), 1})
	split := s
	split.nothing = false
	split.split = portions{by: evaluator.AttributeTargetingKey, shares: layOut(ranges, names)}
	if o.id != "split" {
		split.split.seed = x.about + "-" + o.id
	}
	split.when = split.split.asking(o.when)
	if split.split.covers() {
		return []step{split}
	}
	return []step{split, s}
}

// blank reports whether v is no value. Then the code default holds.
func blank(v any) bool { return v == nil || v == "" }

// served is what a state serves, without its shares; "" for the code default.
func (x *flagsmithReader) served(s *flagsmithState, valued bool) string {
	switch {
	case !valued:
		return map[bool]string{true: "on", false: "off"}[s.Enabled]
	case !s.Enabled:
		return ""
	default:
		return x.variation(s.Value)
	}
}

func (x *flagsmithReader) variation(value any) string {
	if i := slices.Index(x.values, value); i >= 0 && !blank(value) {
		return x.list[i].Key
	}
	return ""
}

func (x *flagsmithReader) collect(s *flagsmithState) {
	values := []any{s.Value}
	for _, m := range s.Multivariate {
		values = append(values, m.Option.Value)
	}
	for _, v := range values {
		if !blank(v) && isScalar(v) && !slices.Contains(x.values, v) {
			x.values = append(x.values, v)
		}
	}
}

// sayLost reports the overrides of features that the environment does not have.
func (x *flagsmithReader) sayLost() {
	has := map[string]bool{}
	for i := range x.file.States {
		has[x.file.States[i].Feature.Name] = true
	}
	for i := range x.file.Project.Segments {
		for j, s := range x.file.Project.Segments[i].States {
			if !has[s.Feature.Name] {
				x.drop(at("/project/segments", i, "feature_states", j),
					"the environment has no feature %q", s.Feature.Name)
			}
		}
	}
}
