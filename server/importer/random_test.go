package importer_test

import "math/rand/v2"

// oneOf picks one of several.
func oneOf[T any](random *rand.Rand, values ...T) T { return values[random.IntN(len(values))] }

// chance is true for a share of all cases.
func chance(random *rand.Rand, share float64) bool { return random.Float64() < share }

// several makes between least and most of something.
func several[T any](random *rand.Rand, least, most int, make func(random *rand.Rand) T) []T {
	list := []T{}
	for range least + random.IntN(most-least+1) {
		list = append(list, make(random))
	}
	return list
}

// texts are in both definitions and contexts, so that they meet. Among them are numbers, versions, addresses,
// spellings of booleans, and texts that are easily taken for something else.
func texts() []string {
	return []string{"FR", "IT", "fr", "", "a@example.com", "b@EXAMPLE.com", "anna", "ben", "true", "false", "True", "1", "8", "18", "20", "-3",
		"20.05", "1e3", " 20", "1.0.0", "1.2.3", "2.3.0-rc.1", "v2.0.0", "1.2", "1-2-3", " 1.0.0", "10.0.0.1", "10.1.2.3", "192.168.7.4", "null",
		"2026-01-01T00:00:00Z", "FR,IT", "[object Object]"}
}

// value is what a context may hold under an attribute's name.
func value(random *rand.Rand) any {
	switch random.IntN(12) {
	case 0:
		return nil
	case 1:
		return chance(random, 0.5)
	case 2, 3:
		return oneOf(random, 0.0, 1, 2, 5, 8, 18, 20, -3, 20.5, 1000, 1e21, 0.1)
	case 4:
		return several(random, 0, 3, scalar)
	case 5:
		return oneOf[any](random, []any{"FR"}, []any{"FR", "IT"}, []any{"20"}, []any{8.0}, []any{}, []any{"10.0.0.1"}, []any{"1.2.3"})
	default:
		return oneOf(random, texts()...)
	}
}

func scalar(random *rand.Rand) any {
	switch random.IntN(6) {
	case 0:
		return chance(random, 0.5)
	case 1:
		return oneOf(random, 0.0, 1, 5, 8, 20)
	case 2:
		return nil
	default:
		return oneOf(random, texts()...)
	}
}

// contextOf is a context with any of the attributes, each absent or of any type, and perhaps a targeting key.
func contextOf(random *rand.Rand, attributes ...string) map[string]any {
	context := map[string]any{}
	for _, name := range attributes {
		if !chance(random, 0.15) {
			context[name] = value(random)
		}
	}
	if !chance(random, 0.15) {
		context["targetingKey"] = oneOf(random, "anna", "ben", "7", "carl@example.com", "x", "FR")
	}
	return context
}
