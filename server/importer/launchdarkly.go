package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// launchDarkly reads flag data (flags and segments by key), or the REST API's list of flags. The pages of that list
// may be the documents of one file.
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
	if err := x.readSegments(file.Segments); err != nil {
		return err
	}
	for _, f := range x.flags { // before any of them, for the prerequisites
		x.variations[f.Key] = variationsOf(f.Variations, f.names)
	}
	for i := range x.flags {
		x.flag(&x.flags[i], x.paths[i])
	}
	return nil
}

type ldReader struct {
	*reader
	flags      []ldFlag
	paths      []string
	variations map[string][]evaluator.Variation
	list       []evaluator.Variation // of the flag at hand
	named      named                 // of its expression
	segments   map[string]*ldGroup
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

// pages reads the flags of all pages that the file has, and reports the pages that are missing from it.
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
		x.lose(
			at(path, "totalCount"),
			"the file has %d flags of %d: get the pages that are missing",
			len(x.flags),
			*first.TotalCount,
		)
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
		return f, fmt.Errorf(
			"flag %q has several environments or none; name one with --source-environment: %s",
			f.Key,
			known,
		)
	case !ok:
		return f, fmt.Errorf(
			"flag %q has no environment %q; name another with --source-environment: %s",
			f.Key,
			environment,
			known,
		)
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
	x.about = def.Key
	defer func() { x.about = "" }()
	if def.Deleted || def.Archived {
		x.leaveOutFlag(def.Key, path, "it is archived")
		return
	}
	x.list, x.named = x.variations[def.Key], named{}
	kind, ok := typeOf(def.Variations)
	if !ok {
		x.leaveOutFlag(
			def.Key,
			at(path, "variations"),
			"its variations must all be booleans, texts, numbers or objects (lists are none)",
		)
		return
	}
	f := Flag{
		Key:         def.Key,
		Name:        def.Name,
		Description: def.Description,
		Tags:        def.Tags,
		ClientSide:  def.ClientSide,
		Type:        kind,
		Variations:  x.list,
	}
	f.Config = evaluator.FlagConfig{Enabled: def.On}
	if def.OffVariation != nil {
		off, _ := x.variation(*def.OffVariation)
		f.Config.OffVariation = &off
	}
	x.decide(&f, def, path)
	x.prerequisites(&f, def, path)
	x.addFlag(path, f)
}

// decide makes steps of the targets, the rules and the fallthrough.
func (x *ldReader) decide(f *Flag, def *ldFlag, path string) {
	targets := x.targets(def, path)
	var steps []step
	for i := range def.Rules {
		steps = append(steps, x.rule(&def.Rules[i], i, at(path, "rules", i))...)
	}
	steps = append(steps, x.serve(step{when: always}, &def.Fallthrough, at(path, "fallthrough"))...)
	otherwise := x.list[0].Key
	f.decide(steps, otherwise, x.named, keepOut)
	plain := len(def.ContextTargets) == 0 && f.Config.Targeting == nil
	if plain {
		for _, t := range targets {
			f.Config.Targets = append(f.Config.Targets, evaluator.Target{Variation: t.split.fixed(), Values: t.keys})
		}
	} else if len(targets) > 0 {
		all := make([]step, 0, len(targets)+len(steps))
		for _, t := range targets {
			all = append(all, t.step)
		}
		f.decide(append(all, steps...), otherwise, x.named, keepOut)
	}
	if off := f.Config.OffVariation; off != nil &&
		slices.ContainsFunc(append(steps, asSteps(targets)...), func(s step) bool { return s.when.unsure }) {
		// Contexts that a step is unsure about are to be kept out.
		if i := slices.IndexFunc(
			x.list,
			func(v evaluator.Variation) bool { return v.Key == *off },
		); i < 0 ||
			string(x.list[i].Value) == "true" {
			f.Config.OffVariation = nil
		}
	}
}

// keepOut says that no step is safe: contexts that a step is unsure about are kept out.
func keepOut(*step) bool { return false }

func (x *ldReader) prerequisites(f *Flag, def *ldFlag, path string) {
	for i, p := range def.Prerequisites {
		needed := x.variations[p.Key]
		if p.Variation < 0 || p.Variation >= len(needed) {
			x.closeFlag(
				f,
				at(path, "prerequisites", i),
				"the file lacks flag %q, or its variation, which this flag needs",
				p.Key,
			)
			continue
		}
		f.Config.Prerequisites = append(
			f.Config.Prerequisites,
			evaluator.Prerequisite{Flag: p.Key, Variation: needed[p.Variation].Key},
		)
	}
}

// variation is the key of a variation.
func (x *ldReader) variation(index int) (string, bool) {
	if index < 0 || index >= len(x.list) {
		return "", false
	}
	return x.list[index].Key, true
}

// ldTargeted is a step for those whose keys are listed.
type ldTargeted struct {
	step
	keys []string
}

func asSteps(targets []ldTargeted) (steps []step) {
	for _, t := range targets {
		steps = append(steps, t.step)
	}
	return steps
}

