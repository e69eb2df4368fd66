package evaluator

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// trials is how many random inputs each property is tried with.
const trials = 5000

// one picks at random.
func one[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// someText is made of few runes, so that texts have much in common. Some of the runes have three forms in case
// folding, and some bytes are no UTF-8.
func someText(r *rand.Rand) string {
	var text strings.Builder
	for range r.IntN(7) {
		text.WriteString(one(r, "a", "b", "B", "k", "K", "\u212a", "ß", "\uffff", "\xff"))
	}
	return text.String()
}

func several[T any](r *rand.Rand, most int, make func(*rand.Rand) T) []T {
	list := []T{make(r)}
	for range r.IntN(most) {
		list = append(list, make(r))
	}
	return list
}

// TestSetsOfTextsAnswerAsOneByOne compares the prepared sets with what they stand for.
func TestSetsOfTextsAnswerAsOneByOne(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for range trials {
		texts, text := several(r, 20, someText), someText(r)
		for _, fold := range []bool{false, true} {
			form := func(s string) string { return s }
			if fold {
				form = foldString
			}
			folded := make([]string, len(texts))
			for i := range texts {
				folded[i] = form(texts[i])
			}
			holds := func(holds func(s, part string) bool) bool {
				return slices.ContainsFunc(folded, func(part string) bool { return holds(form(text), part) })
			}
			same := func(s, part string) bool { return s == part }
			require.Equal(t, holds(same), newAffixes(texts, codeIn, fold).contain(text), "%q in %q, fold %t", text, texts, fold)
			require.Equal(t, holds(strings.HasPrefix), newAffixes(texts, codeStartsWith, fold).contain(text),
				"%q begins as %q, fold %t", text, texts, fold)
			require.Equal(t, holds(strings.HasSuffix), newAffixes(texts, codeEndsWith, fold).contain(text),
				"%q ends as %q, fold %t", text, texts, fold)
			require.Equal(t, holds(strings.Contains), newAutomaton(folded, fold).foundIn(text),
				"%q contains %q, fold %t", text, texts, fold)
		}
	}
}

func someAddress(r *rand.Rand) netip.Addr {
	b := func() byte { return one[byte](r, 0, 1, 127, 128, 255) }
	if r.IntN(2) == 0 {
		return netip.AddrFrom4([4]byte{10, b(), b(), b()})
	}
	return netip.AddrFrom16([16]byte{0x20, 1, 14: b(), 15: b()})
}

func someNetwork(r *rand.Rand) netip.Prefix {
	addr := someAddress(r)
	bits := r.IntN(addr.BitLen() + 1)
	if r.IntN(4) > 0 {
		bits = addr.BitLen() - r.IntN(20)
	}
	return netip.PrefixFrom(addr, bits).Masked()
}

func TestNetworksAnswerAsOneByOne(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for range trials {
		prefixes, addr := several(r, 20, someNetwork), someAddress(r)
		contains := slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
		require.Equal(t, contains, newNetworks(prefixes).contain(addr), "%v in %v", addr, prefixes)
	}
}

func someVersion(r *rand.Rand) string {
	number := func() string { return one(r, "0", "1", "2", "10") }
	return number() + "." + number() + "." + number() + one(r, "", "", "-rc.1", "-0", "-rc.1.a")
}

func someRange(r *rand.Rand) string {
	if r.IntN(4) == 0 {
		return one(r, "*", "1.x", "^0.1", "1 - 2", "<*", "<2 || >=10")
	}
	return strings.Join(several(r, 4, func(r *rand.Rand) string {
		return one(r, "=", "!=", ">", ">=", "<", "<=", "^", "~") + someVersion(r)
	}), " ")
}

func TestIntervalsAnswerAsRanges(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for range trials {
		texts, text := several(r, 6, someRange), someVersion(r)
		var ranges []VersionRange
		for _, text := range texts {
			parsed, err := ParseVersionRange(text)
			require.NoError(t, err)
			ranges = append(ranges, parsed)
		}
		v, ok := parseVersion(text)
		require.True(t, ok)
		contains := slices.ContainsFunc(ranges, func(r VersionRange) bool { return r.Contains(text) })
		require.Equal(t, contains, newIntervals(ranges).contain(&v), "%s in %q", text, texts)
	}
}

func TestUnitsOfTexts(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for range trials {
		text := strings.Join(several(r, 8, func(r *rand.Rand) string { return one(r, "a", "ä", "😀", "\xff") }), "")
		units := unitsIn(text)
		require.Len(t, units, unitLength(text))
		for i := range units {
			require.Equal(t, units[i].text, unitSlice(text, i, i+1), "%q", text)
		}
	}
	require.Equal(t, "\ufffdb\ufffd", unitSlice("a😀b😀", 2, 5))
	require.Equal(t, "😀", unitSlice("a😀b", 1, 3))
}
