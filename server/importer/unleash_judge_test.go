package importer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

func unleashDifferential() *differential {
	return &differential{
		engine: "unleash", source: importer.Source{Format: "unleash"}, exact: 0.4, buckets: []string{"sessionId", "country"},
		generate: func(random *rand.Rand) any { return unleashFile(random, []any{0, "0", 100, "100", "100 ", "0.5"}) },
		context: func(random *rand.Rand) map[string]any {
			return contextOf(random, "country", "age", "appVersion", "sessionId", "remoteAddress", "acme.plan")
		},
	}
}

func TestJudgeUnleash(t *testing.T) {
	t.Parallel()
	unleashDifferential().run(t)
}

func TestJudgeUnleashSplits(t *testing.T) {
	t.Parallel()
	d := unleashDifferential()
	d.generate = func(random *rand.Rand) any { return unleashFile(random, []any{0, "12", 25, "50", "75.5", 100}) }
	d.splits(t, 4)
}

// unleashFile is an export of features, with any of the percentages.
func unleashFile(random *rand.Rand, percentages []any) any {
	const features, segments = 12, 3
	list, environments, strategies, dependencies, groups := []any{}, []any{}, []any{}, []any{}, []any{}
	for i := range segments {
		segment := map[string]any{"id": i, "name": oneOf(random, "Beta Users", "beta users", "Staff", fmt.Sprintf("s%d", i))}
		if !chance(random, 0.1) {
			segment["constraints"] = several(random, 0, 2, unleashConstraint)
		}
		groups = append(groups, segment)
	}
	for i := range features {
		name := fmt.Sprintf("f%d", i)
		list = append(list, map[string]any{"name": name, "type": "release", "impressionData": chance(random, 0.1)})
		environments = append(environments, map[string]any{"featureName": name, "environment": "production", "enabled": chance(random, 0.9)})
		for range random.IntN(4) {
			strategies = append(strategies, unleashStrategy(random, name, segments, percentages))
		}
		if i > 0 && chance(random, 0.2) {
			parent := map[string]any{"feature": fmt.Sprintf("f%d", random.IntN(i))}
			if chance(random, 0.7) {
				parent["enabled"] = chance(random, 0.5)
			}
			if chance(random, 0.1) {
				parent["variants"] = []any{"blue"}
			}
			dependencies = append(dependencies, map[string]any{"feature": name, "dependencies": []any{parent}})
		}
	}
	return map[string]any{"features": list, "featureEnvironments": environments, "featureStrategies": strategies,
		"segments": groups, "dependencies": dependencies, "contextFields": []any{}, "tagTypes": []any{}, "featureTags": []any{}}
}

func unleashStrategy(random *rand.Rand, feature string, segments int, percentages []any) map[string]any {
	s := map[string]any{"featureName": feature, "environment": "production", "sortOrder": random.IntN(5),
		"name": "default", "parameters": map[string]any{}, "constraints": []any{}}
	if chance(random, 0.7) {
		s["constraints"] = several(random, 0, 2, unleashConstraint)
	}
	if chance(random, 0.3) {
		s["segments"] = []any{random.IntN(segments + 1)}
	}
	if chance(random, 0.05) {
		s["disabled"] = true
	}
	percentage := percentages[random.IntN(len(percentages))]
	switch random.IntN(6) {
	case 0:
		s["name"], s["parameters"] = "userWithId", map[string]any{"userIds": oneOf(random, "anna,ben", "anna , carl@example.com", "", " x", "FR", "7")}
	case 1:
		s["name"], s["parameters"] = "remoteAddress", map[string]any{"IPs": oneOf(random, "10.0.0.1", "10.0.0.0/8, 192.168.0.0/16", "FR", "10.1.2.0/25", "::1/64", "")}
	case 2, 3:
		s["name"] = "flexibleRollout"
		parameters := map[string]any{"rollout": percentage, "groupId": oneOf(random, feature, "shared", "")}
		if stickiness := oneOf(random, "", "default", "userId", "sessionId", "random", "country"); stickiness != "" {
			parameters["stickiness"] = stickiness
		}
		s["parameters"] = parameters
	case 4:
		s["name"] = oneOf(random, "gradualRolloutUserId", "gradualRolloutSessionId", "gradualRolloutRandom", "somethingElse")
		s["parameters"] = map[string]any{"percentage": percentage, "groupId": feature}
	}
	return s
}

func unleashConstraint(random *rand.Rand) any {
	c := map[string]any{"contextName": oneOf(random, "country", "age", "appVersion", "userId", "sessionId", "remoteAddress", "acme.plan")}
	values := func() []string {
		return several(random, 0, 3, func(random *rand.Rand) string { return oneOf(random, texts()...) })
	}
	switch random.IntN(6) {
	case 0:
		c["operator"], c["values"] = oneOf(random, "IN", "NOT_IN"), values()
	case 1:
		c["operator"], c["values"] = oneOf(random, "STR_CONTAINS", "STR_STARTS_WITH", "STR_ENDS_WITH"), values()
		if chance(random, 0.5) {
			c["caseInsensitive"] = true
		}
	case 2:
		c["operator"], c["value"] = oneOf(random, "NUM_EQ", "NUM_GT", "NUM_GTE", "NUM_LT", "NUM_LTE"), oneOf[any](random, "18", 18, "0", "-3", "20.05", " 8", "x")
	case 3:
		c["operator"], c["value"] = oneOf(random, "SEMVER_EQ", "SEMVER_GT", "SEMVER_GTE", "SEMVER_LT", "SEMVER_LTE"),
			oneOf(random, "1.0.0", "1.2.3", "2.3.0-rc.1", "v2.0.0", "1.2", "x")
	case 4:
		c["operator"], c["value"] = oneOf(random, "DATE_AFTER", "DATE_BEFORE"), oneOf(random, "2026-01-01T00:00:00Z", "2030-01-01T00:00:00.500Z", "2026-06-01T12:00:00Z", "soon")
	default:
		switch random.IntN(3) {
		case 0:
			c["operator"], c["value"] = "REGEX", oneOf(random, "^FR$", "@example\\.com$", "^.*@example.*$", "^(FR|IT)$", "^.+@example\\.com$", "[0-9]+", "1", "^1\\.", "(")
			if chance(random, 0.3) {
				c["caseInsensitive"] = true
			}
		case 1:
			c["operator"], c["values"] = "IN_CIDR", oneOf(random, []string{"10.0.0.0/8"}, []string{"10.0.0.1"}, []string{"192.168.4.0/22", "::1"}, []string{"0.0.0.0/0"})
		default:
			c["operator"], c["values"] = oneOf(random, "SOUNDS_LIKE", "IN"), values()
		}
	}
	if chance(random, 0.25) {
		c["inverted"] = true
	}
	return c
}
