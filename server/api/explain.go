package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
)

// ExplainFlag answers POST /projects/{project}/flags/{flag}/environments/{environment}/explain from the snapshot that
// this replica serves.
func (a *API) ExplainFlag(w http.ResponseWriter, r *http.Request, project, flag, environment string) {
	body, err := decode[openapi.ExplainRequest](w, r, maxBody)
	if err == nil && body.Context == nil {
		err = problem.Invalid(problem.Field("/context", "is required: an object, for instance {\"targetingKey\": \"user-1\"}"))
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := environmentRef(project, environment)
	if _, err := a.Store.Environment(r.Context(), ref); err != nil {
		problem.Write(w, r, err)
		return
	}
	snapshot, err := a.Snapshots.Snapshot(ref)
	if err != nil {
		problem.Write(w, r, problem.Unavailable(problem.Sentence(err.Error())))
		return
	}
	if _, ok := snapshot.Flag(flag); !ok {
		problem.Write(w, r, problem.NotFound("There is no flag %s in %s.", flag, environment))
		return
	}
	evaluation := evaluator.MapContext(body.Context).At(a.Now())
	respond(w, r, http.StatusOK, snapshot.Explain(flag, &evaluation))
}
