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
	file, err := into[unleashFile](r, r.document, "")
	if err != nil {
		return err
	}
	if file.Features == nil {
		return fmt.Errorf("%w: it has no features", ErrFormat)
	}
	x := unleashReader{reader: r, tags: file.Tags, segments: map[int]*unleashGroup{}}
	if err := x.read(&file); err != nil {
		return err
	}
	if err := x.checkEnvironment(); err != nil {
		return err
	}
	for i := range x.features {
		if err := x.feature(&x.features[i]); err != nil {
			return err
		}
	}
	x.about = ""
	x.dependencies()
	return nil
}

type unleashReader struct {
	*reader
	features     []unleashFeature
	environments []unleashEnvironment
	strategies   []unleashStrategy
	parents      map[string][]unleashParent // by feature
	places       map[string]string          // of the parents in the file, by feature
	tags         []unleashTag
	segments     map[int]*unleashGroup
	named        named // of the expression at hand
}

// unleashGroup is a segment, as the strategies that ask for it see it.
type unleashGroup struct {
	key   string
	when  condition
	rules bool // it is a segment here, too
}

// read decodes the lists of the file. What is unknown in a strategy, an environment or a dependency is reported for
// its feature.
func (x *unleashReader) read(file *unleashFile) error {
	if len(file.Links) > 0 {
		x.drop("/links", "links have no place here and are not kept")
	}
	for i, part := range file.Features {
		f, err := into[unleashFeature](x.reader, part, at("/features", i))
		if err != nil {
			return err
		}
		f.index = i
		x.features = append(x.features, f)
	}
	for i, part := range file.Environments {
		e, err := aboutFeature[unleashEnvironment](x, part, at("/featureEnvironments", i), "featureName")
		if err != nil {
			return err
		}
		e.index = i
		x.environments = append(x.environments, e)
	}
	for i, part := range file.Strategies {
		s, err := aboutFeature[unleashStrategy](x, part, at("/featureStrategies", i), "featureName")
		if err != nil {
			return err
		}
		s.index = i
		x.strategies = append(x.strategies, s)
	}
	if err := x.readDependencies(file.Dependencies); err != nil {
		return err
	}
	return x.readSegments(file.Segments)
}

// aboutFeature decodes a part that names its feature in a member.
func aboutFeature[T any](x *unleashReader, part any, path, member string) (T, error) {
	object, _ := part.(map[string]any)
	x.about, _ = object[member].(string)
	defer func() { x.about = "" }()
	return into[T](x.reader, part, path)
}

func (x *unleashReader) readDependencies(parts []any) error {
	x.parents, x.places = map[string][]unleashParent{}, map[string]string{}
	for i, part := range parts {
		path := at("/dependencies", i)
		d, err := aboutFeature[unleashDependency](x, part, path, "feature")
		if err != nil {
			return err
		}
		x.parents[d.Feature] = append(x.parents[d.Feature], d.Dependencies...)
		x.places[d.Feature] = path
	}
	return nil
}

// readSegments reads the segments. Unleash's own exports name them without their constraints. Then nobody can tell who
// is in them.
func (x *unleashReader) readSegments(parts []any) error {
	taken := map[string]bool{}
	for i, part := range parts {
		path := at("/segments", i)
		unknowns := len(x.unknowns)
		def, err := into[unleashSegment](x.reader, part, path)
		if err != nil {
			return err
		}
		group := &unleashGroup{key: uniqueKey(taken, def.Name, strconv.Itoa(def.ID)), when: unknowable}
		if x.segments[def.ID] != nil {
			x.leaveOut(path, "segment %q is left out: there is another of the id %d", def.Name, def.ID)
			x.segments[def.ID].when, x.segments[def.ID].rules = unknowable, false
			continue
		}
		x.segments[def.ID] = group
		if def.Constraints == nil {
			x.leaveOut(path, "segment %q is left out: the file does not say who is in it", def.Name)
			continue
		}
		group.when = allOf(x.constraints(*def.Constraints, path)...)
		if len(x.unknowns) > unknowns {
			group.when = unknowable
			x.leaveOut(path, "segment %q is left out", def.Name)
			continue
		}
		clauses := group.when.metBy
		if group.when.met == true {
			clauses = []evaluator.Clause{}
		}
		if group.rules = clauses != nil && !group.when.unsure; !group.rules {
			x.drop(
				path,
				"segment %q is written into the expressions of the flags that ask for it: rules cannot say the same",
				def.Name,
			)
			continue
		}
		x.addSegment(path, Segment{
			Name:        def.Name,
			Description: def.Description,
			Segment: evaluator.Segment{
				Key:   group.key,
				Rules: []evaluator.SegmentRule{{ID: "constraints", Clauses: clauses}},
			},
		})
	}
	return nil
}

