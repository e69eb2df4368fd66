package evaluator

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersionsAscend(t *testing.T) {
	t.Parallel()
	ascending := []string{
		"0.0.0-0", "0.0.0", "0.0.1", "0.1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
		"1.0.0-beta.11", "1.0.0-rc.1", "1", "1.0.1-0A.is.legal", "v1.0.1", "1.2", "1.9.0", "1.10", "2-rc.1", "2",
		"99999999999999999999999.999999999999999999.99999999999999999",
	}
	for i, a := range ascending {
		for j, b := range ascending {
			got, ok := CompareVersions(a, b)
			require.True(t, ok)
			switch {
			case i < j:
				require.Equal(t, -1, got, "%s < %s", a, b)
			case i == j:
				require.Zero(t, got, a)
			default:
				require.Equal(t, 1, got, "%s > %s", a, b)
			}
		}
	}
	got, ok := CompareVersions("1.0.0+a", "v1+b.001")
	require.True(t, ok)
	require.Zero(t, got, "build metadata does not count")
}

func TestInvalidVersionsAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "v", "vv1", "V1", "1.", ".1", "1..2", "1.2.3.4", "01", "1.02", "1.2.03", "1.2.3-", "1.2.3-a..b", "1.2.3-01", "1.2.3+",
		"1.2.3+a..b", "1.2.3-a_b", "1.2.3 ", " 1", "-1", "+1", "1,2", "1.x", "alpha", "1.2.3-ä", "1.2.3-a+b+c",
	} {
		_, ok := CompareVersions(s, "1")
		require.False(t, ok, "%q", s)
		_, ok = CompareVersions("1", s)
		require.False(t, ok, "%q", s)
	}
}

func TestVersionRanges(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ranges  string
		in, out string
	}{
		{"2.3.4", "2.3.4 v2.3.4 2.3.4+b", "2.3.5 2.3.3 2.3.4-rc.1"},
		{"=2.3.4 || ==1", "2.3.4 1.0.0 1.9.9", "2.3.5 2.0.0 0.9.0"},
		{"2.3", "2.3.0 2.3.9", "2.4.0 2.2.9 2.3.0-rc.1 2.4.0-rc.1"},
		{"2", "2.0.0 2.9.9", "3.0.0 1.9.9 3.0.0-rc.1"},
		{"2.x", "2.0.0 2.9.9 2.5.0-rc.1", "3.0.0 1.9.9 3.0.0-rc.1"},
		{"2.3.x", "2.3.0 2.3.9", "2.4.0"},
		{"2.X.* || v4.*", "2.9.9 4.1.0", "3.0.0 5.0.0"},
		{"*", "0.0.0 9.9.9 1.0.0-rc.1", "one"},
		{"x || 3", "0.0.0", ""},
		{">=2.3.0 <3", "2.3.0 2.9.9 2.4.0-rc.1", "3.0.0 2.2.9 3.0.0-rc.1 2.3.0-rc.1"},
		{">=2.3.0, <3.0.0", "2.3.0 3.0.0-rc.1", "3.0.0"},
		{">= 2.3", "2.3.0 4.0.0", "2.2.9"},
		{">2.3", "2.4.0 3.0.0 2.4.0-rc.1", "2.3.0 2.3.9"},
		{">2.3.4", "2.3.5 2.3.5-rc.1", "2.3.4 2.3.4-rc.1"},
		{"<2.3", "2.2.9 1.0.0", "2.3.0 2.3.0-rc.1"},
		{"<=2.3", "2.3.9 2.3.0 1.0.0", "2.4.0 2.4.0-rc.1"},
		{"<=2.3.4", "2.3.4 2.3.4-rc.1", "2.3.5"},
		{"!=2.3.4 >=2", "2.3.3 2.3.5", "2.3.4 1.0.0"},
		{"^1.2.3", "1.2.3 1.9.0", "2.0.0 1.2.2 2.0.0-alpha"},
		{"^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2"},
		{"^0.0.3", "0.0.3", "0.0.4 0.0.2"},
		{"^0.0", "0.0.0 0.0.9", "0.1.0"},
		{"^0", "0.0.0 0.9.9", "1.0.0"},
		{"^1.x", "1.0.0 1.9.0", "2.0.0 0.9.0"},
		{"^1.9.9", "1.10.0", "2.0.0"},
		{"^9", "9.1.0", "10.0.0 8.0.0"},
		{"^2.3.0-rc.1", "2.3.0-rc.1 2.3.0-rc.2 2.3.0", "2.3.0-beta 3.0.0"},
		{"^* || ~*", "1.0.0 0.0.1-rc", ""},
		{"~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"},
		{"~1.2", "1.2.0 1.2.9", "1.3.0 1.1.9"},
		{"~1", "1.0.0 1.9.9", "2.0.0"},
		{"1.2 - 2.3.4", "1.2.0 2.3.4", "1.1.9 2.3.5"},
		{"1.2.3 - 2.3", "1.2.3 2.3.9", "2.4.0 1.2.2"},
		{"1.x || 2.x", "1.0.0 2.9.9", "3.0.0 0.9.9"},
		{"1.2.3-rc.x", "1.2.3-rc.x", "1.2.3"},
		{">* || <*", "", "0.0.0 1.0.0 0.0.0-0"},
		{">=* || <=1", "0.0.0 9.0.0", ""},
	} {
		t.Run(test.ranges, func(t *testing.T) {
			t.Parallel()
			r, err := ParseVersionRange(test.ranges)
			require.NoError(t, err)
			for v := range strings.FieldsSeq(test.in) {
				require.True(t, r.Contains(v), v)
			}
			for v := range strings.FieldsSeq(test.out) {
				require.False(t, r.Contains(v), v)
			}
		})
	}
}

