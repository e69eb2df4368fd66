package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListFlags answers GET /projects/{project}/flags.
func (a *API) ListFlags(w http.ResponseWriter, r *http.Request, project string, params openapi.ListFlagsParams) {
	page, err := parsePage(r, params.Cursor, params.Limit)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	environments, err := a.environments(r, project)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	flags, err := a.Store.ListFlags(r.Context(), project, store.FlagFilter{
		Archived: params.Archived, After: page.after, Limit: page.limit + 1,
	})
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	found := cut(flags, page.limit, func(f store.Flag) string { return f.Key })
	summaries, err := a.summaries(r.Context(), project, environments)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	documents := make([]openapi.Flag, len(found.Items))
	for i, flag := range found.Items {
		documents[i] = flagDocument(flag, summaries[flag.Key])
	}
	respond(w, r, http.StatusOK, list[openapi.Flag]{Items: documents, Next: found.Next})
}

// GetFlag answers GET /projects/{project}/flags/{flag}.
func (a *API) GetFlag(w http.ResponseWriter, r *http.Request, project, flag string) {
	f, err := a.Store.Flag(r.Context(), project, flag)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.respondFlag(w, r, http.StatusOK, f)
}

// respondFlag answers with the flag and its summaries. The ETag is the flag's own version, for If-Match; the
// summaries change without it, so there is no 304.
func (a *API) respondFlag(w http.ResponseWriter, r *http.Request, status int, f store.Flag) {
	summaries, err := a.flagSummaries(r.Context(), f)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Header().Set("ETag", etag(f.Version))
	respond(w, r, status, flagDocument(f, summaries))
}

// CreateFlag answers PUT /projects/{project}/flags/{flag}.
func (a *API) CreateFlag(w http.ResponseWriter, r *http.Request, project, flag string, params openapi.CreateFlagParams) {
	body, err := decode[openapi.FlagCreate](w, r, maxBody)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	f, config, err := newFlag(project, flag, body, a.Now())
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	f, err = a.Store.CreateFlag(r.Context(), f, config, a.by(r, params.ReasonParam))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	a.respondFlag(w, r, http.StatusCreated, f)
}

// UpdateFlag answers PATCH /projects/{project}/flags/{flag}.
func (a *API) UpdateFlag(w http.ResponseWriter, r *http.Request, project, flag string, params openapi.UpdateFlagParams) {
	patch, err := decodePatch(w, r, maxBody, flagReadOnly...)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	f, err := a.updateFlag(r, project, flag, patch, params)
	if err != nil {
		a.writeRefused(w, r, err, func(w http.ResponseWriter, r *http.Request) { a.GetFlag(w, r, project, flag) })
		return
	}
	a.settleProject(r.Context(), project)
	a.respondFlag(w, r, http.StatusOK, f)
}

func (a *API) updateFlag(r *http.Request, project, flag string, patch mergePatch, params openapi.UpdateFlagParams) (store.Flag, error) {
	guard, err := parsePrecondition(params.IfMatch)
	if err != nil {
		return store.Flag{}, err
	}
	return write(r.Context(), guard, func() (store.Flag, error) {
		f, err := a.editableFlag(r, project, flag)
		if err != nil {
			return f, err
		}
		if err := guard.check("flag "+flag, f.Version); err != nil {
			return f, err
		}
		edited, err := editFlag(f, patch)
		if err != nil {
			return f, err
		}
		checked, err := a.checkVariationsInUse(r.Context(), f, edited)
		if err != nil {
			return f, err
		}
		edited.UpdatedAt = a.Now()
		return a.Store.UpdateFlag(r.Context(), edited, f.Version, a.byChecked(r, params.ReasonParam, checked))
	})
}

// ArchiveFlag answers DELETE /projects/{project}/flags/{flag}.
func (a *API) ArchiveFlag(w http.ResponseWriter, r *http.Request, project, flag string, params openapi.ArchiveFlagParams) {
	if err := a.archiveFlag(r, project, flag, params); err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) archiveFlag(r *http.Request, project, flag string, params openapi.ArchiveFlagParams) error {
	guard, err := parsePrecondition(params.IfMatch)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		return err
	}
	_, err = write(r.Context(), guard, func() (store.Flag, error) {
		f, err := a.editableFlag(r, project, flag)
		if err != nil {
			return f, err
		}
		if err := guard.check("flag "+flag, f.Version); err != nil {
			return f, err
		}
		checked, err := a.checkFlagUnused(r.Context(), f)
		if err != nil {
			return f, err
		}
		return f, a.Store.ArchiveFlag(r.Context(), project, flag, f.Version, a.byChecked(r, params.ReasonParam, checked))
	})
	return err
}

// editableFlag is a flag that is not archived.
func (a *API) editableFlag(r *http.Request, project, flag string) (store.Flag, error) {
	f, err := a.Store.Flag(r.Context(), project, flag)
	if err == nil && f.Archived {
		err = problem.Conflict("Flag %s is archived and cannot be changed any more.", flag)
	}
	return f, err
}
