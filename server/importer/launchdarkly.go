package importer

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// launchDarkly reads flag data (flags and segments by key), or the REST API's list of flags, whose pages may be the
// documents of one file.
func (r *reader) launchDarkly() error {
	file, err := into[ldFile](r, r.document, "")
	if err != nil {
		return err
	}
	if file.Flags == nil && file.Items == nil {
		return fmt.Errorf("%w: it has neither flags nor items", ErrFormat)
	}
	x := ldReader{reader: r, variations: map[string][]evaluator.Variation{}}
	if file.Items != nil {
		err = x.pages(file.ldPage)
	} else {
		err = x.data(file.Flags)
	}
	if err != nil {
		return err
	}
	for _, f := range x.flags { // before any of them, for the prerequisites
		x.variations[f.Key] = variationsOf(f.Variations, f.names)
	}
	for i := range x.flags {
		x.flag(&x.flags[i], x.paths[i])
	}
	for _, key := range sortedKeys(file.Segments) {
		path := at("/segments", key)
		s, err := into[ldSegment](r, file.Segments[key], path)
		if err != nil {
			return err
		}
		x.segment(&s, path)
	}
	return nil
}

type ldReader struct {
	*reader
	flags      []ldFlag
	paths      []string
	variations map[string][]evaluator.Variation
	list       []evaluator.Variation // of the flag at hand
	rebucketed bool
}

// data reads flags by key.
func (x *ldReader) data(flags map[string]any) error {
	if x.environment != "" {
		return errOneEnvironment
	}
	if len(x.documents) > 1 {
		return errDocuments(len(x.documents))
	}
	for _, key := range sortedKeys(flags) {
		path := at("/flags", key)
		f, err := into[ldFlag](x.reader, flags[key], path)
		if err != nil {
			return err
		}
		if f.Key == "" {
			f.Key = key
		}
		x.flags, x.paths = append(x.flags, f), append(x.paths, path)
	}
	return nil
}

// pages reads the flags of all pages that the file has, and reports those that it lacks.
func (x *ldReader) pages(first ldPage) error {
	if err := x.items(first.Items, x.documentPath(0)); err != nil {
		return err
	}
	last := first
	for i := 1; i < len(x.documents); i++ {
		page, err := into[ldPage](x.reader, x.documents[i], x.documentPath(i))
		if err != nil {
			return err
		}
		if err := x.items(page.Items, x.documentPath(i)); err != nil {
			return err
		}
		last = page
	}
	path := x.documentPath(len(x.documents) - 1)
	switch {
	case first.TotalCount != nil && *first.TotalCount != len(x.flags):
		x.lose(at(path, "totalCount"), "the file has %d flags of %d: get the pages that are missing", len(x.flags), *first.TotalCount)
	case first.TotalCount == nil && last.Links.Next != nil:
		x.lose(at(path, "_links", "next"), "the list goes on with another page, which the file lacks")
	}
	return nil
}

func (x *ldReader) items(items []any, path string) error {
	for i, item := range items {
		here := at(path, "items", i)
		f, err := x.item(item, here)
		if err != nil {
			return err
		}
		x.flags, x.paths = append(x.flags, f), append(x.paths, here)
	}
	return nil
}

// item reads a flag of the REST API, in one of its environments. There, variations are objects.
func (x *ldReader) item(part any, path string) (ldFlag, error) {
	f, err := into[ldFlag](x.reader, part, path)
	if err != nil {
		return f, err
	}
	environment := x.environment
	if environment == "" && len(f.Environments) == 1 {
		environment = sortedKeys(f.Environments)[0]
	}
	one, ok := f.Environments[environment]
	switch known := strings.Join(sortedKeys(f.Environments), ", "); {
	case !ok && environment == "":
		return f, fmt.Errorf("flag %q has several environments or none; name one with --source-environment: %s", f.Key, known)
	case !ok:
		return f, fmt.Errorf("flag %q has no environment %q; name another with --source-environment: %s", f.Key, environment, known)
	}
	rules, err := into[ldAPIEnvironment](x.reader, one, at(path, "environments", environment))
	if err != nil {
		return f, err
	}
	f.ldRules, f.ClientSide = rules.ldRules, f.Visible.UsingEnvironmentID
	f.names = make([]string, len(f.Variations))
	for i := range f.Variations {
		v, err := into[ldAPIVariation](x.reader, f.Variations[i], at(path, "variations", i))
		if err != nil {
			return f, err
		}
		f.Variations[i], f.names[i] = v.Value, v.Name
	}
	return f, nil
}