func (x *unleashReader) feature(def *unleashFeature) error {
	x.about = def.Name
	path := at("/features", def.index)
	if def.Archived || def.ArchivedAt != nil {
		x.leaveOut(path, "feature %q is archived and left out", def.Name)
		return nil
	}
	off := "off"
	f := Flag{
		Key:         def.Name,
		Description: def.Description,
		Type:        evaluator.TypeBoolean,
		Variations:  variationsOf([]any{true, false}, nil),
	}
	f.Config.OffVariation = &off
	for _, tag := range x.tags {
		if tag.Feature == def.Name {
			f.Tags = append(f.Tags, tag.Value)
		}
	}
	if err := x.enabled(&f, path); err != nil {
		return err
	}
	x.decideStrategies(&f, path)
	x.addFlag(path, f)
	return nil
}

// checkEnvironment fails for an environment that the file does not know: otherwise every feature would be imported as
// off.
func (x *unleashReader) checkEnvironment() error {
	var known []string
	for _, e := range x.environments {
		known = append(known, e.Environment)
	}
	if known = sortedUnique(known); x.environment != "" && !slices.Contains(known, x.environment) {
		return fmt.Errorf(
			"the file has no environment %q; name another with --source-environment: %s",
			x.environment,
			strings.Join(known, ", "),
		)
	}
	return nil
}

// enabled looks up the environment.
func (x *unleashReader) enabled(f *Flag, path string) error {
	var names []string
	found := 0
	for _, e := range x.environments {
		if e.Feature != f.Key {
			continue
		}
		names = append(names, e.Environment)
		if x.environment != "" && e.Environment != x.environment {
			continue
		}
		found++
		f.Config.Enabled = e.Enabled
		if len(e.Variants) > 0 {
			x.lose(at("/featureEnvironments", e.index, "variants"),
				"the variants of %q are left out: the flag is on or off here", f.Key)
		}
	}
	if names = sortedUnique(names); x.environment == "" && len(names) > 1 {
		return fmt.Errorf(
			"feature %q has several environments; name one with --source-environment: %s",
			f.Key,
			strings.Join(names, ", "),
		)
	}
	switch {
	case found == 0:
		x.lose(path, "the file does not say whether %q is enabled; it is imported as off", f.Key)
	case found > 1:
		x.closeFlag(f, path, "the file says %d times whether %q is enabled", found, f.Key)
	}
	return nil
}

// dependencies become prerequisites, when all features are read.
func (x *unleashReader) dependencies() {
	for i := range x.plan.Flags {
		f := &x.plan.Flags[i]
		x.about = f.Key
		for j := range x.parents[f.Key] {
			x.dependency(f, &x.parents[f.Key][j], at(x.places[f.Key], "dependencies", j))
		}
	}
	x.about = ""
}

// dependency makes a parent a prerequisite. A parent that must be off is kept only if it is imported as it was. If the
// import has closed the parent, the flag would open.
func (x *unleashReader) dependency(f *Flag, needed *unleashParent, path string) {
	i := slices.IndexFunc(x.plan.Flags, func(other Flag) bool { return other.Key == needed.Feature })
	on := needed.Enabled == nil || *needed.Enabled
	switch {
	case i < 0:
		x.closeFlag(f, path, "the flag needs %q, which the file lacks or the import leaves out", needed.Feature)
	case len(x.parents[needed.Feature]) > 0:
		x.closeFlag(
			f,
			path,
			"%q depends on other features itself, and Unleash turns off whatever depends on such a feature",
			needed.Feature,
		)
	case on && len(needed.Variants) > 0:
		x.closeFlag(f, path, "the flag needs a variant of %q, and there are no variants here", needed.Feature)
	case on:
		f.Config.Prerequisites = append(
			f.Config.Prerequisites,
			evaluator.Prerequisite{Flag: needed.Feature, Variation: "on"},
		)
	case !x.plan.Flags[i].Config.Enabled:
		x.closeFlag(f, path,
			"the flag needs %q to be disabled, and a prerequisite here asks for a flag that is enabled", needed.Feature)
	case x.changed(needed.Feature):
		x.closeFlag(f, path,
			"the flag needs %q to be off, and that may be off for more contexts than before", needed.Feature)
	default:
		f.Config.Prerequisites = append(
			f.Config.Prerequisites,
			evaluator.Prerequisite{Flag: needed.Feature, Variation: "off"},
		)
	}
}
