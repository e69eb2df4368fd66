package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/server/stream"
)

// StreamEvents answers GET /projects/{project}/events. The stream goes on until the caller goes away.
func (a *API) StreamEvents(w http.ResponseWriter, r *http.Request, project string) {
	if _, err := a.Store.Project(r.Context(), project); err != nil {
		problem.Write(w, r, err)
		return
	}
	subscription := a.Feed.Subscribe(project)
	err := a.Streams.Serve(w, r, "events", &admitted{Source: subscription, api: a, request: r, checkedAt: a.Now()}, nil)
	if errors.Is(err, stream.ErrAtCapacity) || errors.Is(err, stream.ErrClosing) {
		err = problem.Unavailable(problem.Sentence(err.Error()))
	}
	if err != nil {
		problem.Write(w, r, err)
	}
}

// recheckEvery bounds how long a stream with events goes on after its caller has lost access. The caller loses access
// when the credential is revoked or expires, or when the session ends.
const recheckEvery = time.Second

// admitted is a source for as long as the caller of the request is admitted.
type admitted struct {
	stream.Source
	api       *API
	request   *http.Request
	checkedAt time.Time
}

// Next fails once the caller is no longer admitted. If that cannot be checked at the moment, the stream goes on.
func (s *admitted) Next() ([][]byte, <-chan struct{}, error) {
	if now := s.api.Now(); now.Sub(s.checkedAt) >= recheckEvery {
		s.checkedAt = now
		// The request has ended for net/http, and its context with it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.request.Context()), recheckEvery)
		defer cancel()
		_, err := s.api.Auth.Authenticate(s.request.WithContext(ctx))
		var refused *problem.Error
		if errors.As(err, &refused) {
			return nil, nil, err
		}
	}
	return s.Source.Next()
}
