package importer

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The parts of an export of Flipt.
type (
	fliptFile struct {
		Version   string         `json:"version"`
		Namespace fliptNamespace `json:"namespace"`
		Flags     []fliptFlag    `json:"flags"`
		Segments  []fliptSegment `json:"segments"`
	}
	// fliptNamespace is a key by itself, or with what people read.
	fliptNamespace struct {
		Key         string  `json:"key"`
		Name        ignored `json:"name"`
		Description ignored `json:"description"`
	}
	fliptFlag struct {
		Key         string         `json:"key"`
		Name        string         `json:"name"`
		Description string         `json:"description"`
		Type        string         `json:"type"`
		Enabled     bool           `json:"enabled"`
		Metadata    dropped        `json:"metadata"`
		Variants    []fliptVariant `json:"variants"`
		Rules       []fliptRule    `json:"rules"`
		Rollouts    []fliptRollout `json:"rollouts"`
	}
	fliptVariant struct {
		Key         string `json:"key"`
		Name        string `json:"name"`
		Description string `json:"description"`
		Attachment  any    `json:"attachment"`
		Default     bool   `json:"default"`
	}
	fliptRule struct {
		Segment       fliptSegments       `json:"segment"`
		Rank          ignored             `json:"rank"`
		Distributions []fliptDistribution `json:"distributions"`
		// The keys of version 1.1.
		Segments []string `json:"segments"`
		Operator string   `json:"operator"`
	}
	fliptDistribution struct {
		Variant string  `json:"variant"`
		Rollout float64 `json:"rollout"`
	}
	fliptRollout struct {
		Description string          `json:"description"`
		Segment     *fliptSegments  `json:"segment"`
		Threshold   *fliptThreshold `json:"threshold"`
	}
	fliptThreshold struct {
		Percentage float64 `json:"percentage"`
		Value      bool    `json:"value"`
	}
	// fliptSegments is one segment, or several of which any or all have to match.
	fliptSegments struct {
		Key      string   `json:"key"`
		Keys     []string `json:"keys"`
		Operator string   `json:"operator"`
		Value    bool     `json:"value"`
	}
	fliptSegment struct {
		Key         string            `json:"key"`
		Name        string            `json:"name"`
		Description string            `json:"description"`
		Match       string            `json:"match_type"`
		Constraints []fliptConstraint `json:"constraints"`
	}
	fliptConstraint struct {
		Type        string  `json:"type"`
		Property    string  `json:"property"`
		Operator    string  `json:"operator"`
		Value       string  `json:"value"`
		Description ignored `json:"description"`
	}
)

// UnmarshalJSON reads the key of a segment by itself too.
func (s *fliptSegments) UnmarshalJSON(encoded []byte) error {
	if json.Unmarshal(encoded, &s.Key) == nil {
		return nil
	}
	type plain fliptSegments
	return json.Unmarshal(encoded, (*plain)(s))
}

// UnmarshalJSON reads the key of a namespace by itself too.
func (n *fliptNamespace) UnmarshalJSON(encoded []byte) error {
	if json.Unmarshal(encoded, &n.Key) == nil {
		return nil
	}
	type plain fliptNamespace
	return json.Unmarshal(encoded, (*plain)(n))
}

// flipt reads an export of one namespace.
func (r *reader) flipt() error {
	file, err := into[fliptFile](r, r.document, "")
	if err != nil {
		return err
	}
	if file.Flags == nil {
		return fmt.Errorf("%w: it has no flags", ErrFormat)
	}
	for i := range file.Segments {
		r.fliptSegment(&file.Segments[i], at("/segments", i))
	}
	for i := range file.Flags {
		def, path := &file.Flags[i], at("/flags", i)
		if def.Type == "BOOLEAN_FLAG_TYPE" {
			r.fliptBoolean(def, path)
		} else {
			r.fliptVariants(def, path)
		}
	}
	return nil
}

