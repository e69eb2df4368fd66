package evaluator

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSharesAreHalfOpen(t *testing.T) {
	t.Parallel()
	r := rollout{shares: []share{{upTo: 0}, {upTo: 1}, {upTo: 1}, {upTo: 50_000}, {upTo: TotalWeight}}}
	for bucket, want := range map[uint32]int{0: 1, 1: 3, 49_999: 3, 50_000: 4, TotalWeight - 1: 4} {
		require.Equal(t, want, r.pick(bucket), bucket)
	}
}

func TestHashesScaleToBuckets(t *testing.T) {
	t.Parallel()
	require.Zero(t, scale(0))
	require.Zero(t, scale(42_949)) // 42 949.67 hashes make a bucket
	require.EqualValues(t, 1, scale(42_950))
	require.EqualValues(t, TotalWeight/2, scale(1<<31))
	require.EqualValues(t, TotalWeight-1, scale(1<<32-1))
}
