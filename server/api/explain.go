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
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.ExplainRequest](w, r, maxBody)
		if err == nil && body.Context == nil {
			err = problem.Invalid(problem.Field("/context", "is required: an object, for instance {\"targetingKey\": \"user-1\"}"))
		}
		if err == nil {
			if fault := evaluator.CheckContext(body.Context); fault != nil {
				err = problem.Invalid(problem.Field("/context", "%s", fault))
			}
		}
		if err != nil {
			return none, err
		}
		ref := environmentRef(project, environment)
		if _, err := a.Store.Environment(r.Context(), ref); err != nil {
			return none, err
		}
		snapshot, err := a.Snapshots.Snapshot(ref)
		if err != nil {
			return none, problem.Unavailable(problem.Sentence(err.Error()))
		}
		if _, ok := snapshot.Flag(flag); !ok {
			return none, problem.NotFound("There is no flag %s in %s.", flag, environment)
		}
		evaluation := evaluator.MapContext(body.Context).At(a.Now())
		budget := evaluator.NewBudget(r.Context().Done())
		return plain(http.StatusOK, snapshot.ExplainWithin(&budget, flag, &evaluation)), nil
	})
}
