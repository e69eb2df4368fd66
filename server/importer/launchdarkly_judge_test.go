package importer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

func launchDarkly(split bool) *differential {
	return &differential{
		engine: "launchdarkly", source: importer.Source{Format: "launchdarkly"}, exact: 0.5, buckets: []string{"account"},
		generate: func(random *rand.Rand) any { return ldFile(random, split) },
		context: func(random *rand.Rand) map[string]any {
			context := contextOf(random, "country", "age", "version", "anonymous", "a/b", "service.name", "account")
			context["targetingKey"] = oneOf(random, "anna", "ben", "7", "carl@example.com", "x", "FR") // none without a key
			if chance(random, 0.4) {
				context["org"] = map[string]any{"key": oneOf(random, "acme", "FR"), "plan": value(random), "anonymous": chance(random, 0.5)}
			}
			if chance(random, 0.5) {
				context["service"] = map[string]any{"name": value(random), "a.b": value(random)}
			}
			return context
		},
	}
}

func TestJudgeLaunchDarkly(t *testing.T) {
	t.Parallel()
	launchDarkly(false).run(t)
}

func TestJudgeLaunchDarklySplits(t *testing.T) {
	t.Parallel()
	launchDarkly(true).splits(t, 5)
}

// ldFile is the data of an environment as LaunchDarkly's SDKs get it.
func ldFile(random *rand.Rand, split bool) any {
	flags, segments := map[string]any{}, map[string]any{}
	for i := range 4 {
		key := fmt.Sprintf("s%d", i)
		s := map[string]any{"key": key, "version": 1, "salt": "x", "included": []string{}, "excluded": []string{}}
		if chance(random, 0.5) {
			s["included"] = several(random, 0, 2, ldKey)
		}
		if chance(random, 0.3) {
			s["excluded"] = several(random, 0, 2, ldKey)
		}
		if chance(random, 0.2) {
			s[oneOf(random, "includedContexts", "excludedContexts")] = []any{map[string]any{"contextKind": "org", "values": []string{oneOf(random, "acme", "FR")}}}
		}
		s["rules"] = several(random, 0, 2, func(random *rand.Rand) any {
			rule := map[string]any{"id": fmt.Sprint(random.Uint32()), "clauses": several(random, 0, 2, func(random *rand.Rand) any { return ldClause(random, i) })}
			if split && chance(random, 0.4) {
				rule["weight"] = oneOf(random, 0, 20000, 60000, 100000)
			} else if chance(random, 0.1) {
				rule["weight"] = oneOf(random, 0, 100000)
			}
			return rule
		})
		segments[key] = s
	}
	for i := range 10 {
		key := fmt.Sprintf("f%d", i)
		f := map[string]any{"key": key, "version": 1, "salt": "y", "on": chance(random, 0.95), "variations": []any{true, false}, "offVariation": 1,
			"fallthrough": ldServe(random, split), "targets": []any{}, "prerequisites": []any{}}
		if chance(random, 0.3) {
			f["variations"] = []any{"a", "b"}
		}
		if chance(random, 0.1) {
			f["offVariation"] = oneOf[any](random, 0, nil)
		}
		if i > 0 && chance(random, 0.2) {
			f["prerequisites"] = []any{map[string]any{"key": fmt.Sprintf("f%d", random.IntN(i)), "variation": random.IntN(2)}}
		}
		ldTargets(random, f)
		f["rules"] = several(random, 0, 3, func(random *rand.Rand) any {
			rule := ldServe(random, split)
			rule["id"] = fmt.Sprint(random.Uint32())
			rule["clauses"] = several(random, 0, 3, func(random *rand.Rand) any { return ldClause(random, 4) })
			return rule
		})
		flags[key] = f
	}
	return map[string]any{"flags": flags, "segments": segments}
}

func ldKey(random *rand.Rand) string { return oneOf(random, "anna", "ben", "7", "FR") }

