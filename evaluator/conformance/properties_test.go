package conformance

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
)

// draw compiles a random definition, whatever problems it has.
func draw(t *rapid.T) (*evaluator.Snapshot, evaluator.Definition) {
	def := randomDefinition().Draw(t, "definition")
	s, _, err := evaluator.Compile(def)
	require.NoError(t, err)
	return s, def
}

// sameResult requires results that are equal but for what they refer to.
func sameResult(t require.TestingT, want, got evaluator.Result, message string) {
	require.Empty(t, corpustest.Difference(want, got), message)
}

func TestExplainAndEvaluateAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, def := draw(t)
		c := evaluator.MapContext(randomAttributes().Draw(t, "context"))
		if rapid.Bool().Draw(t, "instance") {
			c = c.WithInstance("checkout", "2.3.0", "i-1")
		}
		for _, f := range def.Flags {
			x := s.Explain(f.Key, &c)
			r := s.Evaluate(f.Key, &c)
			sameResult(t, r, x.Result, f.Key)
			requireConsistent(t, &x)
			_, err := json.Marshal(x)
			require.NoError(t, err)
		}
	})
}

// requireConsistent checks that the trace leads to the result.
func requireConsistent(t *rapid.T, x *evaluator.Explanation) {
	require.Equal(t, x.Result.Variation, x.Variation)
	require.Equal(t, x.Result.Reason.String(), x.Reason)
	if x.Result.Reason == evaluator.ReasonError {
		require.NotNil(t, x.Error)
		return
	}
	decided := x.Result.RuleIndex
	for i, r := range x.Rules {
		switch {
		case i == decided:
			require.Equal(t, evaluator.OutcomeMatched, r.Outcome)
			require.NotEqual(t, evaluator.OutcomeNotReached, r.Serve.Outcome)
		case decided >= 0 && i > decided:
			require.Equal(t, evaluator.OutcomeNotReached, r.Outcome)
		default:
			require.NotEqual(t, evaluator.OutcomeMatched, r.Outcome)
			require.Equal(t, evaluator.OutcomeNotReached, r.Serve.Outcome)
		}
	}
	if x.Result.Reason != evaluator.ReasonSplit {
		return
	}
	serve := x.Fallthrough
	if decided >= 0 {
		serve = x.Rules[decided].Serve
	}
	for _, b := range serve.Rollout.Ranges {
		if b.Chosen {
			require.Equal(t, x.Variation, b.Variation)
			require.True(t, b.From <= *serve.Rollout.Bucket && *serve.Rollout.Bucket < b.To)
		}
	}
}

func TestEvaluateAllAgreesWithEvaluate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, def := draw(t)
		c := evaluator.MapContext(randomAttributes().Draw(t, "context"))
		last, count := "", 0
		s.EvaluateAll(&c, func(key string, clientSide bool, r evaluator.Result) bool {
			require.Less(t, last, key, "keys ascend")
			sameResult(t, s.Evaluate(key, &c), r, key)
			f, ok := s.Flag(key)
			require.True(t, ok)
			require.Equal(t, f.ClientSide, clientSide)
			last = key
			count++
			return true
		})
		require.Equal(t, len(def.Flags), count)
		require.Equal(t, count, s.Len())
	})
}

func TestMarshallingChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, def := draw(t)
		encoded, err := json.Marshal(s.Definition())
		require.NoError(t, err)
		// Decoding into maps and encoding again puts all keys in another order.
		var reordered any
		require.NoError(t, json.Unmarshal(encoded, &reordered))
		shuffled, err := json.Marshal(reordered)
		require.NoError(t, err)

		attributes := randomAttributes().Draw(t, "context")
		c := evaluator.MapContext(attributes)
		var decoded map[string]any
		require.NoError(t, json.Unmarshal(raw(attributes), &decoded))
		remote := evaluator.MapContext(decoded)
		for _, form := range []string{string(encoded), string(shuffled)} {
			var again evaluator.Definition
			require.NoError(t, json.Unmarshal([]byte(form), &again))
			other, _, err := evaluator.Compile(again)
			require.NoError(t, err)
			for _, f := range def.Flags {
				sameResult(t, s.Evaluate(f.Key, &c), other.Evaluate(f.Key, &c), form)
				sameResult(t, s.Evaluate(f.Key, &c), other.Evaluate(f.Key, &remote), form)
			}
		}
	})
}

func TestPreparedAndMapContextsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, def := draw(t)
		attributes := randomAttributes().Draw(t, "context")
		c := evaluator.MapContext(attributes)
		prepared := evaluator.NewContext("")
		for name, value := range attributes {
			prepared = prepared.With(name, value)
		}
		for _, f := range def.Flags {
			sameResult(t, s.Evaluate(f.Key, &c), s.Evaluate(f.Key, &prepared), fmt.Sprint(attributes))
		}
	})
}

func TestPatchesLeadToWhatCompilingLeadsTo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, def := draw(t)
		before := s.Definition()
		p := evaluator.Patch{FormatVersion: evaluator.FormatVersion, Epoch: def.Epoch, From: 1, Revision: 2}
		flags, segments := map[string]evaluator.Flag{}, map[string]evaluator.Segment{}
		for _, f := range def.Flags {
			flags[f.Key] = f
		}
		for _, seg := range def.Segments {
			segments[seg.Key] = seg
		}
		for i := range 7 {
			key := fmt.Sprintf("f%d", i)
			switch rapid.IntRange(0, 3).Draw(t, "change of "+key) {
			case 0:
				flags[key] = randomFlag(key, 2).Draw(t, key)
				p.Flags = append(p.Flags, flags[key])
			case 1:
				delete(flags, key)
				p.RemovedFlags = append(p.RemovedFlags, key)
			}
		}
		for i := range 4 {
			key := fmt.Sprintf("s%d", i)
			switch rapid.IntRange(0, 3).Draw(t, "change of "+key) {
			case 0:
				segments[key] = randomSegment(key, 2).Draw(t, key)
				p.Segments = append(p.Segments, segments[key])
			case 1:
				delete(segments, key)
				p.RemovedSegments = append(p.RemovedSegments, key)
			}
		}
		want := definition()
		want.Revision = 2
		for _, f := range flags {
			want.Flags = append(want.Flags, f)
		}
		for _, seg := range segments {
			want.Segments = append(want.Segments, seg)
		}
		compiled, _, err := evaluator.Compile(want)
		require.NoError(t, err)
		patched, _, err := s.Apply(p)
		require.NoError(t, err)
		require.JSONEq(t, string(raw(compiled.Definition())), string(raw(patched.Definition())))
		require.JSONEq(t, string(raw(before)), string(raw(s.Definition())), "the older snapshot stays as it was")

		c := evaluator.MapContext(randomAttributes().Draw(t, "context"))
		for key := range flags {
			sameResult(t, compiled.Evaluate(key, &c), patched.Evaluate(key, &c), key)
		}
		require.Equal(t, len(flags), patched.Len())
	})
}

func TestStrangeAttributesAreSurvived(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, def := draw(t)
		attributes := randomAttributes().Draw(t, "context")
		for range 3 {
			name := rapid.SampledFrom([]string{"targetingKey", "country", "age", "app", "tags", "email", "serviceVersion"}).Draw(t, "name")
			attributes[name] = rapid.SampledFrom(strangeValues()).Draw(t, "strange")
		}
		c := evaluator.MapContext(attributes)
		for _, f := range def.Flags {
			x := s.Explain(f.Key, &c)
			sameResult(t, s.Evaluate(f.Key, &c), x.Result, f.Key)
			_, err := json.Marshal(x)
			require.NoError(t, err)
		}
	})
}

