package importer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

func flipt(split bool) *differential {
	return &differential{
		engine: "flipt", source: importer.Source{Format: "flipt"}, exact: 0.3,
		generate: func(random *rand.Rand) any { return fliptFile(random, split) },
		context: func(random *rand.Rand) map[string]any {
			context := contextOf(random, "country", "plan")
			context["targetingKey"] = oneOf(random, "anna", "ben", "x", "FR") // Flipt answers nobody without
			if chance(random, 0.8) {
				context["age"] = value(random)
			}
			if chance(random, 0.8) {
				context["beta"] = oneOf(random, value(random), true, false, "true", "false")
			}
			return context
		},
	}
}

func TestJudgeFlipt(t *testing.T) {
	t.Parallel()
	flipt(false).run(t)
}

func TestJudgeFliptSplits(t *testing.T) {
	t.Parallel()
	flipt(true).splits(t, 5)
}

// fliptFile is an export of one namespace.
func fliptFile(random *rand.Rand, split bool) any {
	segments := []any{}
	for i := range 4 {
		segments = append(segments, map[string]any{"key": fmt.Sprintf("s%d", i), "match_type": oneOf(random, "ALL_MATCH_TYPE", "ANY_MATCH_TYPE"),
			"constraints": several(random, 0, 3, fliptConstraint)})
	}
	segment := func() any {
		keys := several(random, 1, 2, func(random *rand.Rand) string { return fmt.Sprintf("s%d", random.IntN(4)) })
		if len(keys) == 2 && keys[0] == keys[1] {
			keys = keys[:1]
		}
		return map[string]any{"keys": keys, "operator": oneOf(random, "OR_SEGMENT_OPERATOR", "AND_SEGMENT_OPERATOR")}
	}
	percent := func() float64 {
		if split {
			return oneOf(random, 10.0, 25, 50, 90)
		}
		return oneOf(random, 0.0, 100)
	}
	flags := []any{}
	for i := range 10 {
		f := map[string]any{"key": fmt.Sprintf("f%d", i), "name": "F", "type": "BOOLEAN_FLAG_TYPE", "enabled": chance(random, 0.3)}
		if chance(random, 0.5) {
			f["rollouts"] = several(random, 0, 3, func(random *rand.Rand) any {
				if chance(random, 0.3) {
					return map[string]any{"threshold": map[string]any{"percentage": percent(), "value": chance(random, 0.6)}}
				}
				asked := segment().(map[string]any)
				asked["value"] = chance(random, 0.6)
				return map[string]any{"segment": asked}
			})
		} else {
			f["type"], f["enabled"] = "VARIANT_FLAG_TYPE", chance(random, 0.9)
			f["variants"] = []any{map[string]any{"key": "a", "default": chance(random, 0.5)}, map[string]any{"key": "b"}}
			f["rules"] = several(random, 0, 3, func(random *rand.Rand) any {
				share := percent()
				return map[string]any{"segment": segment(), "distributions": []any{
					map[string]any{"variant": "a", "rollout": share}, map[string]any{"variant": "b", "rollout": 100 - share}}}
			})
			if !split {
				for _, rule := range f["rules"].([]any) {
					rule.(map[string]any)["distributions"] = oneOf(random, []any{}, []any{map[string]any{"variant": oneOf(random, "a", "b"), "rollout": 100}})
				}
			}
		}
		flags = append(flags, f)
	}
	return map[string]any{"version": "1.4", "namespace": "default", "flags": flags, "segments": segments}
}

func fliptConstraint(random *rand.Rand) any {
	c := map[string]any{"property": oneOf(random, "country", "plan"), "type": "STRING_COMPARISON_TYPE", "value": ""}
	switch random.IntN(8) {
	case 0:
		c["type"], c["property"] = "ENTITY_ID_COMPARISON_TYPE", "entity"
		c["operator"], c["value"] = oneOf(random, "isoneof", "isnotoneof"), `["anna", "ben"]`
	case 1:
		c["type"], c["property"] = "NUMBER_COMPARISON_TYPE", "age"
		c["operator"], c["value"] = oneOf(random, "eq", "neq", "lt", "lte", "gt", "gte", "present", "notpresent"), oneOf(random, "18", "20", "-3", "x")
	case 2:
		c["type"], c["property"] = "NUMBER_COMPARISON_TYPE", "age"
		c["operator"], c["value"] = oneOf(random, "isoneof", "isnotoneof"), oneOf(random, "[18, 20]", "[8]")
	case 3:
		c["type"], c["property"] = "BOOLEAN_COMPARISON_TYPE", "beta"
		c["operator"] = oneOf(random, "true", "false", "present", "notpresent")
	case 4:
		c["operator"] = oneOf(random, "empty", "notempty")
	case 5:
		c["operator"], c["value"] = oneOf(random, "isoneof", "isnotoneof"), oneOf(random, `["FR", "1"]`, `["8", "true", "IT"]`, `[]`)
	default:
		c["operator"], c["value"] = oneOf(random, "eq", "neq", "prefix", "suffix", "contains", "notcontains"), oneOf(random, "FR", "F", "1", "8", "true", "@example.com")
	}
	if chance(random, 0.02) {
		c["type"], c["operator"], c["value"] = "DATETIME_COMPARISON_TYPE", "lt", "2026-01-01T00:00:00Z"
	}
	return c
}
