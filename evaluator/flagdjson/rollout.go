package flagdjson

import (
	"strings"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// maxSafeInteger is the largest number that buckets.
const maxSafeInteger = 1<<53 - 1

// newRollout writes a rollout of the flag.
func newRollout(flag string, r *evaluator.Rollout) (*rollout, *refusal) {
	bucketBy, seed := r.BucketBy, r.Seed
	if bucketBy == "" {
		bucketBy = evaluator.AttributeTargetingKey
	}
	if seed == "" {
		seed = flag
	}
	if reason := refusePath(bucketBy); reason != "" {
		return nil, refuse("bucketBy", reason)
	}
	if strings.IndexFunc(seed, func(c rune) bool { return c >= utf8.RuneSelf }) >= 0 {
		return nil, refuse("seed", "flagd's implementations differ in how they hash a seed that is not ASCII")
	}
	key := logic.Var(bucketBy)
	split := make([]logic.Expression, 0, len(r.Weights)+1)
	split = append(split, logic.Apply("cat", seed, key))
	for _, w := range r.Weights {
		split = append(split, []logic.Expression{w.Variation, w.Weight})
	}
	return &rollout{bucketable: isBucketable(bucketBy), split: logic.Apply("fractional", split...)}, nil
}

// isBucketable is true where the attribute is a string that is not empty, or an integer that doubles tell from others.
func isBucketable(path string) logic.Expression {
	key := logic.Var(path)
	return logic.Any(
		logic.All(logic.IsString(key), logic.Apply("!==", key, "")),
		logic.All(
			logic.IsNumber(key, logic.Var(path+".length")),
			logic.Apply("===", logic.Apply("%", key, 1), 0),
			logic.Apply("<=", key, maxSafeInteger),
			logic.Apply(">=", key, -maxSafeInteger),
		),
	)
}