func TestRangesAboveAVersion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ranges          string
		below, notBelow string
	}{
		{">=2.3.0", "2.2.9 2.3.0-rc.1 v1", "2.3.0 3.0.0 c0ffee"},
		{">2.3.4", "2.3.4", "2.3.5"},
		{"2.x", "1.9.9", "2.0.0 3.0.0"},
		{"2.3.4", "2.3.3", "2.3.4 2.3.5"},
		{"1.2 - 2.3", "1.1.9", "1.2.0 2.4.0"},
		{"1.x || 3.x", "0.9.0", "1.0.0 2.0.0 4.0.0"},
		{"<2", "", "0.0.0 2.0.0"},
		{"!=2.3.4", "", "2.3.4 0.0.0"},
		{"*", "", "0.0.0"},
	} {
		t.Run(test.ranges, func(t *testing.T) {
			t.Parallel()
			r, err := ParseVersionRange(test.ranges)
			require.NoError(t, err)
			for v := range strings.FieldsSeq(test.below) {
				require.True(t, r.Above(v), v)
			}
			for v := range strings.FieldsSeq(test.notBelow) {
				require.False(t, r.Above(v), v)
			}
		})
	}
	require.False(t, VersionRange{}.Above("1.0.0"))
}

func TestInvalidRangesAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", " ", "||", "1 ||", ">=", "=>1", "~>1", "1.2.3.x", "1.x.3", "x.1", "!=1", "1.2-rc.1", "two", "- 1", "1 -", ">>1", "<", "vv1", "v",
	} {
		_, err := ParseVersionRange(s)
		require.Error(t, err, "%q", s)
		require.Contains(t, err.Error(), "is no version range")
	}
	require.False(t, VersionRange{}.Contains("1.0.0"))
}

func TestIncrement(t *testing.T) {
	t.Parallel()
	pairs := []string{"0", "1", "9", "10", "19", "20", "999", "1000"}
	for pair := range slices.Chunk(pairs, 2) {
		require.Equal(t, pair[1], increment(pair[0]))
	}
}
