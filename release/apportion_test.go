package release_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// However the base is split, three things hold. A step's weight is exact over all buckets and in proportion in each
// range of the base. No bucket ever leaves what is released as the weight rises. A revert restores the base exactly.
func TestOverlayIsExactProportionalAndOnlyGrows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := drawRollout(t)
		spec := release.Spec{Variation: "new", Trigger: release.Trigger{Manual: true}}
		weights := rapid.SliceOfNDistinct(rapid.IntRange(1, evaluator.TotalWeight-1), 1, 6, rapid.ID[int]).Draw(t, "weights")
		slices.Sort(weights)
		for _, weight := range weights {
			spec.Steps = append(spec.Steps, release.Step{Weight: weight, Hold: release.MinHold})
		}
		spec.Steps = append(spec.Steps, release.Step{Weight: evaluator.TotalWeight})

		w := newWorld(spec)
		w.flag.Variations = append(w.flag.Variations, evaluator.Variation{Key: "new", Value: []byte(`"new"`)})
		w.flag.Config.Enabled, w.flag.Config.Fallthrough = true, evaluator.Serve{Rollout: &base}
		original := w.flag.Config
		under := buckets(base)
		in := make([]bool, evaluator.TotalWeight)

		mustDo(w, release.Start)
		for _, weight := range weights {
			rollout := w.flag.Config.Fallthrough.Rollout
			require.Equal(t, base.Seed, rollout.Seed)
			taken, total := make(map[string]int), 0
			for bucket, variation := range buckets(*rollout) {
				is := variation == "new"
				if (in[bucket] && !is) || (!is && variation != under[bucket]) {
					t.Fatalf("bucket %d of %q was moved to %q", bucket, under[bucket], variation)
				}
				if in[bucket] = is; is {
					taken[under[bucket]]++
					total++
				}
			}
			require.Equal(t, weight, total)
			for i, share := range base.Weights {
				quota := share.Weight * weight / evaluator.TotalWeight
				require.GreaterOrEqual(t, taken[share.Variation], quota, "range %d", i)
			}
			mustDo(w, release.Promote)
		}
		require.Equal(t, evaluator.Serve{Variation: "new"}, w.flag.Config.Fallthrough)
		mustDo(w, release.Revert)
		require.Equal(t, original, w.flag.Config)
	})
}

// drawRollout draws a rollout over up to three variations, each in one range.
func drawRollout(t *rapid.T) evaluator.Rollout {
	first := rapid.IntRange(0, evaluator.TotalWeight).Draw(t, "first")
	second := rapid.IntRange(0, evaluator.TotalWeight-first).Draw(t, "second")
	return evaluator.Rollout{
		Seed: rapid.SampledFrom([]string{"", "seed"}).Draw(t, "seed"),
		Weights: []evaluator.WeightedServing{
			{Variation: "on", Weight: first}, {Variation: "off", Weight: second},
			{Variation: "other", Weight: evaluator.TotalWeight - first - second},
		},
	}
}

// buckets is what each bucket gets.
func buckets(r evaluator.Rollout) []string {
	all := make([]string, 0, evaluator.TotalWeight)
	for _, share := range r.Weights {
		for range share.Weight {
			all = append(all, share.Variation)
		}
	}
	return all
}
