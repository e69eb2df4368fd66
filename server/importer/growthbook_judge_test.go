package importer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

func growthDifferential() *differential {
	return &differential{
		engine: "growthbook", source: importer.Source{Format: "growthbook"}, exact: 0.3, buckets: []string{"company"},
		generate: func(random *rand.Rand) any { return (&growthGenerator{random: random, whole: true}).file() },
		context: func(random *rand.Rand) map[string]any {
			context := contextOf(random, "country", "age", "version", "company", "tags")
			if chance(random, 0.5) {
				context["user"] = map[string]any{"plan": value(random), "tags": value(random)}
			}
			return context
		},
	}
}

func TestJudgeGrowthBook(t *testing.T) {
	t.Parallel()
	growthDifferential().run(t)
}

func TestJudgeGrowthBookSplits(t *testing.T) {
	t.Parallel()
	d := growthDifferential()
	d.generate = func(random *rand.Rand) any { return (&growthGenerator{random: random}).file() }
	d.splits(t, 4)
}

// growthGenerator makes payloads of SDK connections.
type growthGenerator struct {
	random *rand.Rand
	whole  bool // splits are only of 0 and 100 %
}

func (g *growthGenerator) file() any {
	const features = 12
	list := map[string]any{}
	for i := range features {
		values := oneOf(g.random, []any{true, false}, []any{false, true}, []any{"a", "b", "c"}, []any{1, 2, 3}, []any{map[string]any{"x": 1}, map[string]any{"x": 2}})
		feature := map[string]any{"defaultValue": values[0]}
		if chance(g.random, 0.05) {
			feature["defaultValue"] = nil
		}
		rules := []any{}
		for range g.random.IntN(4) {
			rules = append(rules, g.rule(i, values))
		}
		feature["rules"] = rules
		list[fmt.Sprintf("f%d", i)] = feature
	}
	return map[string]any{"status": 200, "features": list, "savedGroups": map[string]any{
		"plain": []any{"anna", "FR", 7, 20}, "numbers": []any{1, 2, 20}, "empty": []any{},
		"list":      map[string]any{"type": "list", "attributeKey": "country", "values": []any{"FR", "IT"}},
		"condition": map[string]any{"type": "condition", "condition": g.condition(1)},
		"circle":    map[string]any{"type": "condition", "condition": map[string]any{"$savedGroup": map[string]any{"id": "circle"}}},
		"new":       map[string]any{"type": "unheard of"},
	}}
}

func (g *growthGenerator) rule(feature int, values []any) map[string]any {
	random := g.random
	rule := map[string]any{"id": fmt.Sprintf("fr_%d", random.IntN(1_000_000))}
	if chance(random, 0.8) {
		rule["condition"] = g.condition(0)
	}
	if feature > 0 && chance(random, 0.15) {
		parent := map[string]any{"id": fmt.Sprintf("f%d", random.IntN(feature)), "condition": oneOf(random, map[string]any{"value": true},
			map[string]any{"value": map[string]any{"$eq": "a"}}, map[string]any{"value": false}, map[string]any{"value": map[string]any{"$exists": true}})}
		if chance(random, 0.7) {
			parent["gate"] = true
		}
		rule["parentConditions"] = []any{parent}
		if chance(random, 0.3) {
			return rule
		}
	}
	if chance(random, 0.15) {
		rule["filters"] = []any{map[string]any{"seed": oneOf(random, "s1", "s2"), "hashVersion": oneOf(random, 1, 2, 2, 9),
			"ranges": oneOf(random, g.ranges(2)...), "attribute": oneOf(random, "id", "company")}}
	}
	for name, make := range map[string]func() any{
		"hashAttribute": func() any { return oneOf(random, "id", "company") },
		"hashVersion":   func() any { return oneOf(random, 1, 2, 2, 7) },
		"seed":          func() any { return oneOf(random, "s1", "s3") },
		"coverage":      func() any { return oneOf(random, g.shares()...) },
	} {
		if chance(random, 0.3) {
			rule[name] = make()
		}
	}
	if chance(random, 0.65) {
		rule["force"] = values[random.IntN(len(values))]
		if chance(random, 0.05) {
			rule["force"] = nil
		}
		if chance(random, 0.15) {
			rule["range"] = oneOf(random, g.ranges(1)...).([]any)[0]
		}
		return rule
	}
	rule["variations"] = values
	if chance(random, 0.5) {
		rule["weights"] = g.weights(len(values))
	} else if g.whole {
		rule["ranges"] = oneOf(random, g.ranges(len(values))...)
	}
	if chance(random, 0.2) {
		rule["namespace"] = append([]any{"ns"}, oneOf(random, g.ranges(1)...).([]any)[0].([]any)...)
	}
	if chance(random, 0.3) {
		meta := []any{}
		for i := range values {
			meta = append(meta, map[string]any{"key": fmt.Sprint(i), "name": "v", "passthrough": chance(random, 0.3)})
		}
		rule["meta"] = meta
	}
	return rule
}

