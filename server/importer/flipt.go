package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// flipt reads an export. An export of all namespaces has a document for each. The documents of one namespace belong
// together.
func (r *reader) flipt() error {
	x := fliptReader{reader: r, segments: map[string]*fliptGroup{}}
	var names []string
	var files []fliptFile
	for i, document := range r.documents {
		file, err := into[fliptFile](r, document, r.documentPath(i))
		if err != nil {
			return err
		}
		file.path = r.documentPath(i)
		file.Namespace.Key = cmp.Or(file.Namespace.Key, "default")
		names, files = append(names, file.Namespace.Key), append(files, file)
		if file.Flags == nil && file.Segments == nil {
			return fmt.Errorf("%w: it has no flags", ErrFormat)
		}
	}
	names = sortedUnique(names)
	switch {
	case len(files) == 0:
		return fmt.Errorf("%w: it has no flags", ErrFormat)
	case r.environment == "" && len(names) > 1:
		return fmt.Errorf(
			"the file has several namespaces; name one with --source-environment: %s",
			strings.Join(names, ", "),
		)
	case r.environment != "" && !slices.Contains(names, r.environment):
		return fmt.Errorf(
			"the file has no namespace %q; name another with --source-environment: %s",
			r.environment,
			strings.Join(names, ", "),
		)
	}
	files = slices.DeleteFunc(
		files,
		func(f fliptFile) bool { return r.environment != "" && f.Namespace.Key != r.environment },
	)
	for _, file := range files {
		if !slices.Contains(fliptVersions(), file.Version) {
			r.lose(
				at(file.path, "version"),
				"the import knows no version %q of this format; it reads the file as it does the versions that it knows",
				file.Version,
			)
		}
		for i := range file.Segments {
			x.segment(&file.Segments[i], at(file.path, "segments", i))
		}
	}
	for _, file := range files {
		for i := range file.Flags {
			x.flag(&file.Flags[i], at(file.path, "flags", i))
		}
	}
	return nil
}

// fliptVersions are the versions of the format that the import knows; the first exports named none.
func fliptVersions() []string { return []string{"", "1.0", "1.1", "1.2", "1.3", "1.4", "1.5"} }

type fliptReader struct {
	*reader
	segments map[string]*fliptGroup
	named    named // of the expression at hand
}

// fliptGroup is a segment, as flags that ask for it see it.
type fliptGroup struct {
	when condition
	path string
	// lossy: whoever is asked for it may get the code default.
	rules, lossy bool
}

func (x *fliptReader) segment(def *fliptSegment, path string) {
	losses, list := len(x.plan.Losses), make([]condition, len(def.Constraints))
	for i := range def.Constraints {
		list[i] = x.fliptConstraint(&def.Constraints[i], at(path, "constraints", i))
	}
	g := &fliptGroup{path: path}
	switch def.Match {
	case "ALL_MATCH_TYPE", "":
		g.when = inTurn(list)
	case "ANY_MATCH_TYPE":
		if g.when = firstOf(list); len(list) == 0 {
			g.when = always
		}
	default:
		x.unknown(at(path, "match_type"), "there is no %q here", def.Match)
	}
	if within(x.unknowns, path) || x.segments[def.Key] != nil {
		g.when = unknowable
	}
	if x.segments[def.Key] != nil {
		x.leaveOut(path, "segment %q is left out: there is another of this key", def.Key)
		x.segments[def.Key].when, x.segments[def.Key].rules = unknowable, false
		x.plan.Segments = slices.DeleteFunc(x.plan.Segments, func(s Segment) bool { return s.Key == def.Key })
	}
	g.lossy = len(x.plan.Losses) > losses
	x.segments[def.Key] = g
	clauses := g.when.metBy
	if g.when.met == true {
		clauses = []evaluator.Clause{}
	}
	if g.rules = clauses != nil && !g.when.unsure; g.rules {
		x.addSegment(path, Segment{
			Name:        def.Name,
			Description: def.Description,
			Segment: evaluator.Segment{
				Key:   def.Key,
				Rules: []evaluator.SegmentRule{{ID: "constraints", Clauses: clauses}},
			},
		})
	} else if !g.lossy {
		x.drop(
			path,
			"segment %q is written into the expressions of the flags that ask for it: rules cannot say the same",
			def.Key,
		)
	}
}

// asked is what a rule or a rollout asks of segments.
func (x *fliptReader) asked(s *fliptSegments, path string) condition {
	keys := s.Keys
	if s.Key != "" {
		keys = []string{s.Key}
	}
	list := make([]condition, len(keys))
	for i, key := range keys {
		list[i] = unknowable
		g := x.segments[key]
		if g == nil {
			x.lose(path, "the file lacks segment %q; whoever comes to it gets the code default", key)
			continue
		}
		if g.lossy {
			x.lose(path, "something of segment %q is lost, and some get the code default: see %s", key, g.path)
		}
		list[i] = x.named.name(g.when, "segment "+key)
		if list[i].metBy, list[i].unmetBy = nil, nil; g.rules {
			list[i].metBy = []evaluator.Clause{{Operator: evaluator.OpInSegment, Values: raws([]string{key})}}
		}
	}
	switch s.Operator {
	case "", "OR_SEGMENT_OPERATOR":
		return allAsked(anyOf(list...), list)
	case "AND_SEGMENT_OPERATOR":
		return allAsked(allOf(list...), list)
	}
	x.unknown(at(path, "operator"), "there is no operator %q here", s.Operator)
	return unknowable
}