func ldTargets(random *rand.Rand, f map[string]any) {
	if chance(random, 0.3) {
		f["targets"] = []any{map[string]any{"variation": 0, "values": several(random, 0, 2, ldKey)}, map[string]any{"variation": 1, "values": []string{"carl@example.com"}}}
	}
	if chance(random, 0.2) {
		f["contextTargets"] = []any{map[string]any{"contextKind": "org", "variation": random.IntN(2), "values": []string{"acme"}},
			map[string]any{"contextKind": "user", "variation": 0, "values": []string{}}}
	}
}

func ldServe(random *rand.Rand, split bool) map[string]any {
	weight := oneOf(random, 0, 100000)
	switch {
	case split && chance(random, 0.5):
		weight = oneOf(random, 10000, 25000, 50000, 90000)
	case chance(random, 0.8):
		return map[string]any{"variation": random.IntN(2)}
	}
	rollout := map[string]any{"variations": []any{map[string]any{"variation": 0, "weight": weight}, map[string]any{"variation": 1, "weight": 100000 - weight}}}
	if chance(random, 0.3) {
		rollout["bucketBy"] = "account"
	}
	if chance(random, 0.2) && !split {
		rollout["contextKind"], rollout["bucketBy"] = "org", "key"
	}
	if chance(random, 0.2) {
		rollout["kind"] = "experiment"
	}
	return map[string]any{"rollout": rollout}
}

// ldClause is a clause, which may ask for the segments before a number.
func ldClause(random *rand.Rand, segments int) any {
	c := map[string]any{"negate": chance(random, 0.4)}
	if segments > 0 && chance(random, 0.2) {
		c["attribute"], c["op"] = "", "segmentMatch"
		c["values"] = several(random, 1, 2, func(random *rand.Rand) string { return fmt.Sprintf("s%d", random.IntN(segments)) })
		return c
	}
	c["attribute"] = oneOf(random, "country", "age", "version", "country", "age", "key", "anonymous", "kind", "a/b", "service.name", "/a~1b")
	if chance(random, 0.3) {
		c["contextKind"] = "user"
		c["attribute"] = oneOf(random, "country", "age", "version", "/service/name", "/service/a.b", "/a~1b", "service.name", "kind", "/country", "key", "anonymous")
		if chance(random, 0.02) {
			c["attribute"] = oneOf(random, "/", "//", "/a//b", "/x~2")
		}
	} else if chance(random, 0.2) {
		c["contextKind"] = "org"
		c["attribute"] = oneOf(random, "plan", "key", "anonymous", "/plan", "missing")
	}
	text := func(random *rand.Rand) any { return oneOf(random, texts()...) }
	switch random.IntN(10) {
	case 0, 1, 2:
		c["op"], c["values"] = "in", several(random, 0, 3, func(random *rand.Rand) any {
			if v := scalar(random); v != nil { // the SDK drops null from what it gets
				return v
			}
			return oneOf(random, text(random), "user", "org")
		})
	case 3, 4:
		c["op"], c["values"] = oneOf(random, "startsWith", "endsWith", "contains"), several(random, 0, 2, func(random *rand.Rand) any {
			return oneOf[any](random, "F", "R", "1", "@example.com", "", 1, "20")
		})
	case 5, 6:
		c["op"], c["values"] = oneOf(random, "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"), several(random, 0, 2, func(random *rand.Rand) any {
			return oneOf[any](random, 1, 8, 18, 20.5, "20", -3)
		})
	case 7:
		c["op"], c["values"] = oneOf(random, "before", "after"), []any{oneOf[any](random, 8, 1000, "2026-01-01T00:00:00Z", "2025-12-31T23:00:00.5-02:00", "never")}
	case 8:
		c["op"], c["values"] = oneOf(random, "semVerEqual", "semVerLessThan", "semVerGreaterThan"), []any{oneOf[any](random, "1.0.0", "1.2", "2.3.0-rc.1", "v1.0.0", 1, "x")}
	default:
		c["op"], c["values"] = "matches", []any{oneOf[any](random, "^F", "R$", "example", "^(FR|IT)$", "a.*b", "[0-9]+", "(")}
	}
	return c
}
