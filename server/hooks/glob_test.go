package hooks

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGlobsMatchAsExpressionsDo compares patterns with the regular expressions that they stand for.
func TestGlobsMatchAsExpressionsDo(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	text := func(most int, from ...string) string {
		var b strings.Builder
		for range r.IntN(most) {
			b.WriteString(from[r.IntN(len(from))])
		}
		return b.String()
	}
	matched := 0
	for range 20_000 {
		pattern, name := text(8, "a", "B", "K", "*", "*", "ä", "."), text(12, "a", "A", "b", "k", "\u212a", "Ä", ".", "\n")
		expression := regexp.MustCompile(`(?is)\A` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `(.*)`) + `\z`)
		want := expression.FindStringSubmatch(name)
		groups, ok := newGlob(pattern).find(fold(name))
		require.Equal(t, want != nil, ok, "%q of %q", pattern, name)
		if ok {
			matched++
			require.Equal(t, want[1:], append([]string{}, groups...), "%q of %q", pattern, name)
		}
	}
	require.Greater(t, matched, 1000)
}

// TestLongNamesMatchNoPattern tests that the length is checked before anything else. The pattern has 98 times *.
func TestLongNamesMatchNoPattern(t *testing.T) {
	patterns := make([]pattern, maxPatterns)
	for i := range patterns {
		patterns[i] = pattern{newGlob(strings.Repeat("*a", 98)), "service"}
	}
	name := strings.Repeat("a", maxName)
	_, ok := apply(patterns, name)
	require.True(t, ok)
	long := name + "a"
	require.Zero(t, testing.AllocsPerRun(10, func() { _, ok = apply(patterns, long) }))
	require.False(t, ok)
}
