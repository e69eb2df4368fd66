package ofrep

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// Replica serves the current state of every environment from memory.
type Replica interface {
	auth.States
	// Await waits until the replica serves this revision of the environment, or a later one, or until ctx ends.
	Await(ctx context.Context, ref store.EnvironmentRef, revision int64) error
}

// Handler answers everything below /ofrep/v1/.
type Handler struct {
	Replica Replica
	Keys    auth.Keys
	Streams *stream.Streams
	// PublicURL is the address by which clients reach the server: an origin, and perhaps a path. If it is empty,
	// clients look for event streams at the origin that they already use.
	PublicURL string
	// Now is the clock. It is used for the life of event stream tokens, for Limits, and for flags that ask for the
	// time.
	Now func() time.Time
	// Limits bound the evaluations of each key. With nil there are no limits.
	Limits *Limits
	// Presence notes which processes ask. With nil nothing is noted.
	Presence Presence
}

// Presence notes which process asks with a key, as its headers say. It must cost next to nothing.
type Presence interface {
	Note(key store.SDKKey, header http.Header)
}

// Routes returns the handler of the protocol's routes, and of the preflight requests of browsers.
func (h *Handler) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /ofrep/v1/evaluate/flags/{key}", h.evaluateFlag)
	mux.HandleFunc("POST /ofrep/v1/evaluate/flags", h.evaluateFlags)
	mux.HandleFunc("GET "+eventsPath, h.events)
	problem.HandleUnmatched(mux, "/ofrep/v1/")
	return pages.Middleware(mux)
}

// enter finds the key of the request and the state of its environment. It sets no headers except those of
// checkOrigin.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request) (auth.Access, *failure) {
	key, err := auth.RequestKey(r, h.Keys)
	switch {
	case errors.Is(err, auth.ErrNoKey):
		return auth.Access{}, unauthorized("send an SDK key as Authorization: Bearer or X-API-Key")
	case errors.Is(err, auth.ErrUnknownKey):
		return auth.Access{}, unauthorized("there is no such SDK key, or it was revoked")
	case err != nil:
		return auth.Access{}, notReady("the SDK key cannot be checked now")
	}
	if f := checkOrigin(w, r, &key); f != nil {
		return auth.Access{}, f
	}
	if f := h.Limits.check(key.ID, h.Now); f != nil {
		return auth.Access{}, f
	}
	if h.Presence != nil {
		h.Presence.Note(key, r.Header)
	}
	return h.current(key)
}

// current returns what the holder of the key may see now.
func (h *Handler) current(key store.SDKKey) (auth.Access, *failure) {
	a, err := auth.CurrentAccess(h.Replica, key)
	if err != nil {
		return a, notReady(err.Error())
	}
	return a, nil
}
