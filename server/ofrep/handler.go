package ofrep

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// Replica serves the current state of every environment from memory.
type Replica interface {
	// State fails with stream.ErrNotReady while there is none.
	State(ref store.EnvironmentRef) (*stream.State, error)
	// Await waits until the environment is served at the revision or a later one, or until ctx ends.
	Await(ctx context.Context, ref store.EnvironmentRef, revision int64) error
}

// Handler answers everything below /ofrep/v1/.
type Handler struct {
	Replica Replica
	Keys    stream.Keys
	Streams *stream.Streams
	// PublicURL is the origin, and perhaps path, by which clients reach the server. While it is empty, clients are left
	// to find event streams at the origin that they use already.
	PublicURL string
	// Now is the clock for the life of event stream tokens, and for Limits.
	Now func() time.Time
	// Limits bound the evaluations of each key; nil bounds none.
	Limits *Limits
	// Presence notes which processes ask; nil notes none.
	Presence Presence
}

// Presence notes that a process is alive. It must cost next to nothing.
type Presence interface {
	Touch(ref store.EnvironmentRef, service, version, instance string)
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

// access is what the bearer of a key may see, at one moment.
type access struct {
	key      store.SDKKey
	state    *stream.State
	snapshot *evaluator.Snapshot
}

// clientSide reports whether the bearer may see clientSide flags only.
func (a *access) clientSide() bool { return a.key.Kind != store.SDKKeyServer }

// enter finds the key of the request and the state of its environment. It sets no header but those of checkOrigin.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request) (access, *failure) {
	text := stream.KeyText(r)
	if text == "" {
		return access{}, unauthorized("send an SDK key as Authorization: Bearer or X-API-Key")
	}
	key, err := h.Keys.SDKKey(r.Context(), text)
	if errors.Is(err, auth.ErrUnknownKey) {
		return access{}, unauthorized("there is no such SDK key, or it was revoked")
	}
	if err != nil {
		return access{}, notReady("the SDK key cannot be checked now")
	}
	if f := checkOrigin(w, r, &key); f != nil {
		return access{}, f
	}
	if f := h.Limits.check(key.ID, h.Now); f != nil {
		return access{}, f
	}
	h.note(key, r.Header)
	return h.current(key)
}

// note takes down which process asks. Only the bearer of a server key is believed: a client key is for everybody to see, and
// whoever has it could keep a flag closed that waits for the whole fleet.
func (h *Handler) note(key store.SDKKey, header http.Header) {
	if h.Presence == nil || key.Kind != store.SDKKeyServer {
		return
	}
	if service := header.Get(presence.HeaderService); service != "" {
		h.Presence.Touch(key.EnvironmentRef, service, header.Get(presence.HeaderVersion), header.Get(presence.HeaderInstance))
	}
}

// current is what the key lets its bearer see now.
func (h *Handler) current(key store.SDKKey) (access, *failure) {
	state, err := h.Replica.State(key.EnvironmentRef)
	if err != nil {
		return access{}, notReady(err.Error())
	}
	return access{key: key, state: state, snapshot: state.Snapshot}, nil
}
