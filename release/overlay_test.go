package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// The first step lays the variation over what the flag serves.
func TestFirstStepOverlaysWhatIsServed(t *testing.T) {
	t.Parallel()
	type weights = []evaluator.WeightedServing
	tests := map[string]struct {
		config evaluator.FlagConfig
		weight int
		want   evaluator.Serve
	}{
		"a fixed variation": {
			config: evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Variation: "other"}}, weight: 1_000,
			want: evaluator.Serve{Rollout: &evaluator.Rollout{Weights: weights{{Variation: "on", Weight: 1_000}, {Variation: "other", Weight: 99_000}}}},
		},
		"a rollout": {
			config: evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Rollout: &evaluator.Rollout{BucketBy: "org", Seed: "s",
				Weights: weights{{Variation: "off", Weight: 40_000}, {Variation: "on", Weight: 10_000}, {Variation: "other", Weight: 50_000}}}}},
			weight: 45_000,
			want: evaluator.Serve{Rollout: &evaluator.Rollout{BucketBy: "org", Seed: "s",
				Weights: weights{{Variation: "on", Weight: 18_000}, {Variation: "off", Weight: 22_000},
					{Variation: "on", Weight: 32_500}, {Variation: "other", Weight: 27_500}}}},
		},
		"what cannot be divided goes to the greatest ranges first": {
			config: evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Rollout: &evaluator.Rollout{
				Weights: weights{{Variation: "off", Weight: 20_000}, {Variation: "other", Weight: 80_000}}}}},
			weight: 2,
			want: evaluator.Serve{Rollout: &evaluator.Rollout{
				Weights: weights{{Variation: "off", Weight: 20_000}, {Variation: "on", Weight: 2}, {Variation: "other", Weight: 79_998}}}},
		},
		"an empty range": {
			config: evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Rollout: &evaluator.Rollout{
				Weights: weights{{Variation: "off", Weight: 0}, {Variation: "other", Weight: 100_000}}}}},
			weight: 40_000,
			want: evaluator.Serve{Rollout: &evaluator.Rollout{
				Weights: weights{{Variation: "on", Weight: 40_000}, {Variation: "other", Weight: 60_000}}}},
		},
		"all of it": {
			config: evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Variation: "other"}}, weight: 100_000,
			want: evaluator.Serve{Variation: "on"},
		},
		"all of the code default": {
			config: evaluator.FlagConfig{Fallthrough: evaluator.Serve{Variation: "other"}}, weight: 100_000,
			want: evaluator.Serve{Variation: "on"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(release.Spec{Variation: "on", Trigger: release.Trigger{Manual: true}, Steps: []release.Step{{Weight: test.weight}}})
			w.flag.Config = test.config
			require.NoError(t, w.do(release.Start))
			require.True(t, w.flag.Config.Enabled)
			require.Equal(t, test.want, w.flag.Config.Fallthrough)
			require.NoError(t, w.do(release.Revert))
			require.Equal(t, test.config, w.flag.Config)
		})
	}
}
