package evaluator_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// flagdCoreFolder is the environment variable that names the folder where "npm ci" was run: testdata/flagdcore, or a
// copy of it.
const flagdCoreFolder = "TIDEGATE_FLAGD_CORE"

// TestBucketingIsFlagds resolves rollouts with the evaluator and with OpenFeature's @openfeature/flagd-core, which
// knows nothing of ours, for 100 000 random keys.
//
// The keys are ASCII. Beyond that, flagd's own implementations differ: the daemon and most providers hash UTF-8, as we
// do, while @openfeature/flagd-core 4.0 hashes UTF-16 code units.
func TestBucketingIsFlagds(t *testing.T) {
	t.Parallel()
	folder := os.Getenv(flagdCoreFolder)
	if folder == "" {
		t.Skipf("%s is not set: run npm ci in evaluator/testdata/flagdcore and set it to that folder", flagdCoreFolder)
	}
	folder, err := filepath.Abs(folder)
	require.NoError(t, err)

	const keys = 100_000
	contexts := make([]map[string]any, keys)
	random := rand.New(rand.NewPCG(20261121, 3))
	for i := range contexts {
		contexts[i] = map[string]any{"targetingKey": randomKey(random), "account": random.Int64N(2<<53) - 1<<53 + 1}
	}
	rollouts := []flagdRollout{
		{key: "halves", bucketBy: "targetingKey", weights: []int{50_000, 50_000}},
		{key: "seeded", bucketBy: "targetingKey", seed: "a seed of several blocks", weights: []int{1_000, 24_000, 75_000}},
		{key: "by-number", bucketBy: "account", seed: "n", weights: []int{33_333, 0, 33_334, 33_333}},
	}
	want := resolveWithFlagd(t, folder, rollouts, contexts)
	def := definition(nil)
	for i := range rollouts {
		def.Flags = append(def.Flags, rollouts[i].flag())
	}
	s := compile(t, def)
	for _, r := range rollouts {
		require.Len(t, want[r.key], keys)
		for i, context := range contexts {
			c := evaluator.MapContext(context)
			require.Equal(t, want[r.key][i], s.Evaluate(r.key, &c).Variation, "%s %v", r.key, context)
		}
	}
}

// randomKey returns up to 40 printable ASCII characters.
func randomKey(random *rand.Rand) string {
	key := make([]byte, 1+random.IntN(40))
	for i := range key {
		key[i] = byte(' ' + random.IntN('~'-' '+1))
	}
	return string(key)
}

type flagdRollout struct {
	key, bucketBy, seed string
	weights             []int
}

func (r *flagdRollout) flag() evaluator.Flag {
	rollout := &evaluator.Rollout{BucketBy: r.bucketBy, Seed: r.seed}
	f := evaluator.Flag{Key: r.key, Version: 1, Type: evaluator.TypeString}
	for i, w := range r.weights {
		name := "v" + strconv.Itoa(i)
		f.Variations = append(f.Variations, evaluator.Variation{Key: name, Value: raw(name)})
		rollout.Weights = append(rollout.Weights, evaluator.WeightedServing{Variation: name, Weight: w})
	}
	f.Config = evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Rollout: rollout}}
	return f
}

// flagd returns the same rollout in flagd's words.
func (r *flagdRollout) flagd() map[string]any {
	seed := r.seed
	if seed == "" {
		seed = r.key
	}
	variants := map[string]any{}
	fractional := []any{map[string]any{"cat": []any{seed, map[string]any{"var": r.bucketBy}}}}
	for i, w := range r.weights {
		name := "v" + strconv.Itoa(i)
		variants[name] = name
		fractional = append(fractional, []any{name, w})
	}
	return map[string]any{
		"state": "ENABLED", "variants": variants, "defaultVariant": "v0", "targeting": map[string]any{"fractional": fractional},
	}
}

// resolveWithFlagd returns the variants by flag, in the order of the contexts.
func resolveWithFlagd(t *testing.T, folder string, rollouts []flagdRollout, contexts []map[string]any) map[string][]string {
	t.Helper()
	flags := map[string]any{}
	for i := range rollouts {
		flags[rollouts[i].key] = rollouts[i].flagd()
	}
	input := raw(map[string]any{"definition": map[string]any{"flags": flags}, "contexts": contexts})
	command := exec.CommandContext(t.Context(), "node", "resolve.mjs")
	command.Dir = folder
	command.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, stderr.String())
	var variants map[string][]string
	require.NoError(t, json.Unmarshal(output, &variants), "%.200s", output)
	return variants
}
