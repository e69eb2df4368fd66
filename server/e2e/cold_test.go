package e2e_test

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// A replica starts while its database is away. It starts from its own disk, or from what other replicas have put into
// Redis. It answers those who have a key, and it takes part again when the database is back.
func TestColdStart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ keepDisk, withRedis, killRedis bool }{
		"from the disk":                     {keepDisk: true},
		"from Redis":                        {withRedis: true},
		"from the disk while Redis is away": {keepDisk: true, withRedis: true, killRedis: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database, url := storetest.NewProxy(t, storetest.PostgresURL(t))
			settings := flagdtest.Settings{DatabaseURL: url, DataDir: t.TempDir()}
			var cache *storetest.Redis
			if test.withRedis {
				cache = storetest.StartRedis(t)
				settings.RedisURL = cache.URL()
			}
			sdkKey := requireRemembered(t, settings, cache)

			database.SetAway(true)
			if test.killRedis {
				cache.Kill(t)
			}
			if !test.keepDisk {
				settings.DataDir = t.TempDir()
			}
			requireColdStart(t, settings, sdkKey, func() { database.SetAway(false) })
		})
	}
}

// requireRemembered runs a replica until everything that it knows is remembered.
func requireRemembered(t *testing.T, settings flagdtest.Settings, cache *storetest.Redis) (sdkKey string) {
	t.Helper()
	first := flagdtest.Start(t, settings)
	first.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/cold", flagdtest.Map{"type": "boolean"}, nil)
	first.MustCall(t, http.MethodPatch, flagdtest.Project+"/flags/cold/environments/production", flagdtest.Map{"enabled": true}, nil)
	sdkKey = first.SDKKey(t, "production", "server")
	var directory store.DirectoryCache
	if cache != nil {
		client, err := redis.Open(cache.URL(), slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, client.Close()) })
		directory = client.SnapshotCache()
	}
	require.Eventually(t, func() bool {
		return hasKey(t, settings.DataDir, nil) && (directory == nil || hasKey(t, "", directory))
	}, 10*time.Second, 20*time.Millisecond)
	first.Terminate(t)
	require.NoError(t, first.AwaitExit(t))
	return sdkKey
}

// hasKey tells whether the key is remembered on disk or in Redis. It is made last.
func hasKey(t *testing.T, dir string, cache store.DirectoryCache) bool {
	t.Helper()
	keys, err := replica.Memory{Dir: dir, Directory: cache}.RecallSDKKeys(t.Context())
	return err == nil && len(keys) == 1
}

// requireColdStart starts a replica without its database and gives it back.
func requireColdStart(t *testing.T, settings flagdtest.Settings, sdkKey string, back func()) {
	t.Helper()
	cold := flagdtest.Start(t, settings)
	evaluation, err := cold.Evaluate(t.Context(), sdkKey, "cold", "user-1")
	require.NoError(t, err)
	require.Equal(t, true, evaluation.Value)
	_, err = cold.Evaluate(t.Context(), "sdk-unknown", "cold", "user-1")
	require.ErrorContains(t, err, "503", "nobody knows whether it is a key")
	write := func() error {
		return cold.Call(t.Context(), http.MethodPatch, flagdtest.Project+"/flags/cold/environments/production", flagdtest.Map{"enabled": false}, nil)
	}
	require.ErrorContains(t, write(), "503")

	back()
	require.Eventually(t, func() bool { return write() == nil }, 30*time.Second, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		evaluation, err := cold.Evaluate(t.Context(), sdkKey, "cold", "user-1")
		return err == nil && evaluation.Value == false
	}, 10*time.Second, 10*time.Millisecond)
}
