package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/store"
)

// projectReadOnly are the fields of a project that a PATCH may carry and that it ignores.
var projectReadOnly = []string{"key", "version", "createdAt"}

// ListProjects answers GET /projects.
func (a *API) ListProjects(w http.ResponseWriter, r *http.Request) {
	a.respond(w, r, func() (answer, error) {
		projects, err := a.Store.ListProjects(r.Context())
		return listed(projects, projectDocument), err
	})
}

// GetProject answers GET /projects/{project}.
func (a *API) GetProject(w http.ResponseWriter, r *http.Request, project string) {
	a.respond(w, r, func() (answer, error) {
		p, err := a.Store.Project(r.Context(), project)
		return versioned(http.StatusOK, p.Version, projectDocument(p)), err
	})
}

// CreateProject answers PUT /projects/{project}.
func (a *API) CreateProject(
	w http.ResponseWriter,
	r *http.Request,
	project string,
	params openapi.CreateProjectParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.ProjectWrite](w, r, maxBody)
		if err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		p, err := a.Edits.CreateProject(r.Context(), store.Project{Key: project, Name: body.Name}, by)
		return versioned(http.StatusCreated, p.Version, projectDocument(p)), err
	})
}

// UpdateProject answers PATCH /projects/{project}.
func (a *API) UpdateProject(
	w http.ResponseWriter,
	r *http.Request,
	project string,
	params openapi.UpdateProjectParams,
) {
	a.respond(w, r, func() (answer, error) {
		patch, err := decodePatch(w, r, maxBody, projectReadOnly...)
		if err != nil {
			return none, err
		}
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		p, err := a.Edits.UpdateProject(r.Context(), project, func(p store.Project) (store.Project, error) {
			body, err := applyPatch(patch, openapi.ProjectWrite{Name: p.Name})
			p.Name = body.Name
			return p, err
		}, guard, by)
		if err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return versioned(http.StatusOK, p.Version, projectDocument(p)), nil
	})
}

func projectDocument(p store.Project) openapi.Project {
	return openapi.Project{Key: p.Key, Name: p.Name, Version: p.Version, CreatedAt: p.CreatedAt}
}
