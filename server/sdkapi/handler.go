package sdkapi

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// Handler answers the SDKs that evaluate in-process. Only server SDK keys are let in.
type Handler struct {
	Replica  *replica.Replica
	Streams  *stream.Streams
	Keys     auth.Keys
	Presence *presence.Presence
	// Reports takes the reports of applications. It is nil if the server takes none.
	Reports http.Handler
}

// Routes returns the handler of everything below /sdk/v1/.
func (h *Handler) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sdk/v1/stream", h.stream)
	mux.HandleFunc("GET /sdk/v1/snapshot", h.snapshot)
	if h.Reports != nil {
		mux.Handle("POST /sdk/v1/events", h.Reports)
		mux.Handle("OPTIONS /sdk/v1/events", h.Reports)
	}
	mux.HandleFunc("POST /sdk/v1/instances", h.announce)
	problem.HandleUnmatched(mux, "/sdk/v1/")
	return mux
}

// stream is GET /sdk/v1/stream: an event "snapshot" with an evaluator.Definition, then an event "patch" with an
// evaluator.Patch for every change. A client may send the id of the last event that it has seen as Last-Event-ID. It
// then gets patches from there on, if they are still in memory.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request) {
	key, err := serverKey(r, h.Keys)
	if err != nil {
		if errors.Is(err, store.ErrUnavailable) {
			h.Streams.Refused(stream.ReasonKeyUnchecked)
		}
		problem.Write(w, r, err)
		return
	}
	if _, err := h.Replica.State(key.EnvironmentRef); err != nil {
		h.Streams.Refused(stream.ReasonNotReady)
		problem.Write(w, r, unavailable(err))
		return
	}
	who, err := presence.Identify(r)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	visit := h.Presence.Enter(key.EnvironmentRef, who, time.Now())
	source := &sdkSource{replica: h.Replica, ref: key.EnvironmentRef, visit: visit}
	source.at, _ = stream.ParseCursor(r.Header.Get("Last-Event-ID"))
	if err := h.Streams.Serve(w, r, "sdk", source, h.Keys.Revoked(key.ID)); err != nil {
		problem.Write(w, r, unavailable(err))
	}
}

// snapshot is GET /sdk/v1/snapshot: the evaluator.Definition of the environment of the key.
func (h *Handler) snapshot(w http.ResponseWriter, r *http.Request) {
	key, err := serverKey(r, h.Keys)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	st, err := h.Replica.State(key.EnvironmentRef)
	if err != nil {
		problem.Write(w, r, unavailable(err))
		return
	}
	etag := `"` + stream.FormatCursor(st.Cursor()) + `"`
	w.Header().Set("ETag", etag)
	w.Header().Set("Cache-Control", "private, no-cache")
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	definition, err := st.JSON()
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// An error means that the client has gone.
	_, _ = w.Write(definition)
}

// unavailable is the problem of a request that will work later.
func unavailable(err error) error {
	if errors.Is(err, replica.ErrNotReady) || errors.Is(err, stream.ErrAtCapacity) ||
		errors.Is(err, stream.ErrClosing) {
		return problem.Unavailable(err.Error())
	}
	return err
}

// sdkSource brings one SDK from its cursor to the current state, again and again.
type sdkSource struct {
	replica *replica.Replica
	ref     store.EnvironmentRef
	at      store.Cursor
	visit   *presence.Visit
}

// Next returns the patches since the cursor, or the whole snapshot.
func (s *sdkSource) Next() ([][]byte, <-chan struct{}, error) {
	st, err := s.replica.State(s.ref)
	if err != nil {
		return nil, nil, err
	}
	events, err := st.Since(s.at)
	if err != nil {
		return nil, nil, err
	}
	if len(events) > 0 {
		s.at = st.Cursor()
	}
	return events, st.Superseded(), nil
}

// Close ends the visit. The open stream was the sign that the process is alive.
func (s *sdkSource) Close() { s.visit.Leave() }

// Written notes the revision that the SDK has now.
func (s *sdkSource) Written() { s.visit.Served(s.at.Revision) }
