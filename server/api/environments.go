package api

import (
	"context"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/store"
)

// environmentReadOnly are the fields of an environment that a PATCH may carry and that it ignores.
var environmentReadOnly = []string{"key", "revision", "version", "createdAt"}

// ListEnvironments answers GET /projects/{project}/environments.
func (a *API) ListEnvironments(w http.ResponseWriter, r *http.Request, project string) {
	a.respond(w, r, func() (answer, error) {
		environments, err := a.environments(r.Context(), project)
		return listed(environments, environmentDocument), err
	})
}

// environments lists the project's environments; a project that does not exist is ErrNotFound.
func (a *API) environments(ctx context.Context, project string) ([]store.Environment, error) {
	if _, err := a.Store.Project(ctx, project); err != nil {
		return nil, err
	}
	return a.Store.ListEnvironments(ctx, project)
}

// GetEnvironment answers GET /projects/{project}/environments/{environment}.
func (a *API) GetEnvironment(w http.ResponseWriter, r *http.Request, project, environment string) {
	a.respond(w, r, func() (answer, error) {
		e, err := a.Store.Environment(r.Context(), environmentRef(project, environment))
		// The revision changes without the version: a 304 would hide it.
		return tagged(http.StatusOK, e.Version, environmentDocument(e)), err
	})
}

// CreateEnvironment answers PUT /projects/{project}/environments/{environment}.
func (a *API) CreateEnvironment(
	w http.ResponseWriter,
	r *http.Request,
	project, environment string,
	params openapi.CreateEnvironmentParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.EnvironmentWrite](w, r, maxBody)
		if err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		ref := environmentRef(project, environment)
		e, err := a.Edits.CreateEnvironment(
			r.Context(),
			writeEnvironment(store.Environment{EnvironmentRef: ref}, body),
			by,
		)
		if err != nil {
			return none, err
		}
		a.settle(r.Context(), ref)
		return versioned(http.StatusCreated, e.Version, environmentDocument(e)), nil
	})
}

// UpdateEnvironment answers PATCH /projects/{project}/environments/{environment}.
func (a *API) UpdateEnvironment(
	w http.ResponseWriter,
	r *http.Request,
	project, environment string,
	params openapi.UpdateEnvironmentParams,
) {
	a.respond(w, r, func() (answer, error) {
		patch, err := decodePatch(w, r, maxBody, environmentReadOnly...)
		if err != nil {
			return none, err
		}
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		ref := environmentRef(project, environment)
		e, err := a.Edits.UpdateEnvironment(r.Context(), ref, environmentChange(patch), guard, by)
		if err != nil {
			return none, err
		}
		a.settle(r.Context(), ref)
		return versioned(http.StatusOK, e.Version, environmentDocument(e)), nil
	})
}

// environmentChange applies a patch to an environment.
func environmentChange(patch mergePatch) edit.Change[store.Environment] {
	return func(e store.Environment) (store.Environment, error) {
		body, err := applyPatch(patch, openapi.EnvironmentWrite{
			Name:           e.Name,
			Production:     e.Production,
			Position:       e.Position,
			Freezes:        e.Freezes,
			AllowedOrigins: e.AllowedOrigins,
		})
		return writeEnvironment(e, body), err
	}
}

// writeEnvironment is the environment with what a body says.
func writeEnvironment(e store.Environment, body openapi.EnvironmentWrite) store.Environment {
	e.Name, e.Production, e.Position = body.Name, body.Production, body.Position
	e.Freezes, e.AllowedOrigins = body.Freezes, body.AllowedOrigins
	return e
}

func environmentDocument(e store.Environment) openapi.Environment {
	return openapi.Environment{
		Key: e.Environment, Name: e.Name, Production: e.Production, Position: e.Position, Freezes: e.Freezes,
		AllowedOrigins: append([]string{}, e.AllowedOrigins...),
		Revision:       e.Revision, Version: e.Version, CreatedAt: e.CreatedAt,
	}
}
