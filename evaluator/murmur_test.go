package evaluator

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/murmur3"
	"pgregory.net/rapid"
)

func TestMurmurResumesAnyPrefix(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.StringN(0, -1, 40).Draw(t, "prefix")
		key := rapid.StringN(0, -1, 40).Draw(t, "key")
		want := murmur3.StringSum32(prefix + key)
		m := newMurmur(prefix)
		require.Equal(t, want, m.sum(key))
		require.Equal(t, want, m.sumBytes([]byte(key)))
	})
}