// targets are in the order of contextTargets, if there are any. A target of users in contextTargets only marks the
// place of the target in targets that has the same variation.
func (x *ldReader) targets(def *ldFlag, path string) (list []ldTargeted) {
	add := func(t *ldTarget, path string) {
		name, ok := x.variation(t.Variation)
		switch {
		case len(t.Values) == 0:
			return
		case !ok:
			x.lose(at(path, "variation"), "there is no variation %d; those who are listed are kept out", t.Variation)
			list = append(list, ldTargeted{step: step{when: keptOut(keyOfKindIn(t.Kind, t.Values))}})
			return
		}
		id := "targets-" + keyOf(cmp.Or(t.Kind, "user")) + "-" + strconv.Itoa(t.Variation)
		list = append(
			list,
			ldTargeted{step{id: id, when: keyOfKindIn(t.Kind, t.Values), split: everybody(name)}, t.Values},
		)
	}
	if len(def.ContextTargets) == 0 {
		for i := range def.Targets {
			add(&def.Targets[i], at(path, "targets", i))
		}
		return list
	}
	for i := range def.ContextTargets {
		t := &def.ContextTargets[i]
		if t.Kind != "" && t.Kind != "user" {
			add(t, at(path, "contextTargets", i))
			continue
		}
		if j := slices.IndexFunc(def.Targets, func(u ldTarget) bool { return u.Variation == t.Variation }); j >= 0 {
			add(&def.Targets[j], at(path, "targets", j))
		}
	}
	return list
}

// keptOut is a condition whose contexts are kept out: LaunchDarkly has no answer for them either.
func keptOut(c condition) condition { return condition{met: false, unmet: c.unmet, unsure: true} }

func (x *ldReader) rule(def *ldRule, index int, path string) []step {
	if def.Disabled {
		x.drop(path, "the rule is disabled and left out")
		return nil
	}
	s := step{
		id:          cmp.Or(def.ID, def.APIID, "rule-"+strconv.Itoa(index+1)),
		description: def.Description,
		when:        x.clauses(def.Clauses, path),
	}
	if s.when.unsure && s.when.met == false && s.when.unmet == false {
		x.leaveOut(path, "the rule cannot be said here; whoever comes to it gets the off variation")
	}
	return x.serve(s, &def.ldServe, path)
}

// serve completes a step by what it serves.
func (x *ldReader) serve(s step, def *ldServe, path string) []step {
	if def.Rollout != nil && def.Variation == nil && len(def.Rollout.Variations) > 0 {
		return x.rollout(s, def.Rollout, at(path, "rollout"))
	}
	index := -1
	if def.Variation != nil {
		index = *def.Variation
	}
	name, ok := x.variation(index)
	if !ok {
		x.lose(
			path,
			"nothing says what is served here, or it is no variation of the flag; those who come to it are kept out",
		)
		s.when = keptOut(s.when)
		return []step{s}
	}
	s.split = everybody(name)
	return []step{s}
}

// rollout keeps the weights: LaunchDarkly, too, has them in thousandths of a percent. What the weights leave over goes
// to the last variation. Whoever cannot be bucketed gets the first variation that has a share.
func (x *ldReader) rollout(s step, def *ldRollout, path string) []step {
	by := def.BucketBy
	if def.Kind == "experiment" {
		x.drop(path, "the experiment becomes a rollout with the same shares")
		by = ""
	} else if def.Kind != "" && def.Kind != "rollout" {
		x.unknown(at(path, "kind"), "the import does not know the kind %q", def.Kind)
	}
	ref, problem := ldReferenceTo(cmp.Or(by, "key"), def.ContextKind)
	if ref.isKind() || ref.isAnonymous() {
		problem = "cannot bucket"
	}
	if problem != "" {
		x.lose(at(path, "bucketBy"), "%q %s; those who come to it are kept out", by, problem)
		s.when = keptOut(s.when)
		return []step{s}
	}
	s.split = portions{by: ref.path}
	left, first := evaluator.TotalWeight, ""
	for i, v := range def.Variations {
		name, ok := x.variation(v.Variation)
		weight := min(max(v.Weight, 0), left)
		if i == len(def.Variations)-1 {
			weight = left
		}
		if !ok && weight > 0 {
			x.lose(
				at(path, "variations", i),
				"there is no variation %d; those who come to the rollout are kept out",
				v.Variation,
			)
			s.when = keptOut(s.when)
			return []step{s}
		}
		if left -= weight; weight > 0 {
			s.split.shares = append(s.split.shares, share{name, weight})
			first = cmp.Or(first, name)
		}
	}
	if ref.path == evaluator.AttributeTargetingKey || s.split.fixed() != "" {
		return []step{s}
	}
	key := logic.Var(ref.path)
	integer := logic.All(
		logic.IsNumber(key, logic.Var(ref.path+".length")),
		logic.Apply("===", logic.Apply("%", key, 1), 0),
	)
	without := s
	without.when = allOf(s.when, not(asks(logic.Any(logic.IsString(key), integer))))
	without.split = everybody(first)
	return []step{without, s}
}
