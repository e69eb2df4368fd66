package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// The limits of an environment's allowed origins, which every SDK key of it carries in memory.
const (
	maxOrigins      = 50
	maxOriginLength = 255
)

// environmentReadOnly are the fields of an environment that a PATCH may carry and that it ignores.
var environmentReadOnly = []string{"key", "revision", "version", "createdAt"}

// ListEnvironments answers GET /projects/{project}/environments.
func (a *API) ListEnvironments(w http.ResponseWriter, r *http.Request, project string) {
	environments, err := a.environments(r, project)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.Environment, len(environments))
	for i, e := range environments {
		items[i] = environmentDocument(e)
	}
	respond(w, r, http.StatusOK, list[openapi.Environment]{Items: items})
}

// environments lists the project's environments; a project that does not exist is ErrNotFound.
func (a *API) environments(r *http.Request, project string) ([]store.Environment, error) {
	if _, err := a.Store.Project(r.Context(), project); err != nil {
		return nil, err
	}
	return a.Store.ListEnvironments(r.Context(), project)
}

// GetEnvironment answers GET /projects/{project}/environments/{environment}.
func (a *API) GetEnvironment(w http.ResponseWriter, r *http.Request, project, environment string) {
	e, err := a.Store.Environment(r.Context(), environmentRef(project, environment))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	// The revision changes without the version: a 304 would hide it.
	w.Header().Set("ETag", etag(e.Version))
	respond(w, r, http.StatusOK, environmentDocument(e))
}

// CreateEnvironment answers PUT /projects/{project}/environments/{environment}.
func (a *API) CreateEnvironment(w http.ResponseWriter, r *http.Request, project, environment string, params openapi.CreateEnvironmentParams) {
	body, err := decode[openapi.EnvironmentWrite](w, r, maxBody)
	if err == nil {
		err = checkEnvironment(environment, body, params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := environmentRef(project, environment)
	e, err := a.Store.CreateEnvironment(r.Context(), store.Environment{
		EnvironmentRef: ref, Name: orKey(body.Name, environment), Production: body.Production, Position: body.Position,
		Freezes: body.Freezes, AllowedOrigins: body.AllowedOrigins, CreatedAt: a.Now(),
	}, a.by(r, params.ReasonParam))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settle(r.Context(), ref)
	respondVersioned(w, r, http.StatusCreated, e.Version, environmentDocument(e))
}

// UpdateEnvironment answers PATCH /projects/{project}/environments/{environment}.
func (a *API) UpdateEnvironment(w http.ResponseWriter, r *http.Request, project, environment string, params openapi.UpdateEnvironmentParams) {
	patch, err := decodePatch(w, r, maxBody, environmentReadOnly...)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := environmentRef(project, environment)
	updated, err := a.updateEnvironment(r, ref, patch, params)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settle(r.Context(), ref)
	respondVersioned(w, r, http.StatusOK, updated.Version, environmentDocument(updated))
}

func (a *API) updateEnvironment(r *http.Request, ref store.EnvironmentRef, patch mergePatch, params openapi.UpdateEnvironmentParams) (store.Environment, error) {
	guard, err := parsePrecondition(params.IfMatch)
	if err != nil {
		return store.Environment{}, err
	}
	return write(r.Context(), guard, func() (store.Environment, error) {
		e, err := a.Store.Environment(r.Context(), ref)
		if err != nil {
			return e, err
		}
		if err := guard.check("environment "+ref.Environment, e.Version); err != nil {
			return e, err
		}
		body, err := applyPatch(patch, openapi.EnvironmentWrite{
			Name: e.Name, Production: e.Production, Position: e.Position, Freezes: e.Freezes, AllowedOrigins: e.AllowedOrigins,
		})
		if err != nil {
			return e, err
		}
		if err := checkEnvironment(ref.Environment, body, params.ReasonParam); err != nil {
			return e, err
		}
		e.Name, e.Production, e.Position = orKey(body.Name, ref.Environment), body.Production, body.Position
		e.Freezes, e.AllowedOrigins = body.Freezes, body.AllowedOrigins
		return a.Store.UpdateEnvironment(r.Context(), e, e.Version, a.by(r, params.ReasonParam))
	})
}

func checkEnvironment(key string, body openapi.EnvironmentWrite, reason string) error {
	if err := checkKey("environment", key); err != nil {
		return err
	}
	var f fields
	f.line("/name", body.Name, maxName)
	f.origins("/allowedOrigins", body.AllowedOrigins)
	f = append(f, problem.CompileFields("", release.ValidateFreezes(body.Freezes))...)
	if err := f.err(); err != nil {
		return err
	}
	return checkReason(reason)
}

// origins refuses what no browser sends as Origin: it compares letter by letter.
func (f *fields) origins(pointer string, origins []string) {
	if len(origins) > maxOrigins {
		f.add(pointer, "There may be %d origins at most.", maxOrigins)
		return
	}
	for i, origin := range origins {
		u, err := url.Parse(origin)
		plain := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && origin == u.Scheme+"://"+u.Host
		usualPort := plain && (u.Scheme == "http" && u.Port() == "80" || u.Scheme == "https" && u.Port() == "443")
		if !plain || usualPort || origin != strings.ToLower(origin) || strings.ContainsAny(origin, " *") {
			f.add(fmt.Sprintf("%s/%d", pointer, i), "An origin is a scheme, a host and a port that is not the usual one, in lower case and with nothing after it, such as https://shop.example.com.")
		}
		f.atMost(fmt.Sprintf("%s/%d", pointer, i), origin, maxOriginLength)
	}
}

func environmentDocument(e store.Environment) openapi.Environment {
	return openapi.Environment{
		Key: e.Environment, Name: e.Name, Production: e.Production, Position: e.Position, Freezes: e.Freezes,
		AllowedOrigins: append([]string{}, e.AllowedOrigins...),
		Revision:       e.Revision, Version: e.Version, CreatedAt: e.CreatedAt,
	}
}
