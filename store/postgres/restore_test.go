package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// TestKeysOfHalfRestoredDatabase empties tables as pg_restore has them while it fills others.
func TestKeysOfHalfRestoredDatabase(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	s := open(t, url)
	key := store.SDKKey{EnvironmentRef: makeEnvironment(t, s), ID: "shop", Kind: store.SDKKeyServer, Hash: []byte("hash")}
	require.NoError(t, s.CreateSDKKey(t.Context(), key, store.Attribution{}))
	working := func() ([]store.SDKKey, error) { return s.ListSDKKeys(t.Context(), store.EnvironmentRef{}) }
	keys, err := working()
	require.NoError(t, err)
	require.Len(t, keys, 1)

	database := connect(t, url)
	for _, statement := range []string{"DELETE FROM sdk_keys", "DELETE FROM settings"} {
		_, err := database.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	_, err = working()
	require.ErrorIs(t, err, store.ErrUnavailable, "the epoch is missing: no key counts as revoked")

	_, err = database.Exec(t.Context(), "TRUNCATE environments CASCADE")
	require.NoError(t, err)
	_, err = working()
	require.ErrorIs(t, err, store.ErrUnavailable, "environments are missing too")
}
