package api

import (
	"net/http"
	"strconv"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListChanges answers GET /projects/{project}/environments/{environment}/changes.
func (a *API) ListChanges(
	w http.ResponseWriter,
	r *http.Request,
	project, environment string,
	params openapi.ListChangesParams,
) {
	a.respond(w, r, func() (answer, error) {
		ref := environmentRef(project, environment)
		read := func(p page) ([]store.Change, error) {
			filter, err := changeFilter(p, params)
			if err != nil {
				return nil, err
			}
			if _, err := a.Store.Environment(r.Context(), ref); err != nil {
				return nil, err
			}
			return a.Store.ListChanges(r.Context(), ref, filter)
		}
		revision := func(c store.Change) string { return strconv.FormatInt(c.Revision, 10) }
		return paged(r, params.Cursor, params.Limit, read, revision, changeDocument)
	})
}

func changeFilter(p page, params openapi.ListChangesParams) (store.ChangeFilter, error) {
	if params.Kind != "" && !params.Kind.Valid() {
		return store.ChangeFilter{}, problem.BadRequest(
			"The parameter kind must be the kind of a change, not " + strconv.Quote(string(params.Kind)) + ".",
		)
	}
	before, err := p.revision()
	return store.ChangeFilter{
		Kind: store.ChangeKind(params.Kind), Key: params.Key, Before: before, Limit: p.more(),
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
