package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// releasePolicyReadOnly are the fields of a policy that a PATCH may carry and that it ignores.
var releasePolicyReadOnly = []string{"key", "version", "createdAt", "updatedAt"}

// ListReleasePolicies answers GET /projects/{project}/release-policies.
func (a *API) ListReleasePolicies(w http.ResponseWriter, r *http.Request, project string) {
	policies, err := a.Store.ListReleasePolicies(r.Context(), project)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.ReleasePolicy, len(policies))
	for i, p := range policies {
		items[i] = releasePolicyDocument(p)
	}
	respond(w, r, http.StatusOK, list[openapi.ReleasePolicy]{Items: items})
}

// GetReleasePolicy answers GET /projects/{project}/release-policies/{policy}.
func (a *API) GetReleasePolicy(w http.ResponseWriter, r *http.Request, project, policy string) {
	p, err := a.Store.ReleasePolicy(r.Context(), project, policy)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respondVersioned(w, r, http.StatusOK, p.Version, releasePolicyDocument(p))
}

// CreateReleasePolicy answers PUT /projects/{project}/release-policies/{policy}.
func (a *API) CreateReleasePolicy(w http.ResponseWriter, r *http.Request, project, policy string, params openapi.CreateReleasePolicyParams) {
	body, err := decode[openapi.ReleasePolicyWrite](w, r, maxBody)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	p := editReleasePolicy(store.ReleasePolicy{Project: project, Key: policy}, body)
	if err == nil {
		err = checkReleasePolicy(p)
	}
	if err == nil {
		p, err = a.Store.CreateReleasePolicy(r.Context(), p, a.by(r, params.ReasonParam))
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respondVersioned(w, r, http.StatusCreated, p.Version, releasePolicyDocument(p))
}

// UpdateReleasePolicy answers PATCH /projects/{project}/release-policies/{policy}.
func (a *API) UpdateReleasePolicy(w http.ResponseWriter, r *http.Request, project, policy string, params openapi.UpdateReleasePolicyParams) {
	patch, err := decodePatch(w, r, maxBody, releasePolicyReadOnly...)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	p, err := a.updateReleasePolicy(r, project, policy, patch, params)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respondVersioned(w, r, http.StatusOK, p.Version, releasePolicyDocument(p))
}

func (a *API) updateReleasePolicy(r *http.Request, project, policy string, patch mergePatch, params openapi.UpdateReleasePolicyParams) (store.ReleasePolicy, error) {
	guard, err := parsePrecondition(params.IfMatch)
	if err != nil {
		return store.ReleasePolicy{}, err
	}
	return write(r.Context(), guard, func() (store.ReleasePolicy, error) {
		p, err := a.Store.ReleasePolicy(r.Context(), project, policy)
		if err != nil {
			return p, err
		}
		if err := guard.check("release policy "+policy, p.Version); err != nil {
			return p, err
		}
		body, err := applyPatch(patch, openapi.ReleasePolicyWrite{
			Name: p.Name, Description: p.Description, Steps: p.Steps, Windows: p.Windows, Guards: p.Guards,
			OnRollback: openapi.ReleasePolicyWriteOnRollback(p.OnRollback), Deployment: p.Deployment,
		})
		if err != nil {
			return p, err
		}
		edited := editReleasePolicy(p, body)
		if err := checkReleasePolicy(edited); err != nil {
			return p, err
		}
		return a.Store.UpdateReleasePolicy(r.Context(), edited, p.Version, a.by(r, params.ReasonParam))
	})
}

// DeleteReleasePolicy answers DELETE /projects/{project}/release-policies/{policy}.
func (a *API) DeleteReleasePolicy(w http.ResponseWriter, r *http.Request, project, policy string, params openapi.DeleteReleasePolicyParams) {
	if err := a.deleteReleasePolicy(r, project, policy, params); err != nil {
		problem.Write(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) deleteReleasePolicy(r *http.Request, project, policy string, params openapi.DeleteReleasePolicyParams) error {
	guard, err := parsePrecondition(params.IfMatch)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		return err
	}
	_, err = write(r.Context(), guard, func() (store.ReleasePolicy, error) {
		p, err := a.Store.ReleasePolicy(r.Context(), project, policy)
		if err != nil {
			return p, err
		}
		if err := guard.check("release policy "+policy, p.Version); err != nil {
			return p, err
		}
		return p, a.Store.DeleteReleasePolicy(r.Context(), project, policy, p.Version, a.by(r, params.ReasonParam))
	})
	return err
}

// editReleasePolicy is the policy with what a body says.
func editReleasePolicy(p store.ReleasePolicy, body openapi.ReleasePolicyWrite) store.ReleasePolicy {
	p.Name, p.Description = orKey(body.Name, p.Key), body.Description
	p.Policy = release.Policy{
		Steps: body.Steps, Windows: body.Windows, Guards: body.Guards, OnRollback: release.OnRollback(body.OnRollback),
		Deployment: body.Deployment,
	}
	if p.OnRollback == "" {
		p.OnRollback = release.OnRollbackRevert
	}
	return p
}

func checkReleasePolicy(p store.ReleasePolicy) error {
	if err := checkKey("release policy", p.Key); err != nil {
		return err
	}
	var f fields
	f.line("/name", p.Name, maxName)
	f.atMost("/description", p.Description, maxDescription)
	f = append(f, problem.CompileFields("", release.ValidatePolicy(p.Policy))...)
	return f.err()
}

func releasePolicyDocument(p store.ReleasePolicy) openapi.ReleasePolicy {
	return openapi.ReleasePolicy{
		Key: p.Key, Name: p.Name, Description: p.Description, Steps: p.Steps, Windows: p.Windows, Guards: p.Guards,
		OnRollback: openapi.ReleasePolicyOnRollback(p.OnRollback), Deployment: p.Deployment, Version: p.Version,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}
