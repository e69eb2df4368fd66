package stats

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMismatchIsExpectedToBeOneWhereThereIsNone(t *testing.T) {
	t.Parallel()
	for _, share := range []float64{0.001, 0.05, 0.5, 0.99} {
		const contexts = 50
		sum := 0.0
		for x := range contexts + 1 {
			choose, _ := math.Lgamma(contexts + 1)
			here, _ := math.Lgamma(float64(x) + 1)
			there, _ := math.Lgamma(float64(contexts-x) + 1)
			likely := choose - here - there + float64(x)*math.Log(share) + float64(contexts-x)*math.Log1p(-share)
			sum += math.Exp(likely + Mismatch(int64(x), int64(contexts-x), share))
		}
		require.InDelta(t, 1, sum, 1e-9)
	}
}

func TestMismatchIsFound(t *testing.T) {
	t.Parallel()
	require.Less(t, Mismatch(500, 9_500, 0.05), 0.0)
	require.Greater(t, Mismatch(350, 9_500, 0.05), Threshold(0.01), "a third of the exposed is missing")
	require.Greater(t, Mismatch(700, 9_500, 0.05), Threshold(0.01), "there are too many")
	require.Zero(t, Mismatch(0, 0, 0.05))
}
