package importer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

func flagsmithDifferential() *differential {
	return &differential{
		engine: "flagsmith", source: importer.Source{Format: "flagsmith"}, exact: 0.35, buckets: []string{"company"},
		generate: func(random *rand.Rand) any { return flagsmithDocument(random, [][]float64{{0, 0}, {100, 0}, {0, 100}}) },
		context: func(random *rand.Rand) map[string]any {
			return contextOf(random, "country", "age", "version", "company", "tags", "a.b")
		},
	}
}

func TestJudgeFlagsmith(t *testing.T) {
	t.Parallel()
	flagsmithDifferential().run(t)
}

func TestJudgeFlagsmithSplits(t *testing.T) {
	t.Parallel()
	d := flagsmithDifferential()
	d.generate = func(random *rand.Rand) any {
		return flagsmithDocument(random, [][]float64{{30, 20}, {50, 50}, {0, 100}, {10.5, 70}})
	}
	d.splits(t, 4)
}

// flagsmithDocument is the document of an environment; splits give the shares of two values.
func flagsmithDocument(random *rand.Rand, splits [][]float64) any {
	const features = 10
	ids := 0
	state := func(feature int, values []any) map[string]any {
		ids++
		s := map[string]any{"feature": map[string]any{"id": feature + 1, "name": fmt.Sprintf("f%d", feature), "type": "STANDARD"},
			"enabled": chance(random, 0.6), "feature_state_value": nil, "multivariate_feature_state_values": []any{}, "django_id": ids,
			"featurestate_uuid": fmt.Sprintf("00000000-0000-4000-8000-%012d", ids)}
		if values != nil && chance(random, 0.9) {
			s["feature_state_value"] = values[random.IntN(len(values))]
		}
		if values != nil && chance(random, 0.4) {
			shares := splits[random.IntN(len(splits))]
			list := []any{}
			for i, share := range shares {
				ids++
				list = append(list, map[string]any{"id": ids, "percentage_allocation": share, "multivariate_feature_option": map[string]any{"id": ids, "value": values[i]}})
			}
			s["multivariate_feature_state_values"] = list
		}
		return s
	}
	var values [features][]any
	states := []any{}
	for i := range features {
		values[i] = oneOf(random, nil, nil, []any{"a", "b", "c"}, []any{1, 2, 3}, []any{true, false, true}, []any{"", "x", "y"})
		states = append(states, state(i, values[i]))
	}
	segments := []any{}
	for i := range 5 {
		overrides := []any{}
		for j := range features {
			if chance(random, 0.2) {
				s := state(j, values[j])
				if chance(random, 0.9) {
					s["feature_segment"] = map[string]any{"priority": random.IntN(3)}
				}
				overrides = append(overrides, s)
			}
		}
		segments = append(segments, map[string]any{"id": 10 - i, "name": oneOf(random, "Power users", "power users", fmt.Sprintf("s%d", i)),
			"rules": several(random, 0, 2, func(random *rand.Rand) any { return flagsmithRule(random, 0, splits) }), "feature_states": overrides})
	}
	identities := []any{}
	for _, identifier := range oneOf(random, []string{"anna", "7"}, []string{"anna", "7"}, []string{"ben,x", "7", "7"}) {
		features := []any{}
		for i := range values {
			if chance(random, 0.2) {
				features = append(features, state(i, values[i]))
			}
		}
		identities = append(identities, map[string]any{"identifier": identifier, "identity_uuid": identifier, "created_date": "2026-01-01T00:00:00Z",
			"environment_api_key": "key", "identity_features": features, "identity_traits": []any{}})
	}
	return map[string]any{"id": 1, "api_key": "key", "name": "Production", "feature_states": states, "identity_overrides": identities,
		"project": map[string]any{"id": 1, "name": "p", "hide_disabled_flags": false, "segments": segments, "organisation": map[string]any{
			"id": 1, "name": "o", "feature_analytics": false, "stop_serving_flags": false, "persist_trait_data": true}}}
}

func flagsmithRule(random *rand.Rand, depth int, splits [][]float64) any {
	rule := map[string]any{"type": oneOf(random, "ALL", "ANY", "NONE", "ALL", "ANY"), "rules": []any{}, "conditions": []any{}}
	if chance(random, 0.03) {
		rule["type"] = "SOME"
	}
	if depth < 2 && chance(random, 0.6) {
		rule["rules"] = several(random, 0, 2, func(random *rand.Rand) any { return flagsmithRule(random, depth+1, splits) })
	}
	rule["conditions"] = several(random, 0, 2, func(random *rand.Rand) any { return flagsmithCondition(random, splits) })
	return rule
}

func flagsmithCondition(random *rand.Rand, splits [][]float64) any {
	property := oneOf(random, "country", "age", "version", "company", "tags", "a.b", "$.identity.identifier", "$.environment.name",
		"$.identity.traits.country", "$.identity.traits['a.b']", "")
	if chance(random, 0.02) {
		property = "$.nothing"
	}
	condition := func(operator string, value any) any {
		return map[string]any{"property_": property, "operator": operator, "value": value}
	}
	text := oneOf(random, texts()...)
	if chance(random, 0.02) {
		return condition("SOUNDS_LIKE", text)
	}
	switch random.IntN(8) {
	case 0:
		return condition(oneOf(random, "IS_SET", "IS_NOT_SET"), nil)
	case 1:
		return condition("IN", oneOf[any](random, text, "FR,IT", `["FR","IT"]`, `["a", 7]`, []any{"FR", "20"}, "1,8,20", nil, "anna,7"))
	case 2:
		return condition(oneOf(random, "CONTAINS", "NOT_CONTAINS"), oneOf[any](random, text, "F", "", nil, "example"))
	case 3:
		return condition("REGEX", oneOf(random, "^FR$", "FR|IT", "example\\.com$", "^.*@example\\.com$", "[0-9]", "^1", "(", "\\w+", ""))
	case 4:
		if chance(random, 0.7) {
			return condition("EQUAL", text)
		}
		return condition("MODULO", oneOf(random, "2|0", "5|3", "2.5|0", "0|0", "x", "2"))
	case 5:
		percent := splits[random.IntN(len(splits))][0]
		property = oneOf(random, "", "", "$.identity.identifier", "$.identity.traits.company", "company")
		return condition("PERCENTAGE_SPLIT", oneOf[any](random, percent, fmt.Sprint(percent)))
	case 6:
		return condition(oneOf(random, "EQUAL", "GREATER_THAN", "GREATER_THAN_INCLUSIVE", "LESS_THAN", "LESS_THAN_INCLUSIVE", "NOT_EQUAL", "CONTAINS"),
			oneOf(random, "1.0.0:semver", "1.2.3:semver", "v2.0.0:semver", "2.3.0-rc.1:semver", "x:semver", "1.2:semver"))
	default:
		return condition(oneOf(random, "EQUAL", "NOT_EQUAL", "GREATER_THAN", "GREATER_THAN_INCLUSIVE", "LESS_THAN", "LESS_THAN_INCLUSIVE"),
			oneOf[any](random, text, "True", "False", "20", 20, true, nil, "8", "18.5"))
	}
}
