package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// projectReadOnly are the fields of a project that a PATCH may carry and that it ignores.
var projectReadOnly = []string{"key", "version", "createdAt"}

// ListProjects answers GET /projects.
func (a *API) ListProjects(w http.ResponseWriter, r *http.Request) {
	projects, err := a.Store.ListProjects(r.Context())
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.Project, len(projects))
	for i, p := range projects {
		items[i] = projectDocument(p)
	}
	respond(w, r, http.StatusOK, list[openapi.Project]{Items: items})
}

// GetProject answers GET /projects/{project}.
func (a *API) GetProject(w http.ResponseWriter, r *http.Request, project string) {
	p, err := a.Store.Project(r.Context(), project)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respondVersioned(w, r, http.StatusOK, p.Version, projectDocument(p))
}

// CreateProject answers PUT /projects/{project}.
func (a *API) CreateProject(w http.ResponseWriter, r *http.Request, project string, params openapi.CreateProjectParams) {
	body, err := decode[openapi.ProjectWrite](w, r, maxBody)
	if err == nil {
		err = checkProject(project, body, params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	p, err := a.Store.CreateProject(r.Context(), store.Project{
		Key: project, Name: orKey(body.Name, project), CreatedAt: a.Now(),
	}, a.by(r, params.ReasonParam))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respondVersioned(w, r, http.StatusCreated, p.Version, projectDocument(p))
}

// UpdateProject answers PATCH /projects/{project}.
func (a *API) UpdateProject(w http.ResponseWriter, r *http.Request, project string, params openapi.UpdateProjectParams) {
	patch, err := decodePatch(w, r, maxBody, projectReadOnly...)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	updated, err := a.updateProject(r, project, patch, params)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	respondVersioned(w, r, http.StatusOK, updated.Version, projectDocument(updated))
}

func (a *API) updateProject(r *http.Request, project string, patch mergePatch, params openapi.UpdateProjectParams) (store.Project, error) {
	guard, err := parsePrecondition(params.IfMatch)
	if err != nil {
		return store.Project{}, err
	}
	return write(r.Context(), guard, func() (store.Project, error) {
		p, err := a.Store.Project(r.Context(), project)
		if err != nil {
			return p, err
		}
		if err := guard.check("project "+project, p.Version); err != nil {
			return p, err
		}
		body, err := applyPatch(patch, openapi.ProjectWrite{Name: p.Name})
		if err != nil {
			return p, err
		}
		if err := checkProject(project, body, params.ReasonParam); err != nil {
			return p, err
		}
		p.Name = orKey(body.Name, project)
		return a.Store.UpdateProject(r.Context(), p, p.Version, a.by(r, params.ReasonParam))
	})
}

func checkProject(key string, body openapi.ProjectWrite, reason string) error {
	if err := checkKey("project", key); err != nil {
		return err
	}
	var f fields
	f.line("/name", body.Name, maxName)
	if err := f.err(); err != nil {
		return err
	}
	return checkReason(reason)
}

// orKey is the name of something that was given none.
func orKey(name, key string) string {
	if name == "" {
		return key
	}
	return name
}

func projectDocument(p store.Project) openapi.Project {
	return openapi.Project{Key: p.Key, Name: p.Name, Version: p.Version, CreatedAt: p.CreatedAt}
}
