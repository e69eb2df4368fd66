package importer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

func TestJudgeUnleash(t *testing.T) {
	t.Parallel()
	d := differential{engine: "unleash", source: importer.Source{Format: "unleash"}, generate: unleashFile, exact: 0.5,
		context: func(random *rand.Rand) map[string]any { return contextOf(random, "country", "age") }}
	d.run(t)
}

// unleashFile is an export of features.
func unleashFile(random *rand.Rand) any {
	const features = 10
	list, environments, strategies := []any{}, []any{}, []any{}
	for i := range features {
		name := fmt.Sprintf("f%d", i)
		list = append(list, map[string]any{"name": name})
		environments = append(environments, map[string]any{"featureName": name, "environment": "production", "enabled": chance(random, 0.9)})
		strategies = append(strategies, map[string]any{"featureName": name, "environment": "production", "name": "userWithId",
			"parameters": map[string]any{"userIds": oneOf(random, "anna,ben", "anna , carl@example.com", "x")}})
	}
	return map[string]any{"features": list, "featureEnvironments": environments, "featureStrategies": strategies}
}
