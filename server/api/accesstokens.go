package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// ListAccessTokens answers GET /access-tokens.
func (a *API) ListAccessTokens(w http.ResponseWriter, r *http.Request) {
	a.respond(w, r, func() (answer, error) {
		tokens, err := a.Store.ListAccessTokens(r.Context())
		return listed(tokens, accessTokenDocument), err
	})
}

// CreateAccessToken answers POST /access-tokens.
func (a *API) CreateAccessToken(w http.ResponseWriter, r *http.Request) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.AccessTokenCreate](w, r, maxBody)
		if err == nil {
			err = a.checkAccessToken(r, body)
		}
		if err != nil {
			return none, err
		}
		secret := auth.NewSecret(auth.PrefixAccessToken)
		token := store.AccessToken{
			ID:          uuid.NewString(),
			Name:        body.Name,
			Role:        store.Role(body.Role),
			Project:     body.Project,
			Environment: body.Environment,
			Prefix:      secret.Prefix,
			Hash:        secret.Hash,
			CreatedAt:   a.Now(),
		}
		if !body.ExpiresAt.IsZero() {
			token.ExpiresAt = &body.ExpiresAt
		}
		if err := a.Store.CreateAccessToken(r.Context(), token); err != nil {
			return none, err
		}
		document := accessTokenDocument(token)
		document.Token = secret.Text
		return plain(http.StatusCreated, document), nil
	})
}

// RevokeAccessToken answers DELETE /access-tokens/{id}.
func (a *API) RevokeAccessToken(w http.ResponseWriter, r *http.Request, id string) {
	a.respond(w, r, func() (answer, error) {
		if err := a.Store.RevokeAccessToken(r.Context(), id, a.Now()); err != nil {
			return none, err
		}
		return noContent(), nil
	})
}

func (a *API) checkAccessToken(r *http.Request, body openapi.AccessTokenCreate) error {
	var f invalid.Fields
	f.Required("/name", body.Name, maxName)
	f.OneOf("/role", body.Role.Valid(), string(body.Role), "viewer, editor, releaser or admin")
	if body.Environment != "" && body.Project == "" {
		f.Add("/project", "is required where environment is given")
	}
	if !body.ExpiresAt.IsZero() && !body.ExpiresAt.After(a.Now()) {
		f.Add("/expiresAt", "must be in the future")
	}
	if err := f.Err(); err != nil {
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
		ID:          t.ID,
		Name:        t.Name,
		Role:        openapi.Role(t.Role),
		Project:     t.Project,
		Environment: t.Environment,
		Prefix:      t.Prefix,
		CreatedAt:   t.CreatedAt,
		ExpiresAt:   timeOrZero(t.ExpiresAt),
		RevokedAt:   timeOrZero(t.RevokedAt),
	}
}

// timeOrZero is the time that t points to; documents leave the zero time out.
func timeOrZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
