package release

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Target is the part of a configuration that is released. The zero Target is the fallthrough.
type Target struct {
	// Rule is the id of the rule whose serve is released.
	Rule string `json:"rule,omitempty"`
}

// baseOf is what the target serves now. It fails if that cannot be released.
func baseOf(target Target, config evaluator.FlagConfig) (Base, error) {
	if len(config.Targeting) > 0 {
		return Base{}, errDecidedByExpression
	}
	base := Base{Enabled: config.Enabled, Fallthrough: config.Fallthrough}
	if target.Rule == "" {
		return base, nil
	}
	i := ruleIndex(config.Rules, target.Rule)
	if i < 0 {
		return base, noRule(target)
	}
	if !config.Enabled {
		return base, errors.New(
			"the flag is off, and the release of one rule does not turn on the rest of it; turn the flag on first",
		)
	}
	base.Rule = &config.Rules[i].Serve
	return base, nil
}

var errDecidedByExpression = errors.New(
	"an expression (targeting) decides what the flag serves, which no release can open in steps; give the flag rules and a fallthrough instead",
)

func noRule(target Target) error {
	return fmt.Errorf("the flag no longer has the rule %q", target.Rule)
}

func ruleIndex(rules []evaluator.Rule, id string) int {
	return slices.IndexFunc(rules, func(r evaluator.Rule) bool { return r.ID == id })
}

// at is what the target serves in the configuration. It is nil if the rule is gone, or if an expression decides.
func (t Target) at(config *evaluator.FlagConfig) *evaluator.Serve {
	if len(config.Targeting) > 0 {
		return nil
	}
	if t.Rule == "" {
		return &config.Fallthrough
	}
	if i := ruleIndex(config.Rules, t.Rule); i >= 0 {
		return &config.Rules[i].Serve
	}
	return nil
}

// withoutAdmission is the configuration without the rule that lets segments in. Its rules are a copy.
func withoutAdmission(r Release, config evaluator.FlagConfig) evaluator.FlagConfig {
	config.Rules = slices.DeleteFunc(
		slices.Clone(config.Rules),
		func(rule evaluator.Rule) bool { return rule.ID == admissionID(r) },
	)
	if len(config.Rules) == 0 {
		config.Rules = nil
	}
	return config
}

// admit puts a rule right before the target. The rule gives the variation to the members of the segments. A context
// that reaches this rule and is a member is let in. Nobody else notices the rule.
func admit(r Release, config *evaluator.FlagConfig, segments []string) {
	at := len(config.Rules)
	clause := evaluator.Clause{Operator: evaluator.OpInSegment}
	for _, segment := range segments {
		clause.Values = append(clause.Values, quote(segment))
	}
	rule := evaluator.Rule{
		ID: admissionID(r), Description: "Let in first by the release.", Clauses: []evaluator.Clause{clause},
		Serve: evaluator.Serve{Variation: r.Spec.Variation},
	}
	if r.Spec.Target.Rule != "" {
		at = ruleIndex(config.Rules, r.Spec.Target.Rule)
		rule.Clauses = append(slices.Clone(config.Rules[at].Clauses), clause)
	}
	config.Rules = slices.Insert(config.Rules, at, rule)
}

// admissionID is the id of the rule that lets segments in. No person gives a rule this id by accident.
func admissionID(r Release) string { return "release-" + r.ID }

// quote is the text as a JSON value. The characters that a segment key may have need no escaping.
func quote(key string) json.RawMessage { return json.RawMessage(`"` + key + `"`) }

// segments are the segments that have been let in up to the step with the given index.
func segments(steps []Step, index int) (in []string) {
	for _, step := range steps[:index+1] {
		if step.Segment != "" {
			in = append(in, step.Segment)
		}
	}
	return in
}

// Variations are the variations that a release serves, or would restore if it were reverted. Each is given once, in
// sorted order.
func Variations(r Release) []string {
	variations := []string{r.Spec.Variation}
	if r.State.Base != nil {
		variations = append(variations, served(r.State.Base.served())...)
	}
	slices.Sort(variations)
	return slices.Compact(variations)
}

// Segments are the segments that a release lets in, now or later.
func Segments(r Release) []string { return segments(r.Spec.Steps, len(r.Spec.Steps)-1) }

func served(s evaluator.Serve) (variations []string) {
	if s.Rollout == nil {
		return []string{s.Variation}
	}
	for _, w := range s.Rollout.Weights {
		variations = append(variations, w.Variation)
	}
	return variations
}
