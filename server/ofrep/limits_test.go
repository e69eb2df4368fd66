package ofrep_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/ofrep"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// clock is a time that stands still until a test moves it.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(1_800_000_000, c.at.Load()) }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

func TestEvaluationsOfAKeyAreLimited(t *testing.T) {
	t.Parallel()
	c := &clock{}
	shop, server := open(t, streamtest.Options{Now: c.now, Limits: ofrep.NewLimits(2)})
	paths := []string{flagsPath + "/public", flagsPath}
	for _, path := range paths {
		require.Equal(t, http.StatusOK, post(t, server, path, shop.ClientKey, alice).status)
	}
	for _, path := range paths {
		a := post(t, server, path, shop.ClientKey, alice)
		require.Equal(t, http.StatusTooManyRequests, a.status)
		require.Equal(t, "1", a.header.Get("Retry-After"))
		require.Equal(t, "GENERAL", a.body["errorCode"])
	}
	require.Equal(t, http.StatusOK, post(t, server, flagsPath, shop.ServerKey, alice).status, "another key has its own limit")
	require.Equal(t, http.StatusUnauthorized, post(t, server, flagsPath, "cli-unknown", alice).status)

	c.advance(500 * time.Millisecond)
	require.Equal(t, http.StatusOK, post(t, server, flagsPath, shop.ClientKey, alice).status)
	require.Equal(t, http.StatusTooManyRequests, post(t, server, flagsPath, shop.ClientKey, alice).status)
	c.advance(time.Hour)
	for range 2 {
		require.Equal(t, http.StatusOK, post(t, server, flagsPath, shop.ClientKey, alice).status)
	}
	require.Equal(t, http.StatusTooManyRequests, post(t, server, flagsPath, shop.ClientKey, alice).status, "a pause saves up a second's worth")
}

// However many requests come at once, no more pass than are allowed.
func TestLimitsHoldAgainstRaces(t *testing.T) {
	t.Parallel()
	c := &clock{}
	shop, server := open(t, streamtest.Options{Now: c.now, Limits: ofrep.NewLimits(10)})
	var passed atomic.Int64
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			for range 5 {
				if post(t, server, flagsPath+"/public", shop.ServerKey, alice).status == http.StatusOK {
					passed.Add(1)
				}
			}
		})
	}
	asking.Wait()
	require.EqualValues(t, 10, passed.Load())
}

func TestNoLimits(t *testing.T) {
	t.Parallel()
	require.Nil(t, ofrep.NewLimits(0))
	require.Nil(t, ofrep.NewLimits(-1))
}
