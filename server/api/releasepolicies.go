package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/store"
)

// releasePolicyReadOnly are the fields of a policy that a PATCH may carry and that it ignores.
var releasePolicyReadOnly = []string{"key", "version", "createdAt", "updatedAt"}

// ListReleasePolicies answers GET /projects/{project}/release-policies.
func (a *API) ListReleasePolicies(w http.ResponseWriter, r *http.Request, project string) {
	a.respond(w, r, func() (answer, error) {
		policies, err := a.Store.ListReleasePolicies(r.Context(), project)
		return listed(policies, releasePolicyDocument), err
	})
}

// GetReleasePolicy answers GET /projects/{project}/release-policies/{policy}.
func (a *API) GetReleasePolicy(w http.ResponseWriter, r *http.Request, project, policy string) {
	a.respond(w, r, func() (answer, error) {
		p, err := a.Store.ReleasePolicy(r.Context(), project, policy)
		return versioned(http.StatusOK, p.Version, releasePolicyDocument(p)), err
	})
}

// CreateReleasePolicy answers PUT /projects/{project}/release-policies/{policy}.
func (a *API) CreateReleasePolicy(
	w http.ResponseWriter,
	r *http.Request,
	project, policy string,
	params openapi.CreateReleasePolicyParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.ReleasePolicyWrite](w, r, maxBody)
		if err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		p := writeReleasePolicy(store.ReleasePolicy{Project: project, Key: policy}, body)
		p, err = a.Edits.CreateReleasePolicy(r.Context(), p, by)
		return versioned(http.StatusCreated, p.Version, releasePolicyDocument(p)), err
	})
}

// UpdateReleasePolicy answers PATCH /projects/{project}/release-policies/{policy}.
func (a *API) UpdateReleasePolicy(
	w http.ResponseWriter,
	r *http.Request,
	project, policy string,
	params openapi.UpdateReleasePolicyParams,
) {
	a.respond(w, r, func() (answer, error) {
		patch, err := decodePatch(w, r, maxBody, releasePolicyReadOnly...)
		if err != nil {
			return none, err
		}
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		p, err := a.Edits.UpdateReleasePolicy(r.Context(), project, policy, releasePolicyChange(patch), guard, by)
		return versioned(http.StatusOK, p.Version, releasePolicyDocument(p)), err
	})
}

// DeleteReleasePolicy answers DELETE /projects/{project}/release-policies/{policy}.
func (a *API) DeleteReleasePolicy(
	w http.ResponseWriter,
	r *http.Request,
	project, policy string,
	params openapi.DeleteReleasePolicyParams,
) {
	a.respond(w, r, func() (answer, error) {
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		return noContent(), a.Edits.DeleteReleasePolicy(r.Context(), project, policy, guard, by)
	})
}

// releasePolicyChange applies a patch to a policy.
func releasePolicyChange(patch mergePatch) edit.Change[store.ReleasePolicy] {
	return func(p store.ReleasePolicy) (store.ReleasePolicy, error) {
		body, err := applyPatch(patch, openapi.ReleasePolicyWrite{
			Name: p.Name, Description: p.Description, Steps: p.Steps, Windows: p.Windows, Guards: p.Guards,
			OnRollback: openapi.ReleasePolicyWriteOnRollback(p.OnRollback), Deployment: p.Deployment,
		})
		return writeReleasePolicy(p, body), err
	}
}

// writeReleasePolicy is the policy with what a body says.
func writeReleasePolicy(p store.ReleasePolicy, body openapi.ReleasePolicyWrite) store.ReleasePolicy {
	p.Name, p.Description = body.Name, body.Description
	p.Policy = release.Policy{
		Steps: body.Steps, Windows: body.Windows, Guards: body.Guards, OnRollback: release.OnRollback(body.OnRollback),
		Deployment: body.Deployment,
	}
	return p
}

func releasePolicyDocument(p store.ReleasePolicy) openapi.ReleasePolicy {
	return openapi.ReleasePolicy{
		Key: p.Key, Name: p.Name, Description: p.Description, Steps: p.Steps, Windows: p.Windows, Guards: p.Guards,
		OnRollback: openapi.ReleasePolicyOnRollback(p.OnRollback), Deployment: p.Deployment, Version: p.Version,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}
