package api

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListSDKKeys answers GET /projects/{project}/environments/{environment}/sdk-keys.
func (a *API) ListSDKKeys(w http.ResponseWriter, r *http.Request, project, environment string) {
	ref := environmentRef(project, environment)
	if _, err := a.Store.Environment(r.Context(), ref); err != nil {
		problem.Write(w, r, err)
		return
	}
	keys, err := a.Store.ListSDKKeys(r.Context(), ref)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.SDKKey, len(keys))
	for i, key := range keys {
		items[i] = sdkKeyDocument(key)
	}
	respond(w, r, http.StatusOK, list[openapi.SDKKey]{Items: items})
}

// CreateSDKKey answers POST /projects/{project}/environments/{environment}/sdk-keys.
func (a *API) CreateSDKKey(w http.ResponseWriter, r *http.Request, project, environment string, params openapi.CreateSDKKeyParams) {
	body, err := decode[openapi.SDKKeyCreate](w, r, maxBody)
	if err == nil {
		err = checkSDKKey(body, params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	secret := auth.NewSecret(sdkKeyPrefix(body.Kind))
	key := store.SDKKey{
		EnvironmentRef: environmentRef(project, environment), ID: uuid.NewString(), Name: body.Name,
		Kind: store.SDKKeyKind(body.Kind), Prefix: secret.Prefix, Hash: secret.Hash, CreatedAt: a.Now(),
	}
	if err := a.Store.CreateSDKKey(r.Context(), key, a.by(r, params.ReasonParam)); err != nil {
		problem.Write(w, r, err)
		return
	}
	a.reloadSDKKeys(r)
	document := sdkKeyDocument(key)
	document.Key = secret.Text
	respond(w, r, http.StatusCreated, document)
}

// RevokeSDKKey answers DELETE /projects/{project}/environments/{environment}/sdk-keys/{id}.
func (a *API) RevokeSDKKey(w http.ResponseWriter, r *http.Request, project, environment, id string, params openapi.RevokeSDKKeyParams) {
	err := checkReason(params.ReasonParam)
	if err == nil {
		err = a.Store.RevokeSDKKey(r.Context(), environmentRef(project, environment), id, a.by(r, params.ReasonParam))
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.reloadSDKKeys(r)
	w.WriteHeader(http.StatusNoContent)
}

// sdkKeyPrefix tells people at a glance which kind of key they hold.
func sdkKeyPrefix(kind openapi.SDKKeyKind) string {
	if kind == openapi.SDKKeyKindServer {
		return auth.PrefixServerKey
	}
	return auth.PrefixClientKey
}

func checkSDKKey(body openapi.SDKKeyCreate, reason string) error {
	var f fields
	f.required("/name", body.Name, maxName)
	f.oneOf("/kind", body.Kind.Valid(), string(body.Kind), "server or client")
	if err := f.err(); err != nil {
		return err
	}
	return checkReason(reason)
}

func sdkKeyDocument(k store.SDKKey) openapi.SDKKey {
	return openapi.SDKKey{
		ID: k.ID, Name: k.Name, Kind: openapi.SDKKeyKind(k.Kind), Prefix: k.Prefix, CreatedAt: k.CreatedAt,
		RevokedAt: timeOrZero(k.RevokedAt),
	}
}