func (x *ldReader) flag(def *ldFlag, path string) {
	if def.Deleted || def.Archived {
		x.lose(path, "flag %q is archived and left out", def.Key)
		return
	}
	x.list, x.rebucketed = x.variations[def.Key], false
	values := make([]any, len(x.list))
	for i := range x.list {
		if err := json.Unmarshal(x.list[i].Value, &values[i]); err != nil {
			panic("importer: decode what was encoded: " + err.Error())
		}
	}
	kind, ok := typeOf(values)
	if !ok {
		x.leaveOutFlag(def.Key, at(path, "variations"), "its variations must all be booleans, texts, numbers or objects (lists are none)")
		return
	}
	f := Flag{Key: def.Key, Name: def.Name, Description: def.Description, Tags: def.Tags, ClientSide: def.ClientSide, Type: kind, Variations: x.list}
	f.Config = evaluator.FlagConfig{Enabled: def.On}
	if def.OffVariation != nil {
		off := x.variation(*def.OffVariation)
		f.Config.OffVariation = &off
	}
	for i, t := range def.Targets {
		x.target(&f.Config, t, at(path, "targets", i))
	}
	for i, t := range def.ContextTargets {
		x.target(&f.Config, t, at(path, "contextTargets", i))
	}
	for i := range def.Rules {
		x.rule(&f.Config, &def.Rules[i], at(path, "rules", i))
	}
	f.Config.Fallthrough = x.serve(&def.Fallthrough, at(path, "fallthrough"))
	for i, p := range def.Prerequisites {
		needed := x.variations[p.Key]
		if p.Variation < 0 || p.Variation >= len(needed) {
			x.lose(at(path, "prerequisites", i), "the file lacks flag %q, or its variation, which this flag needs; without the prerequisite it could open, so it is imported as off", p.Key)
			f.Config.Enabled = false
			continue
		}
		f.Config.Prerequisites = append(f.Config.Prerequisites, evaluator.Prerequisite{Flag: p.Key, Variation: needed[p.Variation].Key})
	}
	f.Rebucketed = x.rebucketed
	x.addFlag(path, f)
}

func (x *ldReader) variation(index int) string {
	if index < 0 || index >= len(x.list) {
		return ""
	}
	return x.list[index].Key
}

func (x *ldReader) target(c *evaluator.FlagConfig, t ldTarget, path string) {
	switch {
	case t.Kind != "" && t.Kind != "user" && len(t.Values) > 0:
		c.Rules = append(c.Rules, evaluator.Rule{
			ID: "targets-" + keyOf(t.Kind) + "-" + strconv.Itoa(t.Variation), Serve: evaluator.Serve{Variation: x.variation(t.Variation)},
			Clauses: []evaluator.Clause{{Attribute: t.Kind + ".key", Operator: evaluator.OpIn, Values: raws(t.Values)}},
		})
		x.lose(path, "contexts of kind %q are told apart by the attribute %q here", t.Kind, t.Kind+".key")
	case len(t.Values) > 0:
		c.Targets = append(c.Targets, evaluator.Target{Variation: x.variation(t.Variation), Values: t.Values})
	}
}

func (x *ldReader) rule(c *evaluator.FlagConfig, def *ldRule, path string) {
	clauses, ok := x.clauses(def.Clauses, path)
	if !ok {
		x.lose(path, "the rule is left out, since a part of it cannot be said here; the rules after it decide")
		return
	}
	id := def.ID
	if id == "" {
		id = def.APIID
	}
	c.Rules = append(c.Rules, evaluator.Rule{ID: id, Description: def.Description, Clauses: clauses, Serve: x.serve(&def.ldServe, path)})
}

// serve keeps the weights, which LaunchDarkly has in thousandths of a percent too.
func (x *ldReader) serve(def *ldServe, path string) evaluator.Serve {
	if def.Rollout == nil {
		if def.Variation == nil {
			return evaluator.Serve{}
		}
		return evaluator.Serve{Variation: x.variation(*def.Variation)}
	}
	var names []string
	var shares []float64
	for _, v := range def.Rollout.Variations {
		names, shares = append(names, x.variation(v.Variation)), append(shares, float64(v.Weight))
	}
	if def.Rollout.Kind == "experiment" {
		x.lose(at(path, "rollout"), "the experiment becomes a rollout with the same shares")
	}
	x.rebucketed = true
	return split(percentages(names, shares), ldAttribute(def.Rollout.BucketBy), "")
}

