package retry

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPaceDoublesUpToALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var pace Pace
		var limits []time.Duration
		for range 9 {
			limits = append(limits, pace.limit())
			start := time.Now()
			pace.Wait(t.Context())
			require.Less(t, time.Since(start), limits[len(limits)-1])
		}
		require.Equal(t, []time.Duration{
			50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond,
			1600 * time.Millisecond, 3200 * time.Millisecond, longest, longest,
		}, limits)
		pace.Succeeded()
		require.Equal(t, shortest, pace.limit())
	})
}

func TestPaceEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		pace := Pace{failed: 20}
		start := time.Now()
		pace.Wait(ctx)
		require.Zero(t, time.Since(start))
	})
}
