package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func TestDirectoryOfANewerServer(t *testing.T) {
	t.Parallel()
	_, err := store.DecodeDirectory([]byte(`{"formatVersion": 2, "sdkKeys": {}}`))
	require.Error(t, err)
	_, err = store.DecodeDirectory([]byte(`{"formatVersion": 2}`))
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = store.DecodeDirectory([]byte(`{"formatVersion":`))
	require.Error(t, err)
	require.NotErrorIs(t, err, store.ErrNotFound)
}

func FuzzDecodeDirectory(f *testing.F) {
	good, err := store.EncodeDirectory(store.Directory{
		Epoch: "e", Revision: 1, Environments: []store.EnvironmentRef{{Project: "p", Environment: "e"}},
		SDKKeys: []store.SDKKey{{ID: "1", Hash: []byte{1}}},
	})
	require.NoError(f, err)
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := store.DecodeDirectory(data)
		if err != nil {
			return
		}
		again, err := store.EncodeDirectory(d)
		require.NoError(t, err)
		same, err := store.DecodeDirectory(again)
		require.NoError(t, err)
		require.Len(t, same.SDKKeys, len(d.SDKKeys))
		require.Equal(t, d.Revision, same.Revision)
	})
}
