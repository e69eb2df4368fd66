package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/store"
)

// credentials has keys, or fails. Only its list of SDK keys is used.
type credentials struct {
	store.Credentials
	mu    sync.Mutex
	keys  []store.SDKKey
	err   error
	reads int
}

func (c *credentials) ListSDKKeys(context.Context, store.EnvironmentRef) ([]store.SDKKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads++
	return c.keys, c.err
}

func (c *credentials) set(err error, secrets ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keys, c.err = nil, err
	for _, secret := range secrets {
		c.keys = append(c.keys, store.SDKKey{ID: "id of " + secret, Name: secret, Hash: auth.Hash(secret)})
	}
}

// memory has keys, or fails.
type memory struct {
	keys []store.SDKKey
	err  error
}

func (m memory) RecallSDKKeys(context.Context) ([]store.SDKKey, error) { return m.keys, m.err }

// run keeps the table current while f runs. Both run in a synctest bubble with its own time.
func run(t *testing.T, f func(t *testing.T, c *credentials, keys *auth.SDKKeys)) {
	t.Helper()
	runOn(t, &credentials{}, memory{err: store.ErrNotFound}, f)
}

func runOn(t *testing.T, c *credentials, m memory, f func(t *testing.T, c *credentials, keys *auth.SDKKeys)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		keys := auth.NewSDKKeys(c, m, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { keys.Run(ctx) })
		defer running.Wait()
		defer cancel()
		f(t, c, keys)
	})
}

func TestNewKeyWorksAtOnce(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, c *credentials, keys *auth.SDKKeys) {
		_, err := keys.SDKKey(t.Context(), "sdk-new")
		require.ErrorIs(t, err, auth.ErrUnknownKey)
		c.set(nil, "sdk-new")
		key, err := keys.SDKKey(t.Context(), "sdk-new")
		require.NoError(t, err)
		assert.Equal(t, "sdk-new", key.Name)
		_, works := keys.SDKKeyByID("id of sdk-new")
		assert.True(t, works)
	})
}

func TestRevokedKeyStopsByItself(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, c *credentials, keys *auth.SDKKeys) {
		c.set(nil, "sdk-old")
		_, err := keys.SDKKey(t.Context(), "sdk-old")
		require.NoError(t, err)
		c.set(nil)
		time.Sleep(6 * time.Second) // time of the bubble
		_, err = keys.SDKKey(t.Context(), "sdk-old")
		require.ErrorIs(t, err, auth.ErrUnknownKey)
	})
}

func TestRevocationIsToldToThoseWhoUseTheKey(t *testing.T) {
	t.Parallel()
	told := func(revoked <-chan struct{}) bool {
		select {
		case <-revoked:
			return true
		default:
			return false
		}
	}
	run(t, func(t *testing.T, c *credentials, keys *auth.SDKKeys) {
		c.set(nil, "sdk-kept", "sdk-old")
		require.NoError(t, keys.Reload(t.Context()))
		kept, old := keys.Revoked("id of sdk-kept"), keys.Revoked("id of sdk-old")
		require.NoError(t, keys.Reload(t.Context()))
		assert.False(t, told(kept) || told(old), "both still work")
		c.set(nil, "sdk-kept")
		require.NoError(t, keys.Reload(t.Context()))
		assert.True(t, told(old))
		assert.False(t, told(kept))
		assert.True(t, told(keys.Revoked("id of sdk-old")), "it does not work now")
	})
}

func TestKnownKeysOutliveTheStore(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, c *credentials, keys *auth.SDKKeys) {
		c.set(nil, "sdk-known")
		_, err := keys.SDKKey(t.Context(), "sdk-known")
		require.NoError(t, err)
		c.set(store.ErrUnavailable)
		time.Sleep(time.Hour) // time of the bubble
		_, err = keys.SDKKey(t.Context(), "sdk-known")
		require.NoError(t, err)
		_, err = keys.SDKKey(t.Context(), "sdk-other")
		require.ErrorIs(t, err, store.ErrUnavailable, "nobody knows whether it is a key: that is no 401")
		assert.NotErrorIs(t, err, auth.ErrUnknownKey)
	})
}

func TestRememberedKeysWorkWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	c := &credentials{err: store.ErrUnavailable}
	remembered := memory{keys: []store.SDKKey{{ID: "1", Hash: auth.Hash("sdk-remembered")}, {ID: "2", Hash: auth.Hash("sdk-revoked-since")}}}
	runOn(t, c, remembered, func(t *testing.T, c *credentials, keys *auth.SDKKeys) {
		_, err := keys.SDKKey(t.Context(), "sdk-remembered")
		require.NoError(t, err, "the first one who asks finds it already")
		_, err = keys.SDKKey(t.Context(), "sdk-other")
		require.ErrorIs(t, err, store.ErrUnavailable, "nobody knows whether it is a key by now")

		c.set(nil, "sdk-remembered")
		time.Sleep(6 * time.Second) // time of the bubble
		_, err = keys.SDKKey(t.Context(), "sdk-revoked-since")
		require.ErrorIs(t, err, auth.ErrUnknownKey)

		c.set(store.ErrUnavailable)
		time.Sleep(time.Minute)
		_, err = keys.SDKKey(t.Context(), "sdk-remembered")
		require.NoError(t, err)
		_, err = keys.SDKKey(t.Context(), "sdk-revoked-since")
		require.ErrorIs(t, err, store.ErrUnavailable, "what the store has said counts, not what was remembered before")
	})
}

func TestUnreadableMemoryIsToldOf(t *testing.T) {
	t.Parallel()
	runOn(t, &credentials{err: store.ErrUnavailable}, memory{err: errors.New("permission denied")}, func(t *testing.T, _ *credentials, keys *auth.SDKKeys) {
		_, err := keys.SDKKey(t.Context(), "sdk-any")
		require.ErrorIs(t, err, store.ErrUnavailable)
		require.ErrorContains(t, err, "permission denied")
	})
}

func TestStrangersDoNotBurdenTheStore(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, c *credentials, keys *auth.SDKKeys) {
		start := time.Now()
		var strangers sync.WaitGroup
		for i := range 1000 {
			strangers.Go(func() {
				_, err := keys.SDKKey(t.Context(), fmt.Sprintf("sdk-%d", i))
				assert.ErrorIs(t, err, auth.ErrUnknownKey)
			})
		}
		strangers.Wait()
		assert.Less(t, time.Since(start), time.Second)
		c.mu.Lock()
		defer c.mu.Unlock()
		assert.LessOrEqual(t, c.reads, 4)

		reads := c.reads
		_, err := keys.SDKKey(t.Context(), "tg_not-an-sdk-key")
		require.ErrorIs(t, err, auth.ErrUnknownKey)
		assert.Equal(t, reads, c.reads)
	})
}

func BenchmarkKnownKey(b *testing.B) {
	c := &credentials{}
	c.set(nil, "sdk-known")
	keys := auth.NewSDKKeys(c, nil, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() { keys.Run(ctx); close(done) }()
	_, err := keys.SDKKey(ctx, "sdk-known")
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = keys.SDKKey(ctx, "sdk-known")
	}
	cancel()
	<-done
}