// fliptBoolean is a flag of which each rollout gives a value to a segment or to a share. Enabled is what the others get.
func (r *reader) fliptBoolean(def *fliptFlag, path string) {
	name := map[bool]string{true: "on", false: "off"}
	off := "off"
	f := Flag{Key: def.Key, Name: def.Name, Description: def.Description, Type: evaluator.TypeBoolean, Variations: variationsOf([]any{true, false}, nil)}
	f.Config = evaluator.FlagConfig{Enabled: true, OffVariation: &off, Fallthrough: evaluator.Serve{Variation: name[def.Enabled]}}
	for i, rollout := range def.Rollouts {
		here := at(path, "rollouts", i)
		id := "rollout-" + strconv.Itoa(i+1)
		switch {
		case rollout.Segment != nil:
			f.Config.Rules = append(f.Config.Rules, evaluator.Rule{ID: id, Description: rollout.Description,
				Clauses: rollout.Segment.clauses(), Serve: evaluator.Serve{Variation: name[rollout.Segment.Value]}})
		case rollout.Threshold != nil:
			value, share := rollout.Threshold.Value, rollout.Threshold.Percentage
			serve := split(percentages([]string{name[value], name[!value]}, []float64{share, 100 - share}), "", "")
			if value == def.Enabled || i < len(def.Rollouts)-1 {
				r.lose(at(here, "threshold"), "whom the share leaves out gets %q here; in Flipt what comes after decides", name[!value])
			}
			f.Rebucketed = true
			f.Config.Rules = append(f.Config.Rules, evaluator.Rule{ID: id, Description: rollout.Description, Clauses: []evaluator.Clause{}, Serve: serve})
		}
	}
	r.addFlag(path, f)
}

// fliptVariants is a flag whose rules give variants. What it serves is the key of the variant; attachments are lost.
func (r *reader) fliptVariants(def *fliptFlag, path string) {
	f := Flag{Key: def.Key, Name: def.Name, Description: def.Description, Type: evaluator.TypeString}
	f.Config.Enabled = def.Enabled
	fallback := ""
	for i, v := range def.Variants {
		f.Variations = append(f.Variations, evaluator.Variation{Key: v.Key, Name: v.Name, Description: v.Description, Value: raw(v.Key)})
		if v.Attachment != nil && v.Attachment != "" {
			r.lose(at(path, "variants", i, "attachment"), "the flag serves the key of the variant; the attachment is not kept")
		}
		if v.Default {
			fallback = v.Key
		}
	}
	if fallback == "" {
		const none = "none"
		f.Variations = append(f.Variations, evaluator.Variation{Key: none, Value: raw("")})
		r.lose(path, "whom no rule matches gets no variant in Flipt; here the flag serves an empty text by a variation %q", none)
		fallback = none
	}
	f.Config.OffVariation, f.Config.Fallthrough = &fallback, evaluator.Serve{Variation: fallback}
	for i, rule := range def.Rules {
		var names []string
		var shares []float64
		left := 100.0
		for _, d := range rule.Distributions {
			names, shares, left = append(names, d.Variant), append(shares, d.Rollout), left-d.Rollout
		}
		if left > 0.001 {
			names, shares = append(names, fallback), append(shares, left)
		}
		if len(rule.Distributions) > 1 || left > 0.001 && left < 100 {
			f.Rebucketed = true
		}
		f.Config.Rules = append(f.Config.Rules, evaluator.Rule{
			ID: "rule-" + strconv.Itoa(i+1), Clauses: rule.Segment.clauses(), Serve: split(percentages(names, shares), "", ""),
		})
	}
	r.addFlag(path, f)
}

func (s *fliptSegments) clauses() []evaluator.Clause {
	keys := s.Keys
	if s.Key != "" {
		keys = []string{s.Key}
	}
	if s.Operator != "AND_SEGMENT_OPERATOR" {
		return []evaluator.Clause{{Operator: evaluator.OpInSegment, Values: raws(keys)}}
	}
	list := []evaluator.Clause{}
	for _, key := range keys {
		list = append(list, evaluator.Clause{Operator: evaluator.OpInSegment, Values: raws([]string{key})})
	}
	return list
}