func (x *fliptReader) flag(def *fliptFlag, path string) {
	x.about, x.named = def.Key, named{}
	defer func() { x.about = "" }()
	f := Flag{Key: def.Key, Name: def.Name, Description: def.Description}
	switch def.Type {
	case "BOOLEAN_FLAG_TYPE":
		x.boolean(&f, def, path)
	case "", "VARIANT_FLAG_TYPE":
		if len(def.Variants) == 0 {
			x.leaveOutFlag(def.Key, path, "it has no variants")
			return
		}
		x.variants(&f, def, path)
	default:
		x.unknown(at(path, "type"), "there is no type %q here", def.Type)
		x.leaveOutFlag(def.Key, path, "nobody knows what it serves")
		return
	}
	x.addFlag(path, f)
}

// boolean is a flag whose rollouts each give a value to a segment or to a share. All others get Enabled.
func (x *fliptReader) boolean(f *Flag, def *fliptFlag, path string) {
	name := map[bool]string{true: "on", false: "off"}
	f.Type, f.Variations = evaluator.TypeBoolean, variationsOf([]any{true, false}, nil)
	f.Config.Enabled = true
	var steps []step
	unsure := false
	for i, rollout := range def.Rollouts {
		s := step{id: "rollout-" + strconv.Itoa(i+1), description: rollout.Description, when: always}
		switch here := at(path, "rollouts", i); {
		case rollout.Threshold != nil:
			s.split = fliptShares([]share{{name[rollout.Threshold.Value], fliptWeight(rollout.Threshold.Percentage)}})
		case rollout.Segment != nil:
			s.when = x.asked(rollout.Segment, at(here, "segment"))
			s.split = everybody(name[rollout.Segment.Value])
		default:
			x.unknown(here, "the rollout has neither a segment nor a threshold")
		}
		unsure = unsure || s.when.unsure
		steps = append(steps, s)
	}
	otherwise := name[def.Enabled]
	if !unsure {
		f.Config.OffVariation = &otherwise
	}
	f.decide(steps, otherwise, x.named, keepOut)
}

// fliptWeight is a percentage in thousandths of a percent.
func fliptWeight(percentage float64) int {
	return int(min(max(percentage, 0), wholeShare)*evaluator.TotalWeight/wholeShare + 0.5)
}

// fliptShares are shares by the entity, with what is left over by all of them.
func fliptShares(shares []share) portions {
	split := portions{by: evaluator.AttributeTargetingKey}
	left := evaluator.TotalWeight
	for _, part := range shares {
		part.weight = min(part.weight, left)
		if left -= part.weight; part.weight > 0 {
			split.shares = append(split.shares, part)
		}
	}
	if left > 0 {
		split.shares = append(split.shares, share{"", left})
	}
	return split
}

// variants is a flag whose rules give variants. The flag serves the key of the variant, or the code default where
// there is no variant.
func (x *fliptReader) variants(f *Flag, def *fliptFlag, path string) {
	f.Type, f.Config.Enabled = evaluator.TypeString, def.Enabled
	fallback := ""
	for i, v := range def.Variants {
		f.Variations = append(
			f.Variations,
			evaluator.Variation{Key: v.Key, Name: v.Name, Description: v.Description, Value: raw(v.Key)},
		)
		if v.Attachment != nil && v.Attachment != "" {
			x.lose(
				at(path, "variants", i, "attachment"),
				"the flag serves the key of the variant; the attachment is not kept",
			)
		}
		if v.Default {
			fallback = v.Key
		}
	}
	var steps []step
	unsure := false
	for i := range def.Rules {
		rule := &def.Rules[i]
		here := at(path, "rules", i)
		asked := rule.Segment
		if len(rule.Segments) > 0 {
			asked.Keys, asked.Operator = rule.Segments, rule.Operator
		}
		when := x.asked(&asked, at(here, "segment"))
		unsure = unsure || when.unsure
		steps = append(steps, x.distributed(rule, fallback, step{id: "rule-" + strconv.Itoa(i+1), when: when}, here)...)
	}
	if fallback != "" && !unsure {
		f.Config.OffVariation = &fallback
	}
	f.decide(steps, fallback, x.named, keepOut)
}

// distributed makes steps of what a rule distributes. A rule that distributes nothing serves what the flag serves when
// no rule is met.
func (x *fliptReader) distributed(rule *fliptRule, fallback string, s step, path string) []step {
	if len(rule.Distributions) == 0 {
		s.split, s.nothing = everybody(fallback), fallback == ""
		return []step{s}
	}
	shares := make([]share, len(rule.Distributions))
	sum := 0
	for i, d := range rule.Distributions {
		shares[i] = share{d.Variant, fliptWeight(d.Rollout)}
		sum += shares[i].weight
	}
	if sum < evaluator.TotalWeight-len(shares) || sum > evaluator.TotalWeight+len(shares) {
		x.lose(
			at(path, "distributions"),
			"the shares do not sum to 100 %%: what is left over gets the code default, and what is too much is cut off",
		)
	} else if sum < evaluator.TotalWeight {
		shares[len(shares)-1].weight += evaluator.TotalWeight - sum // what rounding has left over
	}
	if s.split = fliptShares(shares); s.split.covers() {
		return []step{s}
	}
	rest := s
	rest.split, rest.nothing = portions{}, true
	if len(s.split.shares) == 1 { // nobody gets a variant
		return []step{rest}
	}
	return []step{s, rest}
}
