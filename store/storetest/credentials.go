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

	t.Run("are refused where they clash or belong nowhere", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		require.NoError(t, s.CreateSDKKey(t.Context(), key(inProduction, "a", 1), ada(1)))
		require.ErrorIs(t, s.CreateSDKKey(t.Context(), key(inProduction, "a", 1), ada(1)), store.ErrExists)
		same := key(inStaging, "b", 1)
		same.Hash = key(inProduction, "a", 1).Hash
		require.ErrorIs(t, s.CreateSDKKey(t.Context(), same, ada(1)), store.ErrExists, "one secret opens one environment")
		require.ErrorIs(t, s.CreateSDKKey(t.Context(), key(nowhere, "a", 1), ada(1)), store.ErrNotFound)
		require.ErrorIs(t, s.RevokeSDKKey(t.Context(), inProduction, "none", ada(1)), store.ErrNotFound)
		require.EqualValues(t, 1, revision(t, s, inStaging))
	})
}

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

func testSessions(t *testing.T, open opener) {
	withUser := func(t *testing.T) store.Store {
		s := open(t)
		require.NoError(t, s.CreateUser(t.Context(), store.User{ID: "u1", Name: "Ada", Role: store.RoleAdmin, CreatedAt: at(0)}))
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
		_, err = s.RedeemSession(t.Context(), hash("link"), store.Session{Hash: hash("thief"), CreatedAt: at(3), ExpiresAt: at(60)})
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.RedeemSession(t.Context(), hash("browser"), store.Session{Hash: hash("thief"), CreatedAt: at(3), ExpiresAt: at(60)})
		require.ErrorIs(t, err, store.ErrNotFound, "a session is no link")
	})

	t.Run("do not start from an expired link", func(t *testing.T) {
		t.Parallel()
		s := withUser(t)
		require.NoError(t, s.CreateSession(t.Context(), session("link", true)))
		_, err := s.RedeemSession(t.Context(), hash("link"), store.Session{Hash: hash("late"), CreatedAt: at(11), ExpiresAt: at(60)})
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

func testLeases(t *testing.T, open opener) {
	acquire := func(t *testing.T, s store.Store, holder string, now, until int) bool {
		has, err := s.AcquireLease(t.Context(), "control", holder, at(now), at(until))
		require.NoError(t, err)
		return has
	}

	t.Run("have one holder until they end", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		require.True(t, acquire(t, s, "a", 0, 10))
		require.False(t, acquire(t, s, "b", 1, 11))
		require.True(t, acquire(t, s, "a", 5, 15), "the holder renews")
		require.False(t, acquire(t, s, "b", 12, 22))
		require.False(t, acquire(t, s, "b", 15, 25), "it lasts until its end")
		require.True(t, acquire(t, s, "b", 16, 26))
		require.False(t, acquire(t, s, "a", 17, 27))
		has, err := s.AcquireLease(t.Context(), "other", "a", at(17), at(27))
		require.NoError(t, err)
		require.True(t, has, "leases are independent")
	})

	t.Run("can be given up by their holder", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		require.True(t, acquire(t, s, "a", 0, 10))
		require.NoError(t, s.ReleaseLease(t.Context(), "control", "b"))
		require.False(t, acquire(t, s, "b", 1, 11))
		require.NoError(t, s.ReleaseLease(t.Context(), "control", "a"))
		require.True(t, acquire(t, s, "b", 1, 11))
	})

	t.Run("are won by one of many", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		type outcome struct {
			has bool
			err error
		}
		outcomes := make(chan outcome)
		const replicas = 8
		for i := range replicas {
			go func() {
				has, err := s.AcquireLease(t.Context(), "control", string(rune('a'+i)), at(0), at(10))
				outcomes <- outcome{has, err}
			}()
		}
		won := 0
		for range replicas {
			o := <-outcomes
			require.NoError(t, o.err)
			if o.has {
				won++
			}
		}
		require.Equal(t, 1, won)
	})
}
