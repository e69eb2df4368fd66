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

// CookieName is the name of the session cookie.
const CookieName = "tidegate_session"

// Challenge is the WWW-Authenticate header of a 401 answer when a token or key is missing.
const Challenge = `Bearer realm="tidegate"`

// Authenticator finds out who is calling from an access token or the session cookie.
type Authenticator struct {
	Store store.Credentials
	Now   func() time.Time
}

// Authenticate returns who sent r. An error is meant to be shown to the caller.
func (a *Authenticator) Authenticate(r *http.Request) (Principal, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		// Some tools, such as Flagger, can send credentials only as part of the address that they call.
		if _, password, basic := r.BasicAuth(); basic {
			return a.accessToken(r.Context(), password)
		}
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			return Principal{}, problem.Unauthorized(
				Challenge,
				"Authorization must be `Bearer <access token>`, or Basic with the access token as the password.",
			)
		}
		return a.accessToken(r.Context(), strings.TrimSpace(token))
	}
	cookie, err := r.Cookie(CookieName)
	if err != nil {
		return Principal{}, problem.Unauthorized(
			Challenge,
			"Send an access token as `Authorization: Bearer tg_…`, or sign in.",
		)
	}
	return a.secret(r.Context(), cookie.Value)
}

// secret returns the principal of the content of a session cookie. The content is a session. Cookies from the
// previous release may hold an access token instead.
func (a *Authenticator) secret(ctx context.Context, secret string) (Principal, error) {
	switch {
	case strings.HasPrefix(secret, prefixSession):
		return a.session(ctx, secret)
	case strings.HasPrefix(secret, prefixTokenSession):
		return a.tokenSession(ctx, secret)
	default:
		return a.accessToken(ctx, secret)
	}
}

func (a *Authenticator) accessToken(ctx context.Context, secret string) (Principal, error) {
	if strings.HasPrefix(secret, PrefixServerKey) || strings.HasPrefix(secret, PrefixClientKey) {
		return Principal{}, problem.Unauthorized(
			Challenge,
			"That is an SDK key, which only evaluates flags. The REST API needs an access token, tg_….",
		)
	}
	token, err := a.Store.AccessTokenByHash(ctx, Hash(secret))
	if errors.Is(err, store.ErrNotFound) {
		return Principal{}, problem.Unauthorized(
			Challenge,
			"There is no such access token. An admin can make one under Settings or with POST /api/v1/access-tokens.",
		)
	}
	if err != nil {
		return Principal{}, err
	}
	return a.bearer(token)
}

// tokenSession returns the principal of a session that was begun with an access token. When the token ends, the
// session ends. The limits of the token are limits of the session.
func (a *Authenticator) tokenSession(ctx context.Context, secret string) (Principal, error) {
	session, token, err := a.Store.TokenSession(ctx, Hash(secret), a.Now())
	if errors.Is(err, store.ErrNotFound) {
		return Principal{}, sessionEnded()
	}
	if err != nil {
		return Principal{}, err
	}
	p, err := a.bearer(token)
	if err == nil && (p.ExpiresAt.IsZero() || session.ExpiresAt.Before(p.ExpiresAt)) {
		p.ExpiresAt = session.ExpiresAt
	}
	return p, err
}

func sessionEnded() error {
	return problem.Unauthorized(Challenge, "The session has ended. Sign in again.")
}

// bearer is the principal of an access token that works.
func (a *Authenticator) bearer(token store.AccessToken) (Principal, error) {
	if token.RevokedAt != nil {
		return Principal{}, problem.Unauthorized(Challenge, "The access token was revoked.")
	}
	p := Principal{
		Actor: store.Actor{Kind: store.ActorToken, Name: token.Name},
		Role:  token.Role, Project: token.Project, Environment: token.Environment,
	}
	if token.ExpiresAt != nil {
		p.ExpiresAt = *token.ExpiresAt
		if !a.Now().Before(p.ExpiresAt) {
			return Principal{}, problem.Unauthorized(Challenge, "The access token has expired.")
		}
	}
	return p, nil
}

func (a *Authenticator) session(ctx context.Context, secret string) (Principal, error) {
	session, err := a.Store.Session(ctx, Hash(secret), a.Now())
	if errors.Is(err, store.ErrNotFound) {
		return Principal{}, sessionEnded()
	}
	if err != nil {
		return Principal{}, err
	}
	user, err := a.Store.User(ctx, session.UserID)
	if errors.Is(err, store.ErrNotFound) {
		return Principal{}, problem.Unauthorized(Challenge, "The user of the session is gone. Sign in as another.")
	}
	if err != nil {
		return Principal{}, err
	}
	return Principal{
		Actor: store.Actor{Kind: store.ActorUser, Name: user.Name}, Role: user.Role, ExpiresAt: session.ExpiresAt,
	}, nil
}
