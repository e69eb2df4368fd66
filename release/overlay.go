package release

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/tidegate-io/tidegate/evaluator"
)

// expose is the flag's configuration with the step of the given index laid over what was served before. Members of
// the segments so far get the variation. So does the weight's share of every other range. All others keep what they
// had. So a later step never moves anybody out of the variation, and nobody who is not let in notices the release. It
// fails if the variation or the target is gone. It also fails if those outside get the caller's code default, since
// no rollout can hold that.
func expose(r Release, flag evaluator.Flag, index int) (evaluator.FlagConfig, error) {
	config := withoutAdmission(r, flag.Config)
	base, variation, weight := *r.State.Base, r.Spec.Variation, r.Spec.Steps[index].Weight
	if !hasVariation(flag, variation) {
		return config, fmt.Errorf("the flag no longer has the variation %q", variation)
	}
	if len(config.Targeting) > 0 {
		return config, errDecidedByExpression
	}
	target := r.Spec.Target.at(&config)
	if target == nil {
		return config, noRule(r.Spec.Target)
	}
	config.Enabled = true
	if weight >= evaluator.TotalWeight {
		*target = evaluator.Serve{Variation: variation}
		return config, nil
	}
	under := base.served()
	if !base.Enabled {
		if config.OffVariation == nil {
			return config, errors.New(
				"the flag is off and leaves the answer to the code default, which no rollout can hold; set offVariation, or turn the flag on first",
			)
		}
		under = evaluator.Serve{Variation: *config.OffVariation}
	}
	*target = overlay(under, variation, weight)
	if in := segments(r.Spec.Steps, index); len(in) > 0 {
		admit(r, &config, in)
	}
	return config, nil
}

// overlay gives the variation the first buckets of every range in under, in proportion to the size of the range.
// Weight is the number of these buckets in total.
func overlay(under evaluator.Serve, variation string, weight int) evaluator.Serve {
	if weight == 0 {
		return under
	}
	ranges := []evaluator.WeightedServing{{Variation: under.Variation, Weight: evaluator.TotalWeight}}
	rollout := evaluator.Rollout{}
	if under.Rollout != nil {
		rollout.BucketBy, rollout.Seed = under.Rollout.BucketBy, under.Rollout.Seed
		ranges = under.Rollout.Weights
	}
	taken := apportion(ranges, weight)
	for i, w := range ranges {
		rollout.Weights = extend(rollout.Weights, variation, taken[i])
		rollout.Weights = extend(rollout.Weights, w.Variation, w.Weight-taken[i])
	}
	return evaluator.Serve{Rollout: &rollout}
}

// extend appends a range. If the last range serves the same, it makes that range longer instead.
func extend(weights []evaluator.WeightedServing, variation string, weight int) []evaluator.WeightedServing {
	last := len(weights) - 1
	switch {
	case weight == 0:
		return weights
	case last >= 0 && weights[last].Variation == variation:
		weights[last].Weight += weight
		return weights
	default:
		return append(weights, evaluator.WeightedServing{Variation: variation, Weight: weight})
	}
}

// apportion divides share buckets among the ranges in proportion to their sizes. It uses the method of greatest
// divisors (Jefferson's, d'Hondt's): each next bucket goes to the range with the greatest size / (taken + 1). Among
// equal ranges it goes to the first. So the buckets for a greater share always contain the buckets for a smaller one.
// Rounding each range by itself, or by largest remainders, does not do that. No range gives more than it has. No
// range gets less than its proportion rounded down, so only the few buckets that are left over are given away one by
// one. See M. L. Balinski and H. P. Young, Fair Representation (1982).
func apportion(ranges []evaluator.WeightedServing, share int) []int {
	taken := make([]int, len(ranges))
	left := share
	for i, w := range ranges {
		taken[i] = w.Weight * share / evaluator.TotalWeight
		left -= taken[i]
	}
	for ; left > 0; left-- {
		next := 0
		for i := range ranges {
			if ranges[i].Weight*(taken[next]+1) > ranges[next].Weight*(taken[i]+1) {
				next = i
			}
		}
		taken[next]++
	}
	return taken
}

// sameServed tells whether what the release owns of one configuration is as in the other.
func sameServed(r Release, a, b evaluator.FlagConfig) bool {
	ai, bi := ruleIndex(a.Rules, admissionID(r)), ruleIndex(b.Rules, admissionID(r))
	if a.Enabled != b.Enabled || (ai < 0) != (bi < 0) {
		return false
	}
	if ai >= 0 && !reflect.DeepEqual(a.Rules[ai], b.Rules[bi]) {
		return false
	}
	return reflect.DeepEqual(r.Spec.Target.at(&a), r.Spec.Target.at(&b))
}

// missing gives a variation that s serves and the flag does not have.
func missing(flag evaluator.Flag, s evaluator.Serve) (variation string, is bool) {
	for _, variation := range served(s) {
		if !hasVariation(flag, variation) {
			return variation, true
		}
	}
	return "", false
}
