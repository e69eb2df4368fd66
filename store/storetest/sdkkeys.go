package storetest

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func testSDKKeys(t *testing.T, open opener) {
	key := func(ref store.EnvironmentRef, id string, minutes int) store.SDKKey {
		return store.SDKKey{
			EnvironmentRef: ref, ID: id, Name: "Shop " + id, Kind: store.SDKKeyServer, Prefix: "tg_" + id,
			Hash: hash(ref.Environment + id), CreatedAt: at(minutes),
		}
	}

	t.Run("are created, listed and revoked, with Changes that keep their secret", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		a, b, other := key(inProduction, "a", 2), key(inProduction, "b", 1), key(inStaging, "a", 3)
		for _, k := range []store.SDKKey{a, b, other} {
			require.NoError(t, s.CreateSDKKey(t.Context(), k, ada(3)))
		}
		list, err := s.ListSDKKeys(t.Context(), inProduction)
		require.NoError(t, err)
		require.Equal(t, []store.SDKKey{b, a}, list)
		change := lastChange(t, s, inProduction)
		require.Equal(t, store.ChangeSDKKey, change.Kind)
		require.Equal(t, "b", change.Key)
		requireDocument(t, b, change.After)
		require.NotContains(t, string(change.After), "ash", "neither hash nor Hash")

		require.NoError(t, s.RevokeSDKKey(t.Context(), inProduction, "b", ada(9)))
		revoked := b
		revoked.RevokedAt = ptr(at(9))
		change = lastChange(t, s, inProduction)
		requireDocument(t, b, change.Before)
		requireDocument(t, revoked, change.After)
		require.NoError(t, s.RevokeSDKKey(t.Context(), inProduction, "b", ada(10)))
		require.Equal(t, change, lastChange(t, s, inProduction), "the first revocation stands")

		list, err = s.ListSDKKeys(t.Context(), inProduction)
		require.NoError(t, err)
		require.Equal(t, []store.SDKKey{revoked, a}, list)
		list, err = s.ListSDKKeys(t.Context(), store.EnvironmentRef{})
		require.NoError(t, err)
		require.Equal(t, []store.SDKKey{a, other}, list)
	})

	t.Run("carry the origins that their environment allows", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		require.NoError(t, s.CreateSDKKey(t.Context(), key(inProduction, "a", 1), ada(1)))
		require.NoError(t, s.CreateSDKKey(t.Context(), key(inStaging, "b", 2), ada(1)))
		e, err := s.Environment(t.Context(), inProduction)
		require.NoError(t, err)
		e.AllowedOrigins = []string{"https://shop.example", "https://www.shop.example"}
		updated, err := s.UpdateEnvironment(t.Context(), e, e.Version, ada(2))
		require.NoError(t, err)
		require.Equal(t, e.AllowedOrigins, updated.AllowedOrigins)
		read, err := s.Environment(t.Context(), inProduction)
		require.NoError(t, err)
		require.Equal(t, e.AllowedOrigins, read.AllowedOrigins)
		requireDocument(t, updated, lastChange(t, s, inProduction).After)

		list, err := s.ListSDKKeys(t.Context(), store.EnvironmentRef{})
		require.NoError(t, err)
		require.Len(t, list, 2)
		require.Equal(t, e.AllowedOrigins, list[0].AllowedOrigins)
		require.Empty(t, list[1].AllowedOrigins)

		_, err = s.CreateEnvironment(t.Context(), store.Environment{
			EnvironmentRef: store.EnvironmentRef{
				Project:     shop,
				Environment: "preview",
			},
			AllowedOrigins: e.AllowedOrigins[:1],
		}, ada(3))
		require.NoError(t, err)
		made, err := s.Environment(t.Context(), store.EnvironmentRef{Project: shop, Environment: "preview"})
		require.NoError(t, err)
		require.Equal(t, e.AllowedOrigins[:1], made.AllowedOrigins)
	})

	t.Run("are refused where they clash or belong nowhere", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		require.NoError(t, s.CreateSDKKey(t.Context(), key(inProduction, "a", 1), ada(1)))
		require.ErrorIs(t, s.CreateSDKKey(t.Context(), key(inProduction, "a", 1), ada(1)), store.ErrExists)
		same := key(inStaging, "b", 1)
		same.Hash = key(inProduction, "a", 1).Hash
		require.ErrorIs(
			t,
			s.CreateSDKKey(t.Context(), same, ada(1)),
			store.ErrExists,
			"one secret opens one environment",
		)
		require.ErrorIs(t, s.CreateSDKKey(t.Context(), key(nowhere, "a", 1), ada(1)), store.ErrNotFound)
		require.ErrorIs(t, s.RevokeSDKKey(t.Context(), inProduction, "none", ada(1)), store.ErrNotFound)
		require.EqualValues(t, 1, revision(t, s, inStaging))
	})
}
