package evaluator

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMurmurResumesAnyPrefix cuts random bytes at every place. The module conformance proves that the sums are those of
// MurmurHash3: it compares buckets with an independent implementation.
func TestMurmurResumesAnyPrefix(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 0))
	for length := range 60 {
		text := make([]byte, length)
		for i := range text {
			text[i] = byte(random.Uint32())
		}
		whole := newMurmur("")
		want := whole.sum(string(text))
		for cut := range length + 1 {
			m := newMurmur(string(text[:cut]))
			require.Equal(t, want, m.sum(string(text[cut:])), "%q cut at %d", text, cut)
			require.Equal(t, want, m.sumBytes(text[cut:]), "%q cut at %d", text, cut)
		}
	}
}
