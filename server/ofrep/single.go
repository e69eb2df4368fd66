package ofrep

import (
	"net/http"

	"github.com/tidegate-io/tidegate/evaluator"
)

// evaluateFlag is POST /ofrep/v1/evaluate/flags/{key}: the value of one flag for one context.
func (h *Handler) evaluateFlag(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("key")
	a, f := h.enter(w, r)
	if f != nil {
		f.write(w, key)
		return
	}
	x := exchanges.Get().(*exchange)
	defer x.release()
	if f := x.read(w, r); f != nil {
		f.write(w, key)
		return
	}
	if !a.Visible(key) {
		flagNotFound(key).write(w, key)
		return
	}
	context := x.context(r, a.Snapshot, h.Now)
	budget := evaluator.NewBudget(r.Context().Done())
	result := a.Snapshot.EvaluateWithin(&budget, key, &context)
	if result.Reason == evaluator.ReasonError {
		evaluationFailed(&result, key).write(w, key)
		return
	}
	x.answer = appendResult(x.answer, key, &result, !a.ClientSide(), &a.Key.EnvironmentRef)
	header := w.Header()
	header["Content-Type"] = contentTypeJSON
	header["Cache-Control"] = noStore
	// An error means that the client has gone.
	_, _ = w.Write(x.answer)
}
