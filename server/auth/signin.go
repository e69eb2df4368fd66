package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// How long sign-in links and sessions last.
const (
	SignInLinkLifetime = 24 * time.Hour
	SessionLifetime    = 7 * 24 * time.Hour
)

// NewSignInLink stores a new one-time sign-in link for the user and returns its token.
func NewSignInLink(
	ctx context.Context,
	credentials store.Credentials,
	userID string,
	now time.Time,
) (token string, err error) {
	secret := NewSecret(prefixSignIn)
	err = credentials.CreateSession(ctx, store.Session{
		Hash: secret.Hash, UserID: userID, OneTime: true, CreatedAt: now, ExpiresAt: now.Add(SignInLinkLifetime),
	})
	return secret.Text, err
}

// SignIn redeems the token of a sign-in link, or accepts an access token. It returns who has signed in, and the value
// of the session cookie. The limits, the expiry and the revocation of an access token apply to the session too.
func (a *Authenticator) SignIn(ctx context.Context, token string) (p Principal, cookie string, err error) {
	if !strings.HasPrefix(token, prefixSignIn) {
		return a.signInWithToken(ctx, token)
	}
	now, secret := a.Now(), NewSecret(prefixSession)
	_, err = a.Store.RedeemSession(ctx, Hash(token), store.Session{
		Hash: secret.Hash, CreatedAt: now, ExpiresAt: now.Add(SessionLifetime),
	})
	if errors.Is(err, store.ErrNotFound) {
		return p, "", problem.Unauthorized(
			Challenge,
			"The sign-in link was used already or is more than a day old. `flagd sign-in-link` prints a new one.",
		)
	}
	if err != nil {
		return p, "", err
	}
	p, err = a.session(ctx, secret.Text)
	return p, secret.Text, err
}

// signInWithToken begins a session of its own. Signing out then ends the session, but not the token.
func (a *Authenticator) signInWithToken(ctx context.Context, token string) (p Principal, cookie string, err error) {
	if p, err = a.accessToken(ctx, token); err != nil {
		return p, "", err
	}
	known, err := a.Store.AccessTokenByHash(ctx, Hash(token))
	if err != nil {
		return p, "", err
	}
	now, secret := a.Now(), NewSecret(prefixTokenSession)
	expires := now.Add(SessionLifetime)
	if !p.ExpiresAt.IsZero() && p.ExpiresAt.Before(expires) {
		expires = p.ExpiresAt
	}
	err = a.Store.CreateTokenSession(
		ctx,
		store.TokenSession{Hash: secret.Hash, Token: known.ID, CreatedAt: now, ExpiresAt: expires},
	)
	p.ExpiresAt = expires
	return p, secret.Text, err
}

// SignOut ends the session of the request, if it has one.
func (a *Authenticator) SignOut(r *http.Request) error {
	cookie, err := r.Cookie(CookieName)
	switch {
	case err != nil:
		return nil //nolint:nilerr // A request without the cookie has no session to end.
	case strings.HasPrefix(cookie.Value, prefixTokenSession):
		return a.Store.DeleteTokenSession(r.Context(), Hash(cookie.Value))
	case !strings.HasPrefix(cookie.Value, prefixSession):
		return nil
	}
	if err := a.Store.DeleteSession(r.Context(), Hash(cookie.Value)); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// Cookie is the session cookie with the value. An empty value deletes the cookie. Scripts and other sites have
// no access to it.
func Cookie(value string, expires time.Time, secure bool) *http.Cookie {
	c := &http.Cookie{
		Name: CookieName, Value: value, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
		Expires: expires,
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}
