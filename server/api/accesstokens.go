package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListAccessTokens answers GET /access-tokens.
func (a *API) ListAccessTokens(w http.ResponseWriter, r *http.Request) {
	tokens, err := a.Store.ListAccessTokens(r.Context())
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.AccessToken, len(tokens))
	for i, token := range tokens {
		items[i] = accessTokenDocument(token)
	}
	respond(w, r, http.StatusOK, list[openapi.AccessToken]{Items: items})
}

// CreateAccessToken answers POST /access-tokens.
func (a *API) CreateAccessToken(w http.ResponseWriter, r *http.Request) {
	body, err := decode[openapi.AccessTokenCreate](w, r, maxBody)
	if err == nil {
		err = a.checkAccessToken(r, body)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	secret := auth.NewSecret(auth.PrefixAccessToken)
	token := store.AccessToken{
		ID: uuid.NewString(), Name: body.Name, Role: store.Role(body.Role), Project: body.Project, Environment: body.Environment,
		Prefix: secret.Prefix, Hash: secret.Hash, CreatedAt: a.Now(),
	}
	if !body.ExpiresAt.IsZero() {
		token.ExpiresAt = &body.ExpiresAt
	}
	if err := a.Store.CreateAccessToken(r.Context(), token); err != nil {
		problem.Write(w, r, err)
		return
	}
	document := accessTokenDocument(token)
	document.Token = secret.Text
	respond(w, r, http.StatusCreated, document)
}

// RevokeAccessToken answers DELETE /access-tokens/{id}.
func (a *API) RevokeAccessToken(w http.ResponseWriter, r *http.Request, id string) {
	if err := a.Store.RevokeAccessToken(r.Context(), id, a.Now()); err != nil {
		problem.Write(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) checkAccessToken(r *http.Request, body openapi.AccessTokenCreate) error {
	var f fields
	f.required("/name", body.Name, maxName)
	f.oneOf("/role", body.Role.Valid(), string(body.Role), "viewer, editor, releaser or admin")
	if body.Environment != "" && body.Project == "" {
		f.add("/project", "is required where environment is given")
	}
	if !body.ExpiresAt.IsZero() && !body.ExpiresAt.After(a.Now()) {
		f.add("/expiresAt", "must be in the future")
	}
	if err := f.err(); err != nil {
		return err
	}
	if body.Environment != "" {
		_, err := a.Store.Environment(r.Context(), environmentRef(body.Project, body.Environment))
		return err
	}
	if body.Project != "" {
		_, err := a.Store.Project(r.Context(), body.Project)
		return err
	}
	return nil
}

func accessTokenDocument(t store.AccessToken) openapi.AccessToken {
	return openapi.AccessToken{
		ID: t.ID, Name: t.Name, Role: openapi.Role(t.Role), Project: t.Project, Environment: t.Environment, Prefix: t.Prefix,
		CreatedAt: t.CreatedAt, ExpiresAt: timeOrZero(t.ExpiresAt), RevokedAt: timeOrZero(t.RevokedAt),
	}
}

// timeOrZero is the time that t points to; documents leave the zero time out.
func timeOrZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
