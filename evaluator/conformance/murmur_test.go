package conformance

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/murmur3"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
)

// TestTheVectorsHashIsMurmur compares the hash that the frozen vectors are computed with.
func TestTheVectorsHashIsMurmur(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "text"))
		require.Equal(t, murmur3.StringSum32(text), corpustest.Murmur3(text))
	})
}

// TestBucketsAreThoseOfMurmur compares the bucket of any seed and key with an independent MurmurHash3.
func TestBucketsAreThoseOfMurmur(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.StringN(1, -1, 40).Draw(t, "seed")
		s := rolloutSnapshot(t, [2]string{seed, seed}, evaluator.TotalWeight/2, evaluator.TotalWeight/2)
		text, number := rapid.StringN(1, -1, 40).Draw(t, "text"), rapid.Int64Range(1-1<<53, 1<<53-1).Draw(t, "number")
		for input, key := range map[string]any{seed + text: text, seed + strconv.FormatInt(number, 10): number} {
			c := evaluator.MapContext(map[string]any{"targetingKey": key})
			want := uint64(murmur3.StringSum32(input)) * evaluator.TotalWeight >> 32
			require.EqualValues(t, want, *s.Explain("one", &c).Fallthrough.Rollout.Bucket, "%q", input)
		}
	})
}
