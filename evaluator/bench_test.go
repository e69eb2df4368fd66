package evaluator_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The four workloads that are compared with the peers' in loadtest/evaluator.
const (
	rulesAndRollout = `{"enabled": true, "offVariation": "off",
		"rules": [
			{"id": "country", "clauses": [{"attribute": "country", "operator": "in", "values": ["FR", "IT", "ES"]}], "serve": {"variation": "on"}},
			{"id": "staff", "clauses": [{"attribute": "email", "operator": "endsWith", "values": ["@example.org"]}], "serve": {"variation": "on"}},
			{"id": "plan", "clauses": [{"attribute": "plan", "operator": "in", "values": ["enterprise"]}], "serve": {"variation": "on"}}],
		"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 25000}, {"variation": "off", "weight": 75000}]}}}`
	switchedOff = `{"enabled": false, "offVariation": "off", "fallthrough": {"variation": "on"}}`
	semverRule  = `{"enabled": true, "offVariation": "off",
		"rules": [{"id": "version", "clauses": [{"attribute": "appVersion", "operator": "semverGreaterThanOrEqual", "values": ["2.3.0"]}], "serve": {"variation": "on"}}],
		"fallthrough": {"variation": "off"}}`
)

// workloads returns a snapshot with one flag per workload.
func workloads(t testing.TB) *evaluator.Snapshot {
	t.Helper()
	keys := make([]string, 10_000)
	for i := range keys {
		keys[i] = fmt.Sprintf("user-%d", i*7)
	}
	list, err := json.Marshal(keys)
	require.NoError(t, err)
	listRule := fmt.Sprintf(`{"enabled": true, "offVariation": "off",
		"rules": [{"id": "listed", "clauses": [{"attribute": "targetingKey", "operator": "in", "values": %s}], "serve": {"variation": "on"}}],
		"fallthrough": {"variation": "off"}}`, list)
	return compile(t, definition([]evaluator.Flag{
		booleanFlag(t, "rollout", 1, rulesAndRollout),
		booleanFlag(t, "off", 1, switchedOff),
		booleanFlag(t, "semver", 1, semverRule),
		booleanFlag(t, "list", 1, listRule),
	}))
}

func attributes() map[string]any {
	return map[string]any{
		"targetingKey": "user-34993", "country": "DE", "email": "somebody@example.com", "plan": "free", "appVersion": "2.4.1",
	}
}

func prepared() evaluator.Context {
	return evaluator.NewContext("user-34993").
		WithString("country", "DE").
		WithString("email", "somebody@example.com").
		WithString("plan", "free").
		WithString("appVersion", "2.4.1")
}

func BenchmarkEvaluate(b *testing.B) {
	s := workloads(b)
	for _, key := range []string{"rollout", "off", "semver", "list"} {
		b.Run(key+"/prepared", func(b *testing.B) {
			c := prepared()
			b.ReportAllocs()
			for b.Loop() {
				s.Evaluate(key, &c)
			}
		})
		b.Run(key+"/map", func(b *testing.B) {
			m := attributes()
			b.ReportAllocs()
			for b.Loop() {
				c := evaluator.MapContext(m)
				s.Evaluate(key, &c)
			}
		})
	}
}

// manyFlags returns n flags with three rules and a rollout.
func manyFlags(t testing.TB, n int) []evaluator.Flag {
	t.Helper()
	flags := make([]evaluator.Flag, n)
	for i := range flags {
		flags[i] = booleanFlag(t, fmt.Sprintf("flag-%d", i), 1, rulesAndRollout)
	}
	return flags
}

// BenchmarkAllOf100 evaluates 100 flags at once and one by one.
func BenchmarkAllOf100(b *testing.B) {
	flags := manyFlags(b, 100)
	s := compile(b, definition(flags))
	c := evaluator.MapContext(attributes())
	b.Run("at once", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.EvaluateAll(&c, func(string, bool, evaluator.Result) bool { return true })
		}
	})
	b.Run("one by one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for i := range flags {
				s.Evaluate(flags[i].Key, &c)
			}
		}
	})
}

func BenchmarkCompile10000(b *testing.B) {
	def := definition(manyFlags(b, 10_000))
	b.ReportAllocs()
	for b.Loop() {
		compile(b, def)
	}
}

// BenchmarkApplyTo10000 changes one flag of 10 000.
func BenchmarkApplyTo10000(b *testing.B) {
	def := definition(manyFlags(b, 10_000))
	s := compile(b, def)
	changed := def.Flags[5000]
	b.ReportAllocs()
	for b.Loop() {
		changed.Version++
		next, _, err := s.Apply(patch(s.Revision(), s.Revision()+1, changed))
		require.NoError(b, err)
		s = next
	}
}

// BenchmarkAddTo10000 adds one flag to 10 000.
func BenchmarkAddTo10000(b *testing.B) {
	s := compile(b, definition(manyFlags(b, 10_000)))
	p := patch(1, 2, booleanFlag(b, "another", 2, rulesAndRollout))
	b.ReportAllocs()
	for b.Loop() {
		_, _, err := s.Apply(p)
		require.NoError(b, err)
	}
}

func BenchmarkExplain(b *testing.B) {
	s := workloads(b)
	c := prepared()
	b.ReportAllocs()
	for b.Loop() {
		s.Explain("rollout", &c)
	}
}