// ldAttribute is the name of an attribute, which may be written as a path with slashes.
func ldAttribute(name string) string {
	if path, isPath := strings.CutPrefix(name, "/"); isPath {
		name = strings.ReplaceAll(path, "/", ".")
	}
	if name == "key" {
		return evaluator.AttributeTargetingKey
	}
	return name
}

func (x *ldReader) clauses(defs []ldClause, path string) ([]evaluator.Clause, bool) {
	list, ok := []evaluator.Clause{}, true
	for i := range defs {
		c, fine := x.clause(&defs[i], at(path, "clauses", i))
		list, ok = append(list, c), ok && fine
	}
	return list, ok
}

func (x *ldReader) clause(def *ldClause, path string) (evaluator.Clause, bool) {
	operators := map[string]evaluator.Operator{
		"in": evaluator.OpIn, "startsWith": evaluator.OpStartsWith, "endsWith": evaluator.OpEndsWith, "contains": evaluator.OpContains,
		"matches": evaluator.OpMatches, "lessThan": evaluator.OpLessThan, "lessThanOrEqual": evaluator.OpLessThanOrEqual,
		"greaterThan": evaluator.OpGreaterThan, "greaterThanOrEqual": evaluator.OpGreaterThanOrEqual, "before": evaluator.OpBefore,
		"after": evaluator.OpAfter, "segmentMatch": evaluator.OpInSegment, "semVerEqual": evaluator.OpSemverEqual,
		"semVerLessThan": evaluator.OpSemverLessThan, "semVerGreaterThan": evaluator.OpSemverGreaterThan,
	}
	op, ok := operators[def.Op]
	if !ok {
		x.lose(at(path, "op"), "there is no operator %q here", def.Op)
		return evaluator.Clause{}, false
	}
	c := evaluator.Clause{Attribute: ldAttribute(def.Attribute), Operator: op, Values: raws(def.Values), Negate: def.Negate}
	switch {
	case op == evaluator.OpInSegment:
		c.Attribute = ""
	case def.Kind != "" && def.Kind != "user":
		c.Attribute = def.Kind + "." + strings.Replace(c.Attribute, evaluator.AttributeTargetingKey, "key", 1)
		x.lose(path, "the attribute of contexts of kind %q is looked for in %q here", def.Kind, c.Attribute)
	}
	if op == evaluator.OpBefore || op == evaluator.OpAfter {
		for i, v := range def.Values {
			if n, isNumber := v.(float64); isNumber { // milliseconds
				c.Values[i] = raw(n / 1000)
				x.lose(path, "numbers are milliseconds in LaunchDarkly and seconds here: the attribute %q has to be given in seconds", c.Attribute)
			}
		}
	}
	return c, true
}

func (x *ldReader) segment(def *ldSegment, path string) {
	if def.Deleted {
		return
	}
	if def.Unbounded {
		x.lose(path, "the members of the big segment %q are not in the file", def.Key)
	}
	s := Segment{Segment: evaluator.Segment{Key: def.Key, Included: def.Included, Excluded: def.Excluded}, Name: def.Name}
	for i, list := range [][]ldTarget{def.IncludedContexts, def.ExcludedContexts} {
		if len(list) > 0 {
			x.lose(at(path, []string{"includedContexts", "excludedContexts"}[i]), "members of other kinds than user are left out")
		}
	}
	for i := range def.Rules {
		rule := &def.Rules[i]
		here := at(path, "rules", i)
		clauses, ok := x.clauses(rule.Clauses, here)
		if rule.Weight != nil && *rule.Weight < evaluator.TotalWeight {
			x.lose(at(here, "weight"), "a segment cannot have a share of those who match; the rule is left out")
			ok = false
		}
		if !ok {
			x.lose(here, "the segment's rule is left out")
			continue
		}
		id := rule.ID
		if id == "" {
			id = "rule-" + strconv.Itoa(i+1)
		}
		s.Rules = append(s.Rules, evaluator.SegmentRule{ID: id, Clauses: clauses})
	}
	x.addSegment(path, s)
}
