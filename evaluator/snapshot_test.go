package evaluator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

func TestEvaluateServesTheExampleOfTheDesign(t *testing.T) {
	t.Parallel()
	s := compile(t, definition([]evaluator.Flag{
		booleanFlag(t, "new-cart", 1, `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}}`),
		booleanFlag(t, "checkout", 1, `{
			"enabled": true, "offVariation": "off",
			"targets": [{"variation": "on", "values": ["user-1"]}],
			"rules": [{"id": "beta",
				"clauses": [{"attribute": "country", "operator": "in", "values": ["FR", "IT"]},
				            {"attribute": "plan", "operator": "in", "values": ["free"], "negate": true}],
				"serve": {"variation": "on"}}],
			"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 25000}, {"variation": "off", "weight": 75000}]}},
			"prerequisites": [{"flag": "new-cart", "variation": "on"}],
			"availability": {"service": "checkout", "version": ">=2.3.0", "scope": "instance"}
		}`),
	}))

	unavailable := evaluator.NewContext("user-1")
	r := s.Evaluate("checkout", &unavailable)
	require.Equal(t, evaluator.ReasonDefault, r.Reason)
	require.Equal(t, evaluator.DetailUnavailable, r.Detail)
	require.Equal(t, "off", r.Variation)

	target := evaluator.NewContext("user-1").WithInstance("checkout", "v2.3.1", "i-1")
	r = s.Evaluate("checkout", &target)
	require.Equal(t, evaluator.ReasonTargetingMatch, r.Reason)
	on, _ := r.Bool(false)
	require.True(t, on)

	matched := evaluator.MapContext(map[string]any{"targetingKey": "u", "country": "IT", "plan": "paid"}).
		WithInstance("checkout", "3", "i-1")
	r = s.Evaluate("checkout", &matched)
	require.Equal(t, "beta", r.RuleID)
	require.Equal(t, 0, r.RuleIndex)

	noPlan := evaluator.MapContext(map[string]any{"targetingKey": "u", "country": "IT"}).WithInstance("checkout", "3", "")
	require.Equal(t, evaluator.ReasonSplit, s.Evaluate("checkout", &noPlan).Reason)

	require.Equal(t, evaluator.ErrorFlagNotFound, s.Evaluate("nothing", &noPlan).ErrorCode)
}
