package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func testTokenSessions(t *testing.T, open opener) {
	s := setup(t, open)
	token := store.AccessToken{
		ID:        "t1",
		Name:      "Ada",
		Role:      store.RoleViewer,
		Prefix:    "tg_",
		Hash:      hash("token"),
		CreatedAt: at(1),
	}
	require.NoError(t, s.CreateAccessToken(t.Context(), token))
	session := store.TokenSession{Hash: hash("browser"), Token: "t1", CreatedAt: at(1), ExpiresAt: at(10)}
	require.NoError(t, s.CreateTokenSession(t.Context(), session))

	found, of, err := s.TokenSession(t.Context(), hash("browser"), at(9))
	require.NoError(t, err)
	require.Equal(t, session, found)
	require.Equal(t, token, of)
	_, _, err = s.TokenSession(t.Context(), hash("browser"), at(10))
	require.ErrorIs(t, err, store.ErrNotFound, "it has expired")
	_, _, err = s.TokenSession(t.Context(), hash("other"), at(9))
	require.ErrorIs(t, err, store.ErrNotFound)

	require.NoError(t, s.DeleteExpiredSessions(t.Context(), at(9)))
	_, _, err = s.TokenSession(t.Context(), hash("browser"), at(9))
	require.NoError(t, err, "it is good still")
	require.NoError(t, s.DeleteExpiredSessions(t.Context(), at(10)))
	_, _, err = s.TokenSession(t.Context(), hash("browser"), at(9))
	require.ErrorIs(t, err, store.ErrNotFound)

	require.NoError(t, s.CreateTokenSession(t.Context(), session))
	require.NoError(t, s.DeleteTokenSession(t.Context(), hash("browser")))
	_, _, err = s.TokenSession(t.Context(), hash("browser"), at(9))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.NoError(t, s.DeleteTokenSession(t.Context(), hash("browser")))
}
