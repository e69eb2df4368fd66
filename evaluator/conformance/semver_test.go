package conformance

import (
	"strings"
	"testing"

	"github.com/Masterminds/semver/v3"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
)

// TestPrecedenceIsThatOfMasterminds compares with an independent implementation.
func TestPrecedenceIsThatOfMasterminds(t *testing.T) {
	t.Parallel()
	number := rapid.SampledFrom([]string{"0", "1", "2", "9", "10", "11", "100"})
	identifier := rapid.SampledFrom([]string{"0", "1", "10", "alpha", "beta", "rc", "a-b", "x7"})
	version := rapid.Custom(func(t *rapid.T) string {
		s := number.Draw(t, "major") + "." + number.Draw(t, "minor") + "." + number.Draw(t, "patch")
		if ids := rapid.SliceOfN(identifier, 0, 3).Draw(t, "prerelease"); len(ids) > 0 {
			s += "-" + strings.Join(ids, ".")
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := version.Draw(t, "a"), version.Draw(t, "b")
		got, ok := evaluator.CompareVersions(a, b)
		require.True(t, ok)
		require.Equal(t, semver.MustParse(a).Compare(semver.MustParse(b)), got)
	})
}
