package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func testAccessTokens(t *testing.T, open opener) {
	token := func(id string) store.AccessToken {
		return store.AccessToken{
			ID: id, Name: "CI", Role: store.RoleReleaser, Project: shop, Environment: production, Prefix: "tgp_" + id,
			Hash: hash(id), CreatedAt: at(1), ExpiresAt: ptr(at(100)),
		}
	}

	t.Run("are created, found by hash, listed and revoked", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		a, b := token("a"), token("b")
		b.ExpiresAt = nil
		require.NoError(t, s.CreateAccessToken(t.Context(), b))
		require.NoError(t, s.CreateAccessToken(t.Context(), a))
		require.ErrorIs(t, s.CreateAccessToken(t.Context(), a), store.ErrExists)
		found, err := s.AccessTokenByHash(t.Context(), hash("a"))
		require.NoError(t, err)
		require.Equal(t, a, found)
		_, err = s.AccessTokenByHash(t.Context(), hash("none"))
		require.ErrorIs(t, err, store.ErrNotFound)
		list, err := s.ListAccessTokens(t.Context())
		require.NoError(t, err)
		require.Equal(t, []store.AccessToken{a, b}, list)

		require.NoError(t, s.RevokeAccessToken(t.Context(), "a", at(5)))
		require.NoError(t, s.RevokeAccessToken(t.Context(), "a", at(6)))
		found, err = s.AccessTokenByHash(t.Context(), hash("a"))
		require.NoError(t, err)
		require.Equal(t, ptr(at(5)), found.RevokedAt, "the first revocation stands")
		require.ErrorIs(t, s.RevokeAccessToken(t.Context(), "none", at(6)), store.ErrNotFound)
	})

	t.Run("can be preset again and again", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		require.NoError(t, s.PutAccessToken(t.Context(), token("a")))
		changed := token("a")
		changed.Hash, changed.Role, changed.ExpiresAt = hash("new"), store.RoleAdmin, nil
		require.NoError(t, s.PutAccessToken(t.Context(), changed))
		list, err := s.ListAccessTokens(t.Context())
		require.NoError(t, err)
		require.Equal(t, []store.AccessToken{changed}, list)
	})
}
