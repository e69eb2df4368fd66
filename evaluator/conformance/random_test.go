package conformance

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Random definitions and contexts draw from few names and values, so that they meet.

func attributeNames() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"country", "age", "app.version", "tags", "email", "targetingKey", "serviceName", "beta"})
}

// operandsOf returns values that the operator takes.
func operandsOf(op evaluator.Operator) []any {
	switch op {
	case evaluator.OpIn:
		return []any{"FR", "fr", 5, 7.5, true, "k1", "checkout", "a"}
	case evaluator.OpContains, evaluator.OpStartsWith, evaluator.OpEndsWith, evaluator.OpMatches:
		return []any{"F", "r", "k", "@x", "ß"}
	case evaluator.OpLessThan, evaluator.OpLessThanOrEqual, evaluator.OpGreaterThan, evaluator.OpGreaterThanOrEqual:
		return []any{5, 7.5, -1}
	case evaluator.OpBefore, evaluator.OpAfter:
		return []any{"2026-05-01T12:00:00Z", 1777636800}
	case evaluator.OpSemverRange:
		return []any{"^2.3", "1.x || >=3"}
	case evaluator.OpInCIDR:
		return []any{"10.0.0.0/8", "::1"}
	case evaluator.OpInSegment:
		return []any{"s0", "s1", "s2", "nowhere"}
	case evaluator.OpExists:
		return nil
	default:
		return []any{"2.3.0", "v3"}
	}
}

func randomClause(depth int) *rapid.Generator[evaluator.Clause] {
	return rapid.Custom(func(t *rapid.T) evaluator.Clause {
		cl := evaluator.Clause{Negate: rapid.Bool().Draw(t, "negate")}
		if depth > 0 && rapid.IntRange(0, 3).Draw(t, "group") == 0 {
			children := rapid.SliceOfN(randomClause(depth-1), 1, 3).Draw(t, "children")
			if rapid.Bool().Draw(t, "any") {
				cl.Any = children
			} else {
				cl.All = children
			}
			return cl
		}
		cl.Operator = rapid.SampledFrom(allOperators()).Draw(t, "operator")
		if cl.Operator != evaluator.OpInSegment {
			cl.Attribute = attributeNames().Draw(t, "attribute")
		}
		if operands := operandsOf(cl.Operator); operands != nil {
			for _, v := range rapid.SliceOfN(rapid.SampledFrom(operands), 1, 4).Draw(t, "values") {
				cl.Values = append(cl.Values, raw(v))
			}
		}
		switch cl.Operator {
		case evaluator.OpIn, evaluator.OpContains, evaluator.OpStartsWith, evaluator.OpEndsWith, evaluator.OpMatches:
			cl.IgnoreCase = rapid.Bool().Draw(t, "ignoreCase")
		}
		return cl
	})
}

func randomServe() *rapid.Generator[evaluator.Serve] {
	return rapid.Custom(func(t *rapid.T) evaluator.Serve {
		if rapid.Bool().Draw(t, "fixed") {
			return evaluator.Serve{Variation: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "variation")}
		}
		first := rapid.IntRange(0, evaluator.TotalWeight).Draw(t, "first")
		second := rapid.IntRange(0, evaluator.TotalWeight-first).Draw(t, "second")
		return evaluator.Serve{Rollout: &evaluator.Rollout{
			BucketBy: rapid.SampledFrom([]string{"", "age", "country", "app.version"}).Draw(t, "bucketBy"),
			Seed:     rapid.SampledFrom([]string{"", "layer-1"}).Draw(t, "seed"),
			Weights: []evaluator.WeightedServing{
				{Variation: "a", Weight: first}, {Variation: "b", Weight: second},
				{Variation: "a", Weight: evaluator.TotalWeight - first - second},
			},
		}}
	})
}

// randomFlag returns a flag that compiles if its prerequisites don't make a cycle. Sometimes it returns a flag that
// does not compile.
func randomFlag(key string, version int64) *rapid.Generator[evaluator.Flag] {
	return rapid.Custom(func(t *rapid.T) evaluator.Flag {
		f := evaluator.Flag{
			Key: key, Version: version, Type: evaluator.TypeString,
			Variations: []evaluator.Variation{{Key: "a", Value: raw("A")}, {Key: "b", Value: raw("B")}, {Key: "c", Value: raw("C")}},
			ClientSide: rapid.Bool().Draw(t, "clientSide"),
			FleetOpen:  rapid.Bool().Draw(t, "fleetOpen"),
		}
		cfg := &f.Config
		cfg.Enabled = rapid.IntRange(0, 4).Draw(t, "enabled") > 0
		if off := rapid.SampledFrom([]string{"", "a", "c"}).Draw(t, "off"); off != "" {
			cfg.OffVariation = &off
		}
		if rapid.IntRange(0, 3).Draw(t, "targeted") == 0 {
			cfg.Targets = []evaluator.Target{{Variation: "b", Values: []string{"k1", "k2"}}}
		}
		for i, clauses := range rapid.SliceOfN(rapid.SliceOfN(randomClause(2), 0, 3), 0, 3).Draw(t, "rules") {
			cfg.Rules = append(cfg.Rules, evaluator.Rule{ID: fmt.Sprintf("r%d", i), Clauses: clauses, Serve: randomServe().Draw(t, "serve")})
		}
		cfg.Fallthrough = randomServe().Draw(t, "fallthrough")
		for _, other := range rapid.SliceOfN(rapid.IntRange(0, 5), 0, 2).Draw(t, "prerequisites") {
			cfg.Prerequisites = append(cfg.Prerequisites, evaluator.Prerequisite{Flag: fmt.Sprintf("f%d", other), Variation: "a"})
		}
		if rapid.IntRange(0, 3).Draw(t, "available") == 0 {
			cfg.Availability = &evaluator.Availability{
				Service: "checkout", Version: ">=2.3.0",
				Scope: rapid.SampledFrom([]evaluator.Scope{"", evaluator.ScopeInstance, evaluator.ScopeFleet}).Draw(t, "scope"),
			}
		}
		if rapid.IntRange(0, 9).Draw(t, "broken") == 0 {
			cfg.Fallthrough = evaluator.Serve{Variation: "no such variation"}
		}
		return f
	})
}

