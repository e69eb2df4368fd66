package api

import (
	"math"
	"net"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/problem"
)

// sessionPattern is the route of signing in, which needs no role.
const sessionPattern = BasePath + "/session"

// GetSession answers GET /session.
func (a *API) GetSession(w http.ResponseWriter, r *http.Request) {
	a.respond(w, r, func() (answer, error) {
		p, _ := auth.PrincipalFrom(r.Context())
		return plain(http.StatusOK, a.sessionDocument(p)), nil
	})
}

// CreateSession answers POST /session.
func (a *API) CreateSession(w http.ResponseWriter, r *http.Request) {
	a.respond(w, r, func() (answer, error) {
		if err := a.limitSignIns(r); err != nil {
			return none, err
		}
		body, err := decode[openapi.SignIn](w, r, maxBody)
		if err != nil {
			return none, err
		}
		principal, cookie, err := a.Auth.SignIn(r.Context(), body.Token)
		if err != nil {
			return none, err
		}
		a.Log.InfoContext(r.Context(), "signed in", "actor", principal.Actor.Name, "role", principal.Role)
		expires := principal.ExpiresAt
		if expires.IsZero() {
			expires = a.Now().Add(auth.SessionLifetime)
		}
		http.SetCookie(w, auth.Cookie(cookie, expires, a.secure(r)))
		return plain(http.StatusCreated, a.sessionDocument(principal)), nil
	})
}

// DeleteSession answers DELETE /session.
func (a *API) DeleteSession(w http.ResponseWriter, r *http.Request) {
	a.respond(w, r, func() (answer, error) {
		if err := a.Auth.SignOut(r); err != nil {
			return none, err
		}
		http.SetCookie(w, auth.Cookie("", time.Time{}, a.secure(r)))
		return noContent(), nil
	})
}

func (a *API) limitSignIns(r *http.Request) error {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if ok, wait := a.SignIns.Allow(r.Context(), "sign-in "+host); !ok {
		return problem.TooManyRequests(
			int(math.Ceil(wait.Seconds())),
			"There were too many attempts to sign in from this address. Wait a minute.",
		)
	}
	return nil
}

func (a *API) secure(r *http.Request) bool { return a.SecureCookies || r.TLS != nil }

func (a *API) sessionDocument(p auth.Principal) openapi.Session {
	return openapi.Session{
		Name:          p.Actor.Name,
		Role:          openapi.Role(p.Role),
		Project:       p.Project,
		Environment:   p.Environment,
		ExpiresAt:     p.ExpiresAt,
		ServerVersion: a.Version,
	}
}
