package evaluator_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
)

// rolloutVectors freezes bucketing. The expected variations are computed here, with an independent MurmurHash3.
func rolloutVectors(t *testing.T) vectors {
	t.Helper()
	file := vectors{
		Description: "Rollouts: bucket = (murmur3_32(seed + key) * 100000) >> 32. The seed is the flag key unless set.",
		Definition:  vectorDefinition(),
	}
	names := []string{"a", "b", "c", "a", "d"} // a has two shares
	for _, r := range []struct {
		key, seed string
		weights   []int
	}{
		{"quarter", "", []int{25_000, 75_000}},
		{"r", "", []int{50_000, 50_000}},
		{"one-percent", "seed", []int{1_000, 99_000}},
		{"layered", "a seed of more than one block, with ünïcödé", []int{20_000, 30_000, 0, 10_000, 40_000}},
		{"everybody", "", []int{100_000, 0}},
		{"nobody", "", []int{0, 100_000}},
		{"smallest", "", []int{1, 99_999}},
	} {
		rollout := &evaluator.Rollout{Seed: r.seed}
		for i, w := range r.weights {
			rollout.Weights = append(rollout.Weights, evaluator.WeightedServing{Variation: names[i], Weight: w})
		}
		file.Definition.Flags = append(file.Definition.Flags, evaluator.Flag{
			Key: r.key, Version: 1, Type: evaluator.TypeString,
			Variations: []evaluator.Variation{{Key: "a", Value: raw("A")}, {Key: "b", Value: raw("B")}, {Key: "c", Value: raw("C")}, {Key: "d", Value: raw("D")}},
			Config:     evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Rollout: rollout}},
		})
		seed := r.seed
		if seed == "" {
			seed = r.key
		}
		for _, key := range bucketingKeys() {
			share := expectedShare(seed+fmt.Sprint(key), r.weights)
			variation := names[share]
			file.Cases = append(file.Cases, vector{
				Name: fmt.Sprintf("%s %v", r.key, key), Flag: r.key,
				Context: raw(map[string]any{"targetingKey": key}),
				Result: vectorResult{
					Variation: &variation, Value: json.RawMessage(fmt.Sprintf("%q", string(variation[0]-'a'+'A'))), Reason: "SPLIT",
				},
			})
		}
	}
	return file
}

// expectedShare is the definition of bucketing, written as plainly as possible.
func expectedShare(input string, weights []int) int {
	bucket := int(uint64(corpustest.Murmur3(input)) * 100_000 >> 32)
	below := 0
	for i, w := range weights {
		below += w
		if bucket < below {
			return i
		}
	}
	return -1
}

// bucketingKeys are strings of every length modulo a block of the hash, text of other scripts, and integers.
func bucketingKeys() []any {
	keys := []any{
		"a", "ab", "abc", "abcd", "abcde", "user@example.com", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "ключ", "鍵", "🔑", "0", " ", "\u0000",
		0, 1, -1, 42, 1777, 9007199254740991, -9007199254740991,
	}
	for i := range 20 {
		keys = append(keys, fmt.Sprintf("user-%d", i*i*i))
	}
	return keys
}
