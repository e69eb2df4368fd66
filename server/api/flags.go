package api

import (
	"context"
	"net/http"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/store"
)

// flagReadOnly are the fields of a flag that a PATCH may carry and that it ignores.
var flagReadOnly = []string{"key", "archived", "version", "createdAt", "updatedAt", "environments"}

// ListFlags answers GET /projects/{project}/flags.
func (a *API) ListFlags(w http.ResponseWriter, r *http.Request, project string, params openapi.ListFlagsParams) {
	a.respond(w, r, func() (answer, error) {
		var summaries map[string]map[string]openapi.FlagSummary
		read := func(p page) ([]store.Flag, error) {
			environments, err := a.environments(r.Context(), project)
			if err != nil {
				return nil, err
			}
			flags, err := a.Store.ListFlags(r.Context(), project, store.FlagFilter{
				Archived: params.Archived, After: p.after, Limit: p.more(),
			})
			if err == nil {
				summaries, err = a.summaries(r.Context(), project, environments)
			}
			return flags, err
		}
		return paged(r, params.Cursor, params.Limit, read,
			func(f store.Flag) string { return f.Key },
			func(f store.Flag) openapi.Flag { return flagDocument(f, summaries[f.Key]) })
	})
}

// GetFlag answers GET /projects/{project}/flags/{flag}.
func (a *API) GetFlag(w http.ResponseWriter, r *http.Request, project, flag string) {
	a.respond(w, r, func() (answer, error) {
		f, err := a.Store.Flag(r.Context(), project, flag)
		if err != nil {
			return none, err
		}
		return a.flagAnswer(r.Context(), http.StatusOK, f)
	})
}

// flagAnswer answers with the flag and its summaries. The version is that of the flag alone.
func (a *API) flagAnswer(ctx context.Context, status int, f store.Flag) (answer, error) {
	document, err := a.wholeFlag(ctx, f)
	return tagged(status, f.Version, document), err
}

// CreateFlag answers PUT /projects/{project}/flags/{flag}.
func (a *API) CreateFlag(
	w http.ResponseWriter,
	r *http.Request,
	project, flag string,
	params openapi.CreateFlagParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.FlagCreate](w, r, maxBody)
		if err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		f, err := a.Edits.CreateFlag(r.Context(), store.Flag{
			Project:     project,
			Key:         flag,
			Name:        body.Name,
			Description: body.Description,
			Type:        evaluator.Type(body.Type),
			Purpose:     store.Purpose(body.Purpose),
			Variations:  body.Variations,
			ClientSide:  body.ClientSide,
			Tags:        body.Tags,
			Owner:       body.Owner,
		}, edit.FirstServed{Off: body.OffVariation, Fallthrough: body.FallthroughVariation}, by)
		if err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return a.flagAnswer(r.Context(), http.StatusCreated, f)
	})
}

// UpdateFlag answers PATCH /projects/{project}/flags/{flag}.
func (a *API) UpdateFlag(
	w http.ResponseWriter,
	r *http.Request,
	project, flag string,
	params openapi.UpdateFlagParams,
) {
	a.respond(w, r, func() (answer, error) {
		patch, err := decodePatch(w, r, maxBody, flagReadOnly...)
		if err != nil {
			return none, err
		}
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		f, err := a.Edits.UpdateFlag(r.Context(), project, flag, flagChange(patch), guard, by)
		if err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return a.flagAnswer(r.Context(), http.StatusOK, f)
	})
}

// editableFlagDocument is the document that a PATCH of a flag is applied to. It contains the type, so that a change
// of the type is refused and not silently ignored.
type editableFlagDocument struct {
	openapi.FlagPatch
	Type openapi.FlagType `json:"type"`
}

// flagChange applies a patch to a flag.
func flagChange(patch mergePatch) edit.Change[store.Flag] {
	return func(f store.Flag) (store.Flag, error) {
		document, err := applyPatch(patch, editableFlagDocument{
			FlagPatch: openapi.FlagPatch{
				Name: f.Name, Description: f.Description, Purpose: openapi.Purpose(f.Purpose), Variations: f.Variations,
				ClientSide: f.ClientSide, Tags: f.Tags, Owner: f.Owner,
			},
			Type: openapi.FlagType(f.Type),
		})
		f.Type, f.Purpose = evaluator.Type(document.Type), store.Purpose(document.Purpose)
		f.Name, f.Description, f.Owner, f.Tags = document.Name, document.Description, document.Owner, document.Tags
		f.Variations, f.ClientSide = document.Variations, document.ClientSide
		return f, err
	}
}

// ArchiveFlag answers DELETE /projects/{project}/flags/{flag}.
func (a *API) ArchiveFlag(
	w http.ResponseWriter,
	r *http.Request,
	project, flag string,
	params openapi.ArchiveFlagParams,
) {
	a.respond(w, r, func() (answer, error) {
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		if err := a.Edits.ArchiveFlag(r.Context(), project, flag, guard, by); err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return noContent(), nil
	})
}
