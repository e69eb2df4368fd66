package redis_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// There is only one directory in a Redis, so the test has a Redis of its own.
func TestDirectory(t *testing.T) {
	t.Parallel()
	cache := open(t, storetest.StartRedis(t).URL()).SnapshotCache()
	_, err := cache.Directory(t.Context())
	require.ErrorIs(t, err, store.ErrNotFound)

	ref := store.EnvironmentRef{Project: "shop", Environment: "production"}
	put := store.Directory{
		Epoch: "first", Revision: 10, Environments: []store.EnvironmentRef{ref},
		SDKKeys: []store.SDKKey{{
			EnvironmentRef: ref, ID: "1", Name: "shop", Kind: store.SDKKeyServer, Prefix: "sdk-1", Hash: []byte{1, 2, 3},
			CreatedAt: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC),
		}},
	}
	require.NoError(t, cache.PutDirectory(t.Context(), put))
	got, err := cache.Directory(t.Context())
	require.NoError(t, err)
	require.Equal(t, put, got)

	older := put
	older.Revision, older.SDKKeys = 9, []store.SDKKey{}
	require.NoError(t, cache.PutDirectory(t.Context(), older))
	got, err = cache.Directory(t.Context())
	require.NoError(t, err)
	require.Equal(t, put, got, "an older writer does not overwrite a newer directory")

	restored := older
	restored.Epoch = "after a backup"
	require.NoError(t, cache.PutDirectory(t.Context(), restored))
	got, err = cache.Directory(t.Context())
	require.NoError(t, err)
	require.Equal(t, restored, got)
}
