package api

import (
	"net/http"
	"strconv"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListChanges answers GET /projects/{project}/environments/{environment}/changes.
func (a *API) ListChanges(w http.ResponseWriter, r *http.Request, project, environment string, params openapi.ListChangesParams) {
	page, filter, err := changeFilter(r, params)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := environmentRef(project, environment)
	if _, err := a.Store.Environment(r.Context(), ref); err != nil {
		problem.Write(w, r, err)
		return
	}
	changes, err := a.Store.ListChanges(r.Context(), ref, filter)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	found := cut(changes, page.limit, func(c store.Change) string { return strconv.FormatInt(c.Revision, 10) })
	items := make([]openapi.Change, len(found.Items))
	for i, c := range found.Items {
		items[i] = changeDocument(c)
	}
	respond(w, r, http.StatusOK, list[openapi.Change]{Items: items, Next: found.Next})
}

func changeFilter(r *http.Request, params openapi.ListChangesParams) (page, store.ChangeFilter, error) {
	page, err := parsePage(r, params.Cursor, params.Limit)
	if err != nil {
		return page, store.ChangeFilter{}, err
	}
	if params.Kind != "" && !params.Kind.Valid() {
		return page, store.ChangeFilter{}, problem.BadRequest("The parameter kind must be the kind of a change, not " + strconv.Quote(string(params.Kind)) + ".")
	}
	before, err := page.revision()
	return page, store.ChangeFilter{
		Kind: store.ChangeKind(params.Kind), Key: params.Key, Before: before, Limit: page.limit + 1,
	}, err
}

func changeDocument(c store.Change) openapi.Change {
	return openapi.Change{
		Environment: c.Environment, Revision: c.Revision, At: c.At, Actor: actorDocument(c.Actor),
		Kind: openapi.ChangeKind(c.Kind), Key: c.Key, Reason: c.Reason, Before: c.Before, After: c.After,
	}
}

func actorDocument(actor store.Actor) openapi.Actor {
	return openapi.Actor{Kind: openapi.ActorKind(actor.Kind), Name: actor.Name}
}
