package importer

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
)

// growthBook reads the features of an SDK connection. A feature is always on; rules force values or split them.
func (r *reader) growthBook() error {
	file, err := into[growthFile](r, r.document, "")
	if err != nil {
		return err
	}
	if file.Encrypted != "" || file.Groups != "" {
		return fmt.Errorf(
			"%w: its features are encrypted; turn the encryption of the SDK connection off for the export",
			ErrFormat,
		)
	}
	if file.Features == nil {
		return fmt.Errorf("%w: it has no features", ErrFormat)
	}
	x := growthReader{reader: r, gates: map[string][]growthGate{}}
	if x.groups, err = openInto[map[string]any](file.SavedGroups, "/savedGroups"); err != nil {
		return err
	}
	for _, key := range sortedKeys(file.Features) {
		x.about = key
		path := at("/features", key)
		f, err := into[growthFeature](r, file.Features[key], path)
		if err != nil {
			return err
		}
		tellForces(&f, file.Features[key])
		x.feature(key, &f, path)
	}
	x.closeGates()
	x.about = ""
	return nil
}

type growthReader struct {
	*reader
	groups map[string]any
	gates  map[string][]growthGate // by flag
	named  named                   // of the flag at hand
	values []any                   // of the flag at hand
	list   []evaluator.Variation
}

// growthGate is a prerequisite of a whole feature.
type growthGate struct {
	parent growthParent
	path   string
}

// tellForces tells rules that force null from rules that force nothing.
func tellForces(f *growthFeature, part any) {
	object, _ := part.(map[string]any)
	rules, _ := object["rules"].([]any)
	for i := range f.Rules {
		rule, _ := rules[i].(map[string]any)
		_, f.Rules[i].forces = rule["force"]
	}
}

func (x *growthReader) feature(key string, def *growthFeature, path string) {
	x.values, x.named = nil, named{}
	x.collect(def.Default)
	for i := range def.Rules {
		if def.Rules[i].forces {
			x.collect(def.Rules[i].Force)
		}
		for _, v := range def.Rules[i].Variations {
			x.collect(v)
		}
	}
	kind, ok := typeOf(x.values)
	if !ok {
		x.leaveOut(path, "flag %q is left out: its values must all be booleans, texts, numbers or objects", key)
		return
	}
	x.list = variationsOf(x.values, nil)
	f := Flag{Key: key, Type: kind, Variations: x.list}
	f.Config = evaluator.FlagConfig{Enabled: true}
	otherwise := x.variation(def.Default)
	var steps []step
	for i := range def.Rules {
		steps = append(steps, x.rule(key, &def.Rules[i], i, at(path, "rules", i))...)
	}
	x.setOff(&f, otherwise, steps)
	f.decide(steps, otherwise, x.named, x.safe)
	x.addFlag(path, f)
}

// setOff sets what the flag serves while it is off, and to contexts of which nothing can be told. It is false, the
// default value, or the code default where the default value may not be for everybody.
func (x *growthReader) setOff(f *Flag, otherwise string, steps []step) {
	off := otherwise
	unsure := slices.ContainsFunc(steps, func(s step) bool { return s.when.unsure && !x.safe(&s) })
	nothing := slices.ContainsFunc(steps, func(s step) bool { return s.nothing })
	switch {
	case len(x.gates[f.Key]) > 0 || otherwise == "" || nothing: // GrowthBook's answer is null then
		off = ""
	case f.Type == evaluator.TypeBoolean:
		off = x.variation(false)
	case unsure:
		off = ""
	}
	if off != "" {
		f.Config.OffVariation = &off
	}
}

// safe reports whether a step can be left out for the contexts that it is unsure about. It can if it opens a boolean
// flag.
func (x *growthReader) safe(s *step) bool {
	return !s.nothing && len(x.list) > 0 && s.split.fixed() != "" && s.split.fixed() == x.variation(true)
}

func (x *growthReader) collect(v any) {
	if v == nil || slices.ContainsFunc(x.values, func(seen any) bool { return string(raw(seen)) == string(raw(v)) }) {
		return
	}
	x.values = append(x.values, v)
}

func (x *growthReader) variation(v any) string {
	for i := range x.values {
		if string(raw(x.values[i])) == string(raw(v)) {
			return x.list[i].Key
		}
	}
	return ""
}

// closeGates turns what gates a whole feature into a prerequisite. It does so when all features are read.
func (x *growthReader) closeGates() {
	for i := range x.plan.Flags {
		f := &x.plan.Flags[i]
		x.about = f.Key
		for _, gate := range x.gates[f.Key] {
			x.closeGate(f, &gate)
		}
	}
}

func (x *growthReader) closeGate(f *Flag, gate *growthGate) {
	i := slices.IndexFunc(x.plan.Flags, func(other Flag) bool { return other.Key == gate.parent.ID })
	if i < 0 {
		x.closeFlag(f, gate.path, "the flag needs %q, which the file lacks or the import leaves out", gate.parent.ID)
		return
	}
	parent := &x.plan.Flags[i]
	c := x.conditions(gate.parent.Condition, scopeOfParent(), at(gate.path, "condition"))
	var fitting []string
	for _, v := range parent.Variations {
		if meets(c, v.Value) {
			fitting = append(fitting, v.Key)
		}
	}
	off := parent.Config.OffVariation
	switch {
	case len(fitting) != 1:
		x.closeFlag(
			f,
			gate.path,
			"%d values of %q are as the flag needs them, and a prerequisite here asks for one",
			len(fitting),
			gate.parent.ID,
		)
	case x.changed(parent.Key) && (off == nil || *off == fitting[0]):
		x.closeFlag(
			f,
			gate.path,
			"the flag needs what %q serves while it is closed, and that may be closed for more contexts than before",
			gate.parent.ID,
		)
	default:
		f.Config.Prerequisites = append(
			f.Config.Prerequisites,
			evaluator.Prerequisite{Flag: gate.parent.ID, Variation: fitting[0]},
		)
	}
}

// changed reports whether the flag may answer otherwise than before.
func (r *reader) changed(flag string) bool {
	return slices.ContainsFunc(r.plan.Losses, func(l Loss) bool { return l.Flag == flag && l.Effect != EffectDropped })
}

// meets reports whether a value of another flag meets a condition.
func meets(c condition, value []byte) bool {
	yes, no := "yes", "no"
	f := Flag{Key: "asked", Type: evaluator.TypeBoolean}
	f.Variations = []evaluator.Variation{{Key: yes, Value: raw(true)}, {Key: no, Value: raw(false)}}
	f.Config = evaluator.FlagConfig{Enabled: true, OffVariation: &no}
	f.decide([]step{{when: c, split: everybody(yes)}}, no, nil, func(*step) bool { return true })
	plan := Plan{Flags: []Flag{f}}
	snapshot, problems, err := evaluator.Compile(plan.Definition())
	if err != nil || len(problems) > 0 {
		return false
	}
	context := evaluator.MapContext(map[string]any{"value": decodedValue(value)})
	return snapshot.Evaluate(f.Key, &context).Variation == yes
}

func decodedValue(encoded []byte) (v any) {
	if json.Unmarshal(encoded, &v) != nil {
		return nil
	}
	return v
}