func (r *reader) fliptSegment(def *fliptSegment, path string) {
	s := Segment{Segment: evaluator.Segment{Key: def.Key}, Name: def.Name, Description: def.Description}
	clauses := []evaluator.Clause{}
	for i, c := range def.Constraints {
		clause, ok := r.fliptConstraint(c.Type, c.Property, c.Operator, c.Value, at(path, "constraints", i))
		if !ok {
			r.lose(path, "segment %q is left out, and with it whatever asks for it", def.Key)
			return
		}
		clauses = append(clauses, clause)
	}
	if def.Match == "ANY_MATCH_TYPE" && len(clauses) > 1 {
		clauses = []evaluator.Clause{{Any: clauses}}
	}
	s.Rules = []evaluator.SegmentRule{{ID: "constraints", Clauses: clauses}}
	r.addSegment(path, s)
}

// fliptConstraint maps a constraint. Flipt's contexts have texts only, so numbers and booleans are looked for as both.
func (r *reader) fliptConstraint(kind, property, operator, value, path string) (evaluator.Clause, bool) {
	operators := map[string]evaluator.Operator{
		"eq": evaluator.OpIn, "neq": evaluator.OpIn, "isoneof": evaluator.OpIn, "isnotoneof": evaluator.OpIn, "prefix": evaluator.OpStartsWith,
		"suffix": evaluator.OpEndsWith, "contains": evaluator.OpContains, "notcontains": evaluator.OpContains,
		"lt": evaluator.OpLessThan, "lte": evaluator.OpLessThanOrEqual, "gt": evaluator.OpGreaterThan, "gte": evaluator.OpGreaterThanOrEqual,
		"true": evaluator.OpIn, "false": evaluator.OpIn, "present": evaluator.OpExists, "notpresent": evaluator.OpExists,
		"empty": evaluator.OpIn, "notempty": evaluator.OpIn,
	}
	op, ok := operators[operator]
	if !ok {
		r.lose(at(path, "operator"), "there is no operator %q here", operator)
		return evaluator.Clause{}, false
	}
	if kind == "ENTITY_ID_COMPARISON_TYPE" {
		property = evaluator.AttributeTargetingKey
	}
	c := evaluator.Clause{Attribute: property, Operator: op, Values: raws([]string{value}), Negate: strings.HasPrefix(operator, "not") || operator == "neq" || operator == "isnotoneof"}
	switch {
	case op == evaluator.OpExists:
		c.Values = nil
		return c, true
	case operator == "empty" || operator == "notempty":
		c.Values = raws([]string{""})
		if operator == "notempty" {
			return c, true
		}
		return absentOr(c), true
	case operator == "isoneof" || operator == "isnotoneof":
		var list []any
		if json.Unmarshal([]byte(value), &list) != nil {
			r.lose(at(path, "value"), "the value must be a list")
			return c, false
		}
		c.Values = raws(list)
	case kind == "BOOLEAN_COMPARISON_TYPE":
		c.Values = raws([]any{operator == "true", operator})
	case kind == "DATETIME_COMPARISON_TYPE":
		return r.fliptTime(c, operator, path)
	case kind == "NUMBER_COMPARISON_TYPE":
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			r.lose(at(path, "value"), "the value must be a number")
			return c, false
		}
		c.Values = raws([]float64{n})
		if op == evaluator.OpIn {
			c.Values = raws([]any{n, value})
		} else {
			r.lose(path, "%q has to be given as a number here, and not as text as in Flipt", property)
		}
	}
	return c, true
}

// fliptTime compares times; the bounds themselves are left out.
func (r *reader) fliptTime(c evaluator.Clause, operator, path string) (evaluator.Clause, bool) {
	c.Operator = map[string]evaluator.Operator{"lt": evaluator.OpBefore, "lte": evaluator.OpBefore, "gt": evaluator.OpAfter, "gte": evaluator.OpAfter}[operator]
	if c.Operator == "" {
		r.lose(at(path, "operator"), "times are before or after others here, and not %q", operator)
		return c, false
	}
	if strings.HasSuffix(operator, "e") {
		r.lose(at(path, "operator"), "the very moment is left out here")
	}
	return c, true
}
