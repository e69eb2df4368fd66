package api

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// ListSDKKeys answers GET /projects/{project}/environments/{environment}/sdk-keys.
func (a *API) ListSDKKeys(w http.ResponseWriter, r *http.Request, project, environment string) {
	a.respond(w, r, func() (answer, error) {
		ref := environmentRef(project, environment)
		if _, err := a.Store.Environment(r.Context(), ref); err != nil {
			return none, err
		}
		keys, err := a.Store.ListSDKKeys(r.Context(), ref)
		return listed(keys, sdkKeyDocument), err
	})
}

// CreateSDKKey answers POST /projects/{project}/environments/{environment}/sdk-keys.
func (a *API) CreateSDKKey(
	w http.ResponseWriter,
	r *http.Request,
	project, environment string,
	params openapi.CreateSDKKeyParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.SDKKeyCreate](w, r, maxBody)
		if err == nil {
			err = checkSDKKey(body)
		}
		if err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		secret := auth.NewSecret(sdkKeyPrefix(body.Kind))
		key := store.SDKKey{
			EnvironmentRef: environmentRef(project, environment), ID: uuid.NewString(), Name: body.Name,
			Kind: store.SDKKeyKind(body.Kind), Prefix: secret.Prefix, Hash: secret.Hash, CreatedAt: a.Now(),
		}
		if err := a.Store.CreateSDKKey(r.Context(), key, by); err != nil {
			return none, err
		}
		a.reloadSDKKeys(r)
		document := sdkKeyDocument(key)
		document.Key = secret.Text
		return plain(http.StatusCreated, document), nil
	})
}

// RevokeSDKKey answers DELETE /projects/{project}/environments/{environment}/sdk-keys/{id}.
func (a *API) RevokeSDKKey(
	w http.ResponseWriter,
	r *http.Request,
	project, environment, id string,
	params openapi.RevokeSDKKeyParams,
) {
	a.respond(w, r, func() (answer, error) {
		by, err := a.by(r, params.ReasonParam)
		if err == nil {
			err = a.Store.RevokeSDKKey(r.Context(), environmentRef(project, environment), id, by)
		}
		if err != nil {
			return none, err
		}
		a.reloadSDKKeys(r)
		return noContent(), nil
	})
}

// sdkKeyPrefix tells people at a glance which kind of key they hold.
func sdkKeyPrefix(kind openapi.SDKKeyKind) string {
	if kind == openapi.SDKKeyKindServer {
		return auth.PrefixServerKey
	}
	return auth.PrefixClientKey
}

func checkSDKKey(body openapi.SDKKeyCreate) error {
	var f invalid.Fields
	f.Required("/name", body.Name, maxName)
	f.OneOf("/kind", body.Kind.Valid(), string(body.Kind), "server or client")
	return f.Err()
}

func sdkKeyDocument(k store.SDKKey) openapi.SDKKey {
	return openapi.SDKKey{
		ID: k.ID, Name: k.Name, Kind: openapi.SDKKeyKind(k.Kind), Prefix: k.Prefix, CreatedAt: k.CreatedAt,
		RevokedAt: timeOrZero(k.RevokedAt),
	}
}