// rolloutSnapshot returns flags "one" and "two" that roll out three variations by the weights and seeds.
func rolloutSnapshot(t require.TestingT, seeds [2]string, weights ...int) *evaluator.Snapshot {
	def := definition()
	for i, key := range []string{"one", "two"} {
		rollout := &evaluator.Rollout{Seed: seeds[i]}
		f := evaluator.Flag{Key: key, Version: 1, Type: evaluator.TypeNumber}
		for j, w := range weights {
			name := fmt.Sprintf("v%d", j)
			f.Variations = append(f.Variations, evaluator.Variation{Key: name, Value: raw(j)})
			rollout.Weights = append(rollout.Weights, evaluator.WeightedServing{Variation: name, Weight: w})
		}
		f.Config = evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Rollout: rollout}}
		def.Flags = append(def.Flags, f)
	}
	s, problems, err := evaluator.Compile(def)
	require.NoError(t, err)
	require.Empty(t, problems)
	return s
}

func served(s *evaluator.Snapshot, flag, key string) int {
	c := evaluator.NewContext(key)
	n, _ := s.Evaluate(flag, &c).Int(-1)
	return int(n)
}

// TestWeightsComeOutUniform bounds chi-square by its 99.9th percentile; with fixed keys the test always gives the same.
func TestWeightsComeOutUniform(t *testing.T) {
	t.Parallel()
	const keys = 100_000
	weights := []int{50_000, 30_000, 15_000, 4_000, 1_000}
	for _, seed := range []string{"", "a", "layer-1", strings.Repeat("long seed ", 20)} {
		s := rolloutSnapshot(t, [2]string{seed, seed}, weights...)
		counts := make([]int, len(weights))
		for i := range keys {
			counts[served(s, "one", fmt.Sprintf("user-%d", i))]++
		}
		chiSquare := 0.0
		for i, w := range weights {
			expected := keys * float64(w) / evaluator.TotalWeight
			chiSquare += math.Pow(float64(counts[i])-expected, 2) / expected
		}
		const percentile = 18.47 // of chi-square with 4 degrees of freedom
		require.Less(t, chiSquare, percentile, "seed %q: %v", seed, counts)
	}
}

func TestRaisingAWeightMovesNobodyOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(0, evaluator.TotalWeight).Draw(t, "low")
		high := rapid.IntRange(low, evaluator.TotalWeight).Draw(t, "high")
		before := rolloutSnapshot(t, [2]string{}, low, evaluator.TotalWeight-low)
		after := rolloutSnapshot(t, [2]string{}, high, evaluator.TotalWeight-high)
		for _, key := range rapid.SliceOfN(rapid.StringN(1, -1, 30), 50, 50).Draw(t, "keys") {
			if served(before, "one", key) == 0 {
				require.Zero(t, served(after, "one", key), "%q left", key)
			}
		}
	})
}

// TestFlagsBucketIndependently bounds the correlation of two flags over 100 000 keys.
func TestFlagsBucketIndependently(t *testing.T) {
	t.Parallel()
	const keys = 100_000
	s := rolloutSnapshot(t, [2]string{}, evaluator.TotalWeight/2, evaluator.TotalWeight/2)
	same := 0
	for i := range keys {
		key := fmt.Sprintf("user-%d", i)
		if served(s, "one", key) == served(s, "two", key) {
			same++
		}
	}
	const fourSigma = 4 * 158.2 // of a binomial distribution with n 100 000 and p 1/2
	require.InDelta(t, keys/2, same, fourSigma)
}

func TestEqualSeedsBucketAlike(t *testing.T) {
	t.Parallel()
	s := rolloutSnapshot(t, [2]string{"layer", "layer"}, 30_000, 30_000, 40_000)
	explicit := rolloutSnapshot(t, [2]string{"one", "one"}, 30_000, 30_000, 40_000)
	implicit := rolloutSnapshot(t, [2]string{}, 30_000, 30_000, 40_000)
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringN(1, -1, 40).Draw(t, "key")
		require.Equal(t, served(s, "one", key), served(s, "two", key))
		require.Equal(t, served(implicit, "one", key), served(explicit, "two", key), "the seed is the flag key unless set")
	})
}
