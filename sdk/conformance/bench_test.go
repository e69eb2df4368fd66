package conformance

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// workload is a flag with a rollout and three rules that do not match, and a context with five attributes. The
// provider evaluates by the snapshot's definition.
func workload(t testing.TB) (*tidegate.Provider, *evaluator.Snapshot, openfeature.FlattenedContext) {
	t.Helper()
	list := func(values ...string) []json.RawMessage {
		raw := make([]json.RawMessage, len(values))
		for i, v := range values {
			raw[i] = json.RawMessage(`"` + v + `"`)
		}
		return raw
	}
	clauses := []evaluator.Clause{
		{Attribute: "country", Operator: evaluator.OpIn, Values: list("FR", "IT", "ES")},
		{Attribute: "email", Operator: evaluator.OpEndsWith, Values: list("@example.org")},
		{Attribute: "plan", Operator: evaluator.OpIn, Values: list("enterprise")},
	}
	flag := streamtest.Switch("checkout", true)
	for i, clause := range clauses {
		flag.Config.Rules = append(flag.Config.Rules, evaluator.Rule{
			ID: string(rune('a' + i)), Clauses: []evaluator.Clause{clause}, Serve: evaluator.Serve{Variation: "on"},
		})
	}
	flag.Config.Fallthrough = evaluator.Serve{Rollout: &evaluator.Rollout{Weights: []evaluator.WeightedServing{
		{Variation: "on", Weight: 25_000}, {Variation: "off", Weight: 75_000},
	}}}
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, flag)
	a := start(t, streamtest.Start(t, shop, streamtest.Options{}).URL, shop.ServerKey, tidegate.WithService("shop", "1.2.3"))
	require.NoError(t, a.setError)
	definition, err := shop.Definition(t.Context(), streamtest.Production)
	require.NoError(t, err)
	snapshot, _, err := evaluator.Compile(definition)
	require.NoError(t, err)
	return a.provider, snapshot, openfeature.FlattenedContext{
		"targetingKey": "user-12345", "country": "DE", "email": "someone@example.com", "plan": "free", "age": 42,
	}
}

func TestBooleanEvaluationDoesNotAllocate(t *testing.T) {
	provider, _, flat := workload(t)
	ctx := context.Background()
	require.Zero(t, testing.AllocsPerRun(1000, func() { provider.BooleanEvaluation(ctx, "checkout", false, flat) }))
}

// BenchmarkBooleanEvaluation compares the provider with the evaluator that it calls, both reading the same map.
func BenchmarkBooleanEvaluation(b *testing.B) {
	provider, snapshot, flat := workload(b)
	ctx := context.Background()
	b.Run("provider", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			provider.BooleanEvaluation(ctx, "checkout", false, flat)
		}
	})
	b.Run("provider, all processors on one flag", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				provider.BooleanEvaluation(ctx, "checkout", false, flat)
			}
		})
	})
	b.Run("evaluator", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c := evaluator.MapContext(flat)
			snapshot.Evaluate("checkout", &c)
		}
	})
	b.Run("prepared context", func(b *testing.B) {
		c := evaluator.NewContext("user-12345").WithString("country", "DE").
			WithString("email", "someone@example.com").WithString("plan", "free").WithInt("age", 42)
		b.ReportAllocs()
		for b.Loop() {
			snapshot.Evaluate("checkout", &c)
		}
	})
}
