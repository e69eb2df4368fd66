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

// Presence notes which process uses a key, as its metadata says.
type Presence interface {
	Note(key store.SDKKey, header http.Header)
}

// Limits bound the evaluations of each key.
type Limits interface {
	// Admit counts a request with the key of this id and returns 0. If the limit is reached, it returns how long to
	// wait before the next request.
	Admit(key string, now time.Time) time.Duration
}

// Options are the parts and settings of a Handler.
type Options struct {
	Replica auth.States
	Keys    auth.Keys
	Streams *stream.Streams
	Limits  Limits
	// Presence is told of processes that say what they are.
	Presence Presence
	// BoundKeys are the texts of SDK keys for callers without one. Everybody who reaches the listener may use them.
	BoundKeys []string
	// Context holds attributes for every evaluation, here and in the providers that sync. They take precedence over
	// the attributes of the caller.
	Context map[string]any
	Metrics *Metrics
	// Log gets a warning when a key is sent in a place where others may read it.
	Log *slog.Logger
	// Now is the clock, for Limits.
	Now func() time.Time
}

// Handler answers flagd's protocols. It is safe for concurrent use.
type Handler struct {
	Options
	definitions definitions
	changes     changes
	// warned has the ids of the keys for which Log already has a warning.
	warned sync.Map
}

// NewHandler returns a handler.
func NewHandler(options Options) *Handler {
	return &Handler{Options: options, definitions: newDefinitions(), changes: newChanges()}
}

// Evaluation is the handler of flagd.evaluation.v1 and .v2. It also answers web pages of other origins.
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