func randomSegment(key string, version int64) *rapid.Generator[evaluator.Segment] {
	return rapid.Custom(func(t *rapid.T) evaluator.Segment {
		s := evaluator.Segment{Key: key, Version: version}
		keys := rapid.SliceOfN(rapid.SampledFrom([]string{"k1", "k2", "k3"}), 0, 2)
		s.Included, s.Excluded = keys.Draw(t, "included"), keys.Draw(t, "excluded")
		for i, clauses := range rapid.SliceOfN(rapid.SliceOfN(randomClause(1), 0, 2), 0, 2).Draw(t, "rules") {
			s.Rules = append(s.Rules, evaluator.SegmentRule{ID: fmt.Sprintf("r%d", i), Clauses: clauses})
		}
		return s
	})
}

func randomDefinition() *rapid.Generator[evaluator.Definition] {
	return rapid.Custom(func(t *rapid.T) evaluator.Definition {
		def := definition()
		for i := range rapid.IntRange(1, 6).Draw(t, "flags") {
			def.Flags = append(def.Flags, randomFlag(fmt.Sprintf("f%d", i), 1).Draw(t, "flag"))
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "segments") {
			def.Segments = append(def.Segments, randomSegment(fmt.Sprintf("s%d", i), 1).Draw(t, "segment"))
		}
		return def
	})
}

// randomAttributes returns a context whose JSON form means the same.
func randomAttributes() *rapid.Generator[map[string]any] {
	values := map[string][]any{
		"targetingKey":   {"", "k1", "k2", "k3", "k4", 17, true},
		"country":        {"FR", "fr", "Frankreich", "ß", nil, 5, []any{"DE", "FR"}, []string{"FR"}},
		"age":            {5, 7.5, int64(1) << 60, "5", []any{1, "x"}, math.Copysign(0, -1)},
		"app":            {map[string]any{"version": "2.4.0"}, map[string]string{"version": "v3.0.0-rc.1"}, "2.3.0", map[string]any{"version": 7}},
		"tags":           {[]any{"a", "k1"}, []any{}, []any{nil}, "k1", "10.1.2.3"},
		"email":          {"a@x", "", "2026-05-01T12:00:01Z", time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), "::1"},
		"serviceName":    {"checkout", "cart", nil},
		"serviceVersion": {"2.3.0", "v2.2", "x", 3},
		"beta":           {true, false, "true", map[string]any{}},
	}
	return rapid.Custom(func(t *rapid.T) map[string]any {
		attributes := map[string]any{}
		for _, name := range []string{"targetingKey", "country", "age", "app", "tags", "email", "serviceName", "serviceVersion", "beta"} {
			if rapid.IntRange(0, 4).Draw(t, name+"?") > 0 {
				attributes[name] = rapid.SampledFrom(values[name]).Draw(t, name)
			}
		}
		return attributes
	})
}

// strangeValues are attributes that no JSON has, or that evaluation must survive.
func strangeValues() []any {
	type named string
	number, text := 5, "FR"
	var nothing *int
	cyclic := map[string]any{}
	cyclic["app"] = cyclic
	return []any{
		math.NaN(), math.Inf(1), make(chan int), func() {}, struct{ A int }{1}, &struct{ A int }{1}, named("FR"), &number, &text, nothing,
		[]byte("FR"), [2]string{"FR", "x"}, map[int]string{1: "x"}, map[named]int{"version": 2}, cyclic, []any{cyclic, math.NaN()},
		complex(1, 2), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), json.Number("x"), json.Number("1e999"), uint64(math.MaxUint64),
		float32(0.1), []any(nil), map[string]any(nil), []*string{&text, nil}, "\xff\xfe",
	}
}

func allOperators() []evaluator.Operator {
	return []evaluator.Operator{
		evaluator.OpIn, evaluator.OpContains, evaluator.OpStartsWith, evaluator.OpEndsWith, evaluator.OpMatches,
		evaluator.OpLessThan, evaluator.OpLessThanOrEqual, evaluator.OpGreaterThan, evaluator.OpGreaterThanOrEqual,
		evaluator.OpBefore, evaluator.OpAfter, evaluator.OpSemverEqual, evaluator.OpSemverLessThan,
		evaluator.OpSemverLessThanOrEqual, evaluator.OpSemverGreaterThan, evaluator.OpSemverGreaterThanOrEqual,
		evaluator.OpSemverRange, evaluator.OpInCIDR, evaluator.OpInSegment, evaluator.OpExists,
	}
}
