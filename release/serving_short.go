package release

import (
	"fmt"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// shortName is variationName for a cell of a table.
func shortName(variation *string) string {
	if variation == nil {
		return "code default"
	}
	return *variation
}

// shortOff says what a flag that is off serves. A variation with the name "off" needs no more words.
func shortOff(variation *string) string {
	if name := shortName(variation); name != "off" {
		return "off: " + name
	}
	return "off"
}

// shortOn says what a flag that is on serves: the share of what is being opened, and what else decides.
func shortOn(c evaluator.FlagConfig) string {
	return strings.Join(append([]string{shortAnswers(c)}, shortConditions(c)...), " ")
}

func shortAnswers(c evaluator.FlagConfig) string {
	if len(c.Targeting) > 0 {
		return "by expression"
	}
	others := shortOthers(c)
	base := shares(c.Fallthrough)
	closed := len(base) == 1 && c.OffVariation != nil && base[0].Variation == *c.OffVariation
	switch {
	case len(others) == 0:
		return shortShares(base, c.OffVariation)
	case !closed:
		return shortShares(base, c.OffVariation) + " + " + strings.Join(others, ", ")
	case len(c.Rules) == 1 && len(others) == 1:
		return shortShares(shares(c.Rules[0].Serve), c.OffVariation) + " by 1 rule, else " + base[0].Variation
	default:
		return strings.Join(others, ", ") + ", else " + base[0].Variation
	}
}

// shortOthers counts the parts of the flag that decide before the answer for everyone else.
func shortOthers(c evaluator.FlagConfig) (others []string) {
	if n := len(c.Rules); n > 0 {
		others = append(others, counted(n, "rule"))
	}
	keys := 0
	for _, target := range c.Targets {
		keys += len(target.Values)
	}
	if keys > 0 {
		others = append(others, counted(keys, "key"))
	}
	return others
}

// shortShares names one share if at most two variations are served: of two, the share of the one that is not the off
// variation. If there are more, it names every share.
func shortShares(served []evaluator.WeightedServing, off *string) string {
	if len(served) > 2 {
		texts := make([]string, len(served))
		for i, share := range served {
			texts[i] = percent(share.Weight)
		}
		return strings.Join(texts, " / ")
	}
	opened := served[0]
	if len(served) == 2 && off != nil && opened.Variation == *off {
		opened = served[1]
	}
	return percent(opened.Weight) + " " + opened.Variation
}

func shortConditions(c evaluator.FlagConfig) (conditions []string) {
	if a := c.Availability; a != nil && a.Scope != evaluator.ScopeFleet {
		conditions = append(conditions, fmt.Sprintf("where %s %s", a.Service, a.Version))
	}
	switch n := len(c.Prerequisites); n {
	case 0:
	case 1:
		conditions = append(conditions, "if "+c.Prerequisites[0].Flag)
	default:
		conditions = append(conditions, fmt.Sprintf("if %d flags", n))
	}
	return conditions
}

func counted(n int, one string) string { return count(int64(n)) + " " + plural(n, one) }
