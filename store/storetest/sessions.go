package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func testSessions(t *testing.T, open opener) {
	withUser := func(t *testing.T) store.Store {
		s := open(t)
		require.NoError(
			t,
			s.CreateUser(t.Context(), store.User{ID: "u1", Name: "Ada", Role: store.RoleAdmin, CreatedAt: at(0)}),
		)
		return s
	}
	session := func(secret string, oneTime bool) store.Session {
		return store.Session{Hash: hash(secret), UserID: "u1", OneTime: oneTime, CreatedAt: at(1), ExpiresAt: at(11)}
	}

	t.Run("belong to users", func(t *testing.T) {
		t.Parallel()
		s := withUser(t)
		ada, err := s.User(t.Context(), "u1")
		require.NoError(t, err)
		require.Equal(t, store.User{ID: "u1", Name: "Ada", Role: store.RoleAdmin, CreatedAt: at(0)}, ada)
		require.ErrorIs(t, s.CreateUser(t.Context(), ada), store.ErrExists)
		_, err = s.User(t.Context(), "none")
		require.ErrorIs(t, err, store.ErrNotFound)
		list, err := s.ListUsers(t.Context())
		require.NoError(t, err)
		require.Equal(t, []store.User{ada}, list)
		stranger := session("s", false)
		stranger.UserID = "none"
		require.ErrorIs(t, s.CreateSession(t.Context(), stranger), store.ErrNotFound)
	})

	t.Run("last until they expire or are deleted", func(t *testing.T) {
		t.Parallel()
		s := withUser(t)
		require.NoError(t, s.CreateSession(t.Context(), session("s", false)))
		found, err := s.Session(t.Context(), hash("s"), at(10))
		require.NoError(t, err)
		require.Equal(t, session("s", false), found)
		_, err = s.Session(t.Context(), hash("s"), at(11))
		require.ErrorIs(t, err, store.ErrNotFound)
		require.NoError(t, s.DeleteExpiredSessions(t.Context(), at(10)))
		_, err = s.Session(t.Context(), hash("s"), at(10))
		require.NoError(t, err)
		require.NoError(t, s.DeleteExpiredSessions(t.Context(), at(11)))
		_, err = s.Session(t.Context(), hash("s"), at(10))
		require.ErrorIs(t, err, store.ErrNotFound)

		require.NoError(t, s.CreateSession(t.Context(), session("s", false)))
		require.NoError(t, s.DeleteSession(t.Context(), hash("s")))
		_, err = s.Session(t.Context(), hash("s"), at(2))
		require.ErrorIs(t, err, store.ErrNotFound)
		require.NoError(t, s.DeleteSession(t.Context(), hash("s")))
	})

	t.Run("start from a sign-in link that works once", func(t *testing.T) {
		t.Parallel()
		s := withUser(t)
		require.NoError(t, s.CreateSession(t.Context(), session("link", true)))
		_, err := s.Session(t.Context(), hash("link"), at(2))
		require.ErrorIs(t, err, store.ErrNotFound, "a link is no session")
		count, err := s.CountSessions(t.Context(), at(2))
		require.NoError(t, err)
		require.Zero(t, count, "a link is no session")

		browser := store.Session{Hash: hash("browser"), CreatedAt: at(2), ExpiresAt: at(60)}
		redeemed, err := s.RedeemSession(t.Context(), hash("link"), browser)
		require.NoError(t, err)
		browser.UserID = "u1"
		require.Equal(t, browser, redeemed)
		count, err = s.CountSessions(t.Context(), at(59))
		require.NoError(t, err)
		require.EqualValues(t, 1, count)
		count, err = s.CountSessions(t.Context(), at(60))
		require.NoError(t, err)
		require.Zero(t, count)
		found, err := s.Session(t.Context(), hash("browser"), at(3))
		require.NoError(t, err)
		require.Equal(t, browser, found)
		_, err = s.RedeemSession(
			t.Context(),
			hash("link"),
			store.Session{Hash: hash("thief"), CreatedAt: at(3), ExpiresAt: at(60)},
		)
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.RedeemSession(
			t.Context(),
			hash("browser"),
			store.Session{Hash: hash("thief"), CreatedAt: at(3), ExpiresAt: at(60)},
		)
		require.ErrorIs(t, err, store.ErrNotFound, "a session is no link")
	})

	t.Run("do not start from an expired link", func(t *testing.T) {
		t.Parallel()
		s := withUser(t)
		require.NoError(t, s.CreateSession(t.Context(), session("link", true)))
		_, err := s.RedeemSession(
			t.Context(),
			hash("link"),
			store.Session{Hash: hash("late"), CreatedAt: at(11), ExpiresAt: at(60)},
		)
		require.ErrorIs(t, err, store.ErrNotFound)
	})

	t.Run("start once when many redeem one link at once", func(t *testing.T) {
		t.Parallel()
		s := withUser(t)
		require.NoError(t, s.CreateSession(t.Context(), session("link", true)))
		outcomes := make(chan error)
		const browsers = 8
		for i := range browsers {
			go func() {
				_, err := s.RedeemSession(t.Context(), hash("link"), store.Session{
					Hash: hash("browser" + string(rune('0'+i))), CreatedAt: at(2), ExpiresAt: at(60),
				})
				outcomes <- err
			}()
		}
		redeemed := 0
		for range browsers {
			if err := <-outcomes; err == nil {
				redeemed++
			} else {
				require.ErrorIs(t, err, store.ErrNotFound)
			}
		}
		require.Equal(t, 1, redeemed)
	})
}
