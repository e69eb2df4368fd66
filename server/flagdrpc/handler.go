package flagdrpc

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"connectrpc.com/connect"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v1/evaluationv1connect"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v2/evaluationv2connect"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/sync/v1/syncv1connect"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// maxRequest is the greatest size of a request, in bytes.
const maxRequest = 1 << 20

// Presence notes which process asks with a key, as its metadata says.
type Presence interface {
	Note(key store.SDKKey, header http.Header)
}

// Limits bound the evaluations of each key.
type Limits interface {
	// Admit counts a request with the key of the id and returns 0, or else how long to wait before the next.
	Admit(key string, now time.Time) time.Duration
}

// Options are what a Handler is made of.
type Options struct {
	Replica auth.States
	Keys    auth.Keys
	Streams *stream.Streams
	Limits  Limits
	// Presence hears of the processes that say what they are.
	Presence Presence
	// BoundKeys are the texts of SDK keys that callers without one are let in by: whoever reaches the listener has them.
	BoundKeys []string
	// Context holds attributes that every evaluation gets, here and in the providers that sync. They go before those of
	// the caller.
	Context map[string]any
	Metrics *Metrics
	// Log hears of keys that are sent where others may read them.
	Log *slog.Logger
	// Now is the clock, for Limits.
	Now func() time.Time
}

// Handler answers flagd's protocols. It is safe for concurrent use.
type Handler struct {
	Options
	definitions definitions
	changes     changes
	// warned has the ids of the keys that Log was told of.
	warned sync.Map
}

// NewHandler returns a handler.
func NewHandler(options Options) *Handler {
	return &Handler{Options: options, definitions: newDefinitions(), changes: newChanges()}
}

// Evaluation is the handler of flagd.evaluation.v1 and .v2, for pages of every origin too.
func (h *Handler) Evaluation() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(evaluationv1connect.NewServiceHandler(evaluationV1{h}, h.options()...))
	mux.Handle(evaluationv2connect.NewServiceHandler(evaluationV2{h}, h.options()...))
	return withDeadlines(h.withPages(h.admitted(mux, false)), h.Streams)
}

// Sync is the handler of flagd.sync.v1.
func (h *Handler) Sync() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(syncv1connect.NewFlagSyncServiceHandler(syncV1{h}, h.options()...))
	return withDeadlines(h.admitted(mux, true), h.Streams)
}

func (h *Handler) options() []connect.HandlerOption {
	return []connect.HandlerOption{connect.WithReadMaxBytes(maxRequest), connect.WithInterceptors(h.Metrics)}
}
