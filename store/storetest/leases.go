package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func testLeases(t *testing.T, open opener) {
	acquire := func(t *testing.T, s store.Store, holder string, now, until int) bool {
		has, err := s.AcquireLease(t.Context(), "control", holder, at(now), at(until))
		require.NoError(t, err)
		return has
	}

	t.Run("have one holder until they end", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		require.True(t, acquire(t, s, "a", 0, 10))
		require.False(t, acquire(t, s, "b", 1, 11))
		require.True(t, acquire(t, s, "a", 5, 15), "the holder renews")
		require.False(t, acquire(t, s, "b", 12, 22))
		require.False(t, acquire(t, s, "b", 15, 25), "it lasts until its end")
		require.True(t, acquire(t, s, "b", 16, 26))
		require.False(t, acquire(t, s, "a", 17, 27))
		has, err := s.AcquireLease(t.Context(), "other", "a", at(17), at(27))
		require.NoError(t, err)
		require.True(t, has, "leases are independent")
	})

	t.Run("do not outlast a holder whose clock was wrong", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		const day = 24 * 60 // minutes
		require.True(t, acquire(t, s, "a day ahead", day, day+10))
		require.True(t, acquire(t, s, "b", 0, 10))
		require.False(t, acquire(t, s, "c", 1, 11))
		require.True(t, acquire(t, s, "a day behind", -day, -day+10), "a lease of the future, as far as it can tell")
		require.True(t, acquire(t, s, "b", 1, 11))
	})

	t.Run("survive clocks that are a little apart", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		require.True(t, acquire(t, s, "a", 1, 11))
		require.False(t, acquire(t, s, "b", 0, 10))
	})

	t.Run("can be given up by their holder", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		require.True(t, acquire(t, s, "a", 0, 10))
		require.NoError(t, s.ReleaseLease(t.Context(), "control", "b"))
		require.False(t, acquire(t, s, "b", 1, 11))
		require.NoError(t, s.ReleaseLease(t.Context(), "control", "a"))
		require.True(t, acquire(t, s, "b", 1, 11))
	})

	t.Run("are won by one of many", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		type outcome struct {
			has bool
			err error
		}
		outcomes := make(chan outcome)
		const replicas = 8
		for i := range replicas {
			go func() {
				has, err := s.AcquireLease(t.Context(), "control", string(rune('a'+i)), at(0), at(10))
				outcomes <- outcome{has, err}
			}()
		}
		won := 0
		for range replicas {
			o := <-outcomes
			require.NoError(t, o.err)
			if o.has {
				won++
			}
		}
		require.Equal(t, 1, won)
	})
}
