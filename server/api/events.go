package api

import (
	"errors"
	"net/http"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/server/stream"
)

// StreamEvents answers GET /projects/{project}/events until the caller goes away.
func (a *API) StreamEvents(w http.ResponseWriter, r *http.Request, project string) {
	if _, err := a.Store.Project(r.Context(), project); err != nil {
		problem.Write(w, r, err)
		return
	}
	subscription := a.Feed.Subscribe(project)
	defer subscription.Close()
	err := a.Streams.Serve(w, r, "events", subscription)
	if errors.Is(err, stream.ErrAtCapacity) || errors.Is(err, stream.ErrClosing) {
		err = problem.Unavailable(sentence(err.Error()))
	}
	if err != nil {
		problem.Write(w, r, err)
	}
}
