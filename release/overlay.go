package release

import (
	"errors"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
)

// expose is the flag's configuration with the released variation laid over base: the buckets below weight get the
// variation, and all others keep what they had. So a rising weight never moves anybody out of the variation, and nobody
// who is not let in notices the release. It fails where the variation is gone, or where those outside get the caller's
// code default, which no rollout can hold.
func expose(flag evaluator.Flag, base Base, variation string, weight int) (evaluator.FlagConfig, error) {
	config := flag.Config
	if !hasVariation(flag, variation) {
		return config, fmt.Errorf("the flag no longer has the variation %q", variation)
	}
	config.Enabled = true
	if weight >= evaluator.TotalWeight {
		config.Fallthrough = evaluator.Serve{Variation: variation}
		return config, nil
	}
	under := base.Fallthrough
	if !base.Enabled {
		if config.OffVariation == nil {
			return config, errors.New("the flag is off and leaves the answer to the code default, which no rollout can hold; set offVariation, or turn the flag on first")
		}
		under = evaluator.Serve{Variation: *config.OffVariation}
	}
	rollout := evaluator.Rollout{Weights: []evaluator.WeightedServing{{Variation: variation, Weight: weight}}}
	if under.Rollout == nil {
		rest := evaluator.WeightedServing{Variation: under.Variation, Weight: evaluator.TotalWeight - weight}
		rollout.Weights = append(rollout.Weights, rest)
	} else {
		rollout.BucketBy, rollout.Seed = under.Rollout.BucketBy, under.Rollout.Seed
		rollout.Weights = append(rollout.Weights, clip(under.Rollout.Weights, weight)...)
	}
	config.Fallthrough = evaluator.Serve{Rollout: &rollout}
	return config, nil
}

// clip cuts the buckets below from off the ranges.
func clip(weights []evaluator.WeightedServing, from int) []evaluator.WeightedServing {
	var kept []evaluator.WeightedServing
	for _, w := range weights {
		cut := min(w.Weight, from)
		from -= cut
		if w.Weight > cut {
			kept = append(kept, evaluator.WeightedServing{Variation: w.Variation, Weight: w.Weight - cut})
		}
	}
	return kept
}

// missing gives a variation that s serves and the flag does not have.
func missing(flag evaluator.Flag, s evaluator.Serve) (variation string, is bool) {
	if s.Rollout == nil {
		return s.Variation, !hasVariation(flag, s.Variation)
	}
	for _, w := range s.Rollout.Weights {
		if !hasVariation(flag, w.Variation) {
			return w.Variation, true
		}
	}
	return "", false
}
