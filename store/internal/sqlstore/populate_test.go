package sqlstore

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

func TestClosedConfig(t *testing.T) {
	t.Parallel()
	off := "off"
	flag := store.Flag{Variations: []evaluator.Variation{{Key: "first"}, {Key: "off"}}}
	rollout := evaluator.Serve{Rollout: &evaluator.Rollout{Weights: []evaluator.WeightedServing{{Variation: "first", Weight: evaluator.TotalWeight}}}}
	for name, test := range map[string]struct {
		flag  store.Flag
		model evaluator.FlagConfig
		want  evaluator.FlagConfig
	}{
		"serves the off variation": {
			flag,
			evaluator.FlagConfig{Enabled: true, OffVariation: &off, Fallthrough: rollout, Rules: []evaluator.Rule{{ID: "r"}}},
			evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "off"}},
		},
		"serves as the model does where off is the caller's default": {
			flag,
			evaluator.FlagConfig{Fallthrough: rollout},
			evaluator.FlagConfig{Fallthrough: rollout},
		},
		"serves the first variation where there is no model": {
			flag,
			evaluator.FlagConfig{},
			evaluator.FlagConfig{Fallthrough: evaluator.Serve{Variation: "first"}},
		},
		"has nothing to serve without variations": {store.Flag{}, evaluator.FlagConfig{}, evaluator.FlagConfig{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, closedConfig(test.flag, test.model))
		})
	}
}
