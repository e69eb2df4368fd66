package evaluator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKeySetsHoldWhatTheyWereMadeOf(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1000) {
		random := rand.New(rand.NewPCG(seed, 0))
		keys := closeKeys(random)
		set := newKeySet(keys)
		in := make(map[string]bool, len(keys))
		for _, k := range keys {
			in[k] = true
			require.True(t, set.contains(k), "seed %d: %q", seed, k)
		}
		for _, k := range closeKeys(random) {
			require.Equal(t, in[k], set.contains(k), "seed %d: %q", seed, k)
		}
		require.Equal(t, len(keys) == 0, set.empty(), "seed %d", seed)
	}
}

// closeKeys makes up to 40 keys of few runes: many are prefixes of one another, and many are equal.
func closeKeys(random *rand.Rand) []string {
	runes := []rune{'a', 'b', 'é', 0}
	keys := make([]string, random.IntN(41))
	for i := range keys {
		var key strings.Builder
		for range random.IntN(7) {
			key.WriteRune(runes[random.IntN(len(runes))])
		}
		keys[i] = key.String()
	}
	return keys
}

func TestKeyTablesHoldLongKeys(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, length := range []int{0, 1, 126, 127, 128, 129, 16383, 16384, 100_000} {
		keys = append(keys, strings.Repeat("x", length), strings.Repeat("y", length)+"z")
	}
	set := newKeySet(keys)
	require.NotNil(t, set.table)
	for _, k := range keys {
		require.True(t, set.contains(k), len(k))
		require.False(t, set.contains(k+"?"), len(k))
	}
}

func TestKeyTablesHoldManyKeys(t *testing.T) {
	t.Parallel()
	keys := make([]string, 50_000)
	for i := range keys {
		keys[i] = fmt.Sprintf("user-%d", 2*i)
	}
	set := newKeySet(keys)
	for i := range 100_000 {
		require.Equal(t, i%2 == 0, set.contains(fmt.Sprintf("user-%d", i)), i)
	}
}

// TestKeyTablesHoldAKeyOnce keeps the cost of a table in proportion to its keys when somebody pastes one a million
// times.
func TestKeyTablesHoldAKeyOnce(t *testing.T) {
	t.Parallel()
	set := newKeySet(slices.Repeat([]string{"again", "and again"}, 1000))
	require.True(t, set.contains("again"))
	require.True(t, set.contains("and again"))
	taken := slices.DeleteFunc(set.table.slots, func(slot uint64) bool { return slot == 0 })
	require.Len(t, taken, 2)
}