func (g *growthGenerator) shares() []any {
	if g.whole {
		return []any{0, 1}
	}
	return []any{0, 0.2, 0.5, 0.75, 1}
}

// ranges are lists of n ranges.
func (g *growthGenerator) ranges(n int) []any {
	lists := [][][2]float64{{{0, 1}, {0, 0}, {0, 0}}, {{0, 0}, {0, 1}, {1, 1}}, {{0, 0}, {0, 0}, {0, 0}}}
	if !g.whole {
		lists = [][][2]float64{{{0, 0.3}, {0.5, 0.8}, {0.8, 1}}, {{0.1, 0.6}, {0.4, 0.9}, {0, 1}}, {{0.5, 1}, {0, 0.5}, {0, 0}}}
	}
	var result []any
	for _, list := range lists {
		ranges := []any{}
		for _, r := range list[:n] {
			ranges = append(ranges, []any{r[0], r[1]})
		}
		result = append(result, ranges)
	}
	return result
}

func (g *growthGenerator) weights(n int) []any {
	weights := make([]any, n)
	for i := range weights {
		weights[i] = 0
	}
	if g.whole {
		weights[g.random.IntN(n)] = 1
		return weights
	}
	weights[0], weights[n-1] = 0.3, 0.7
	return weights
}

func (g *growthGenerator) condition(depth int) map[string]any {
	random := g.random
	condition := map[string]any{}
	for range 1 + random.IntN(2) {
		if depth < 3 && chance(random, 0.25) {
			switch name := oneOf(random, "$or", "$nor", "$and", "$not", "$savedGroup"); name {
			case "$not":
				condition[name] = g.condition(depth + 1)
			case "$savedGroup":
				condition[name] = map[string]any{"id": oneOf(random, "list", "condition", "circle", "new", "gone", "plain")}
				if chance(random, 0.3) {
					condition[name].(map[string]any)["attributeKey"] = "tags"
				}
			default:
				condition[name] = several(random, 0, 2, func(*rand.Rand) any { return g.condition(depth + 1) })
			}
			continue
		}
		condition[oneOf(random, "country", "age", "version", "id", "tags", "user.plan", "user.tags", "company")] = g.asked(0)
	}
	return condition
}

// asked is what is asked of an attribute.
func (g *growthGenerator) asked(depth int) any {
	random := g.random
	text := func() any { return oneOf(random, texts()...) }
	if chance(random, 0.3) {
		return oneOf[any](random, text(), 20, 0, 8, true, false, nil, []any{"FR", "IT"}, []any{}, []any{8}, map[string]any{"a": 1})
	}
	object := map[string]any{}
	for range 1 + random.IntN(2) {
		switch random.IntN(9) {
		case 0:
			object[oneOf(random, "$eq", "$ne")] = oneOf[any](random, text(), 20, true, nil, []any{"FR"})
		case 1, 2:
			object[oneOf(random, "$lt", "$lte", "$gt", "$gte")] = oneOf[any](random, text(), 5, 20, 0, "8", "FR", true, nil)
		case 3:
			object[oneOf(random, "$in", "$nin", "$ini", "$nini")] = oneOf[any](random, []any{text(), text(), 20, "FR"}, []any{}, []any{nil, true}, "FR", []any{"anna", "ben"})
		case 4:
			object[oneOf(random, "$inGroup", "$notInGroup")] = oneOf(random, "plain", "numbers", "empty", "list", "condition", "gone")
		case 5:
			object["$exists"] = oneOf[any](random, true, false, 1, nil)
		case 6:
			object[oneOf(random, "$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte")] = oneOf[any](random, "1.0.0", "1.2.3", "2.3.0-rc.1", "v2.0.0", "1.2", "1", 1.2, "0", "1-2-3", "x")
		case 7:
			object[oneOf(random, "$regex", "$regexi")] = oneOf(random, "^FR$", "FR|IT", "example\\.com$", "^.*@example\\.com$", "^.+@example\\.com$", "[0-9]", "\\d+", "(", "^$")
		default:
			if depth > 1 {
				object["$type"] = oneOf(random, "string", "number", "boolean", "array", "object", "null", "undefined")
				continue
			}
			switch random.IntN(5) {
			case 0:
				object["$not"] = g.asked(depth + 1)
			case 1:
				object["$size"] = oneOf[any](random, 0, 1, 2, map[string]any{"$gt": 1})
			case 2:
				object["$elemMatch"] = oneOf[any](random, map[string]any{"$eq": "FR"}, map[string]any{"$gt": 5}, map[string]any{"$in": []any{"FR", 8}}, map[string]any{"$regex": "^F"})
			case 3:
				object[oneOf(random, "$all", "$alli")] = oneOf[any](random, []any{"FR", "it"}, []any{"FR"}, []any{}, []any{8, map[string]any{"$gt": 1}}, "FR")
			default:
				object["$unknown"] = 1
			}
		}
	}
	return object
}
