package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// ServingState says which of its answers a flag gives in one environment.
type ServingState string

// The states of serving, in the order in which they are decided: a flag that is killed and also off counts as killed.
const (
	ServingKilled ServingState = "killed"
	ServingOff    ServingState = "off"
	// ServingClosed: availability of scope fleet is not met.
	ServingClosed ServingState = "closed"
	ServingOn     ServingState = "on"
)

// Serving says in words what a flag serves in one environment. Only Describe makes it. Everything that shows what a
// flag serves shows these words.
type Serving struct {
	State ServingState `json:"state"`
	// Short is for a cell of a table. What matters most comes first, so the end may be cut off.
	Short string `json:"short"`
	// Sentence is the whole of it.
	Sentence string `json:"sentence"`
}

// Served is everything that decides what a flag serves in one environment.
type Served struct {
	Config        evaluator.FlagConfig
	ConfigVersion int64
	FleetOpen     bool
	Killed        bool
	// Release is the latest release of the flag in the environment; nil if there is none.
	Release *Release
}

// Describe says what is served.
func Describe(s Served) Serving {
	off := variationName(s.Config.OffVariation)
	all := everyone + " gets " + off
	switch {
	case s.Killed:
		return Serving{
			State:    ServingKilled,
			Short:    "killed: " + shortName(s.Config.OffVariation),
			Sentence: "Killed: " + all + ".",
		}
	case !s.Config.Enabled:
		return s.reverted(
			Serving{State: ServingOff, Short: shortOff(s.Config.OffVariation), Sentence: "Off: " + all + "."},
		)
	case s.Config.Availability != nil && s.Config.Availability.Scope == evaluator.ScopeFleet && !s.FleetOpen:
		a := s.Config.Availability
		return s.reverted(Serving{
			State: ServingClosed, Short: "closed: " + shortName(s.Config.OffVariation),
			Sentence: fmt.Sprintf("Closed until the whole fleet of %s has %s: %s.", a.Service, a.Version, all),
		})
	}
	parts := slices.Concat(targetParts(s.Config.Targets), ruleParts(s.Config.Rules), elseParts(s.Config))
	return s.reverted(Serving{
		State: ServingOn, Short: shortOn(s.Config), Sentence: conditioned(s.Config, strings.Join(parts, "; ")+"."),
	})
}

// ServesStep tells whether the flag serves what the release wrote last. It does not while something closes the flag.
// It no longer does once somebody has edited the flag, or the release has ended by a revert.
func ServesStep(s Served) bool {
	return s.Release != nil && s.Release.State.Base != nil && s.Release.State.Phase != PhaseReverted &&
		s.ConfigVersion == s.Release.State.ConfigVersion && Describe(s).State == ServingOn
}

// reverted adds that a release was taken back, for as long as nobody has edited the flag since.
func (s Served) reverted(serving Serving) Serving {
	r := s.Release
	if r == nil || r.State.Phase != PhaseReverted || r.State.Base == nil || r.State.ConfigVersion != s.ConfigVersion {
		return serving
	}
	serving.Short = "reverted: " + serving.Short
	serving.Sentence += " The release of " + r.Spec.Variation + " was taken back. " + r.State.Reason
	return serving
}

func targetParts(targets []evaluator.Target) (parts []string) {
	for _, target := range targets {
		if n := len(target.Values); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s %s", counted(n, "targeted key"), gets(n), target.Variation))
		}
	}
	return parts
}

// mostRules is how many rules a sentence lists one by one.
const mostRules = 3

func ruleParts(rules []evaluator.Rule) (parts []string) {
	for i, rule := range rules {
		if i == mostRules {
			return append(parts, "then "+counted(len(rules)-i, "more rule"))
		}
		parts = append(parts, sharesPart(ruleContexts(rule, i), "get", rule.Serve))
	}
	return parts
}

const everyone, everyoneElse = "everyone", "everyone else"

func elseParts(c evaluator.FlagConfig) []string {
	who := everyone
	switch {
	case len(c.Targeting) > 0:
		return []string{"an expression decides who gets what"}
	case len(c.Targets)+len(c.Rules) > 0:
		who = everyoneElse
	}
	return []string{sharesPart(who, "gets", c.Fallthrough)}
}

// conditioned adds to the text for whom alone it holds.
func conditioned(c evaluator.FlagConfig, text string) string {
	var conditions []string
	if a := c.Availability; a != nil && a.Scope != evaluator.ScopeFleet {
		conditions = append(conditions, fmt.Sprintf("on instances of %s that have %s", a.Service, a.Version))
	}
	for _, p := range c.Prerequisites {
		conditions = append(conditions, fmt.Sprintf("where %s serves %s", p.Flag, p.Variation))
	}
	if len(conditions) == 0 {
		return capitalize(text)
	}
	return fmt.Sprintf(
		"Only %s: %s Otherwise everyone gets %s.",
		strings.Join(conditions, " and "),
		text,
		variationName(c.OffVariation),
	)
}

// sharesPart says who gets what: "everyone gets on", or "25% of the rest get on, 75% off".
func sharesPart(who, get string, serve evaluator.Serve) string {
	shares := shares(serve)
	if len(shares) == 1 {
		return fmt.Sprintf("%s %s %s", who, get, shares[0].Variation)
	}
	of := " of " + who
	switch who {
	case everyone:
		of = ""
	case everyoneElse:
		of = " of the rest"
	}
	text := fmt.Sprintf("%s%s get %s", percent(shares[0].Weight), of, shares[0].Variation)
	for _, share := range shares[1:] {
		text += fmt.Sprintf(", %s %s", percent(share.Weight), share.Variation)
	}
	if by := serve.Rollout.BucketBy; by != "" && by != "targetingKey" {
		text += " (by " + by + ")"
	}
	return text
}

// shares gives each served variation once, in the order of the rollout.
func shares(serve evaluator.Serve) []evaluator.WeightedServing {
	if serve.Rollout == nil {
		return []evaluator.WeightedServing{{Variation: serve.Variation, Weight: evaluator.TotalWeight}}
	}
	var sums []evaluator.WeightedServing
	for _, share := range serve.Rollout.Weights {
		at := slices.IndexFunc(
			sums,
			func(sum evaluator.WeightedServing) bool { return sum.Variation == share.Variation },
		)
		if at >= 0 {
			sums[at].Weight += share.Weight
		} else if share.Weight > 0 {
			sums = append(sums, share)
		}
	}
	return sums
}

func gets(n int) string {
	if n == 1 {
		return "gets"
	}
	return "get"
}

// variationName names what is served while a flag is off.
func variationName(variation *string) string {
	if variation == nil {
		return "the code default"
	}
	return *variation
}
