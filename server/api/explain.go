package api

import (
	"bytes"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/evalcontext"
	"github.com/tidegate-io/tidegate/server/problem"
)

// ExplainFlag answers POST /projects/{project}/flags/{flag}/environments/{environment}/explain from the snapshot that
// this replica serves.
func (a *API) ExplainFlag(w http.ResponseWriter, r *http.Request, project, flag, environment string) {
	a.respond(w, r, func() (answer, error) {
		attributes, err := readContext(w, r)
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
		evaluation := evaluator.MapContext(attributes).At(a.Now())
		budget := evaluator.NewBudget(r.Context().Done())
		return plain(http.StatusOK, snapshot.ExplainWithin(&budget, flag, &evaluation)), nil
	})
}

// readContext reads the body of an ExplainRequest. The context is read as evaluations read it, so that it is
// explained if and only if it is evaluated; other bodies may not hold U+0000, for instance, and a context may.
func readContext(w http.ResponseWriter, r *http.Request) (map[string]any, error) {
	content, err := readContent(w, r, maxBody)
	if err != nil {
		return nil, err
	}
	var request struct {
		Context jsontext.Value `json:"context"`
	}
	if err := body.Strict(content, &request); err != nil {
		return nil, err
	}
	if len(request.Context) == 0 {
		return nil, problem.Invalid(
			problem.Field("/context", "is required: an object, for instance {\"targetingKey\": \"user-1\"}"),
		)
	}
	attributes := make(map[string]any)
	if err := evalcontext.ReadBody(jsontext.NewDecoder(bytes.NewReader(content)), attributes); err != nil {
		return nil, problem.Invalid(problem.Field("/context", "%s", err))
	}
	return attributes, nil
}
