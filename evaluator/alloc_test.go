package evaluator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// requireNoAlloc must not run in parallel: AllocsPerRun counts the whole process.
func requireNoAlloc(t *testing.T, name string, f func()) {
	t.Helper()
	require.Zero(t, testing.AllocsPerRun(100, f), name)
}

func TestEvaluateNoAlloc(t *testing.T) {
	s := workloads(t)
	m := attributes()
	c := prepared()
	for _, key := range []string{"rollout", "off", "semver", "list", "nothing"} {
		requireNoAlloc(t, key+" from a prepared context", func() { s.Evaluate(key, &c) })
		requireNoAlloc(t, key+" from a map", func() {
			fromMap := evaluator.MapContext(m).WithInstance("checkout", "2.3.0", "i-1")
			s.Evaluate(key, &fromMap)
		})
		requireNoAlloc(t, key+" with its type", func() {
			fromMap := evaluator.MapContext(m)
			s.Evaluate(key, &fromMap).Bool(false)
			s.Evaluate(key, &fromMap).Int(0)
		})
	}
	requireNoAlloc(t, "building a context", func() {
		built := evaluator.NewContext("u").WithString("a", "x").WithInt("b", 1).WithBool("c", true).WithFloat("d", 1)
		s.Evaluate("rollout", &built)
	})
	requireNoAlloc(t, "all flags", func() {
		s.EvaluateAll(&c, func(string, bool, evaluator.Result) bool { return true })
	})
}

func TestLinkedFlagsNoAlloc(t *testing.T) {
	top := needing(t, "top", 1, "middle")
	top.Config.Availability = &evaluator.Availability{Service: "checkout", Version: ">=2.3.0 <3 || 5.x"}
	top.Config.Targets = []evaluator.Target{{Variation: "on", Values: []string{"x"}}}
	top.Config.Rules = []evaluator.Rule{{
		ID: "r", Serve: evaluator.Serve{Variation: "on"},
		Clauses: []evaluator.Clause{{Any: []evaluator.Clause{
			{Operator: evaluator.OpInSegment, Values: values("staff")},
			{Attribute: "app.version", Operator: evaluator.OpSemverEqual, Values: values("1")},
		}}},
	}}
	s := compile(t, definition([]evaluator.Flag{needing(t, "base", 1), needing(t, "middle", 1, "base"), top},
		evaluator.Segment{Key: "staff", Included: []string{"a", "b"}}))
	m := map[string]any{"targetingKey": "u", "app": map[string]any{"version": "2"}}
	c := evaluator.MapContext(m).WithInstance("checkout", "2.3.0", "i-1")
	require.Equal(t, "on", s.Evaluate("top", &c).Variation)
	requireNoAlloc(t, "linked flags", func() { s.Evaluate("top", &c) })
}

// TestOperatorsNoAlloc goes through the operator table, apart from what the package documentation excepts.
func TestOperatorsNoAlloc(t *testing.T) {
	for _, r := range rows() {
		if underRace && r.operator == evaluator.OpMatches {
			continue
		}
		s := clauseSnapshot(t, r.clause(false), r.clause(true))
		for _, cell := range r.cells {
			switch cell.attribute.(type) {
			case float32, []int, []float64:
				continue
			case time.Time:
				if r.operator != evaluator.OpBefore && r.operator != evaluator.OpAfter && r.operator != evaluator.OpExists {
					continue
				}
			}
			for _, c := range bothContexts("a", cell.attribute) {
				requireNoAlloc(t, fmt.Sprintf("%s %s of %T %[3]v", r.operator, r.values, cell.attribute), func() {
					s.Evaluate("negate-false", &c)
					s.Evaluate("negate-true", &c)
				})
			}
		}
	}
}
