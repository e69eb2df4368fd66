package flagdrpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/flagdrpc"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v1/evaluationv1connect"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v2/evaluationv2connect"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/sync/v1/syncv1connect"
	"github.com/tidegate-io/tidegate/server/ofrep"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds how long a test waits for something that must come.
const patience = 20 * time.Second

// rig is a shop that is served by the protocols of flagd.
type rig struct {
	*streamtest.Shop
	replica *streamtest.Server
	url     string
	log     recorder
	client  *http.Client
}

// recorder keeps what is written to it. It may be used concurrently.
type recorder struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// settings are the options of open.
type settings struct {
	streams stream.StreamsOptions
	limits  *ofrep.Limits
	// bound lets callers in without a key.
	bound   bool
	context map[string]any
	// now is the clock; time.Now unless set.
	now func() time.Time
}

// open serves a shop with one flag of each type, and some flags that are off.
func open(t *testing.T, s settings) *rig {
	t.Helper()
	r := &rig{Shop: streamtest.NewShop(t)}
	for _, f := range shopFlags() {
		r.AddFlag(t, f)
	}
	r.replica = streamtest.Start(t, r.Shop, streamtest.Options{Streams: s.streams})
	options := flagdrpc.Options{
		Replica: r.replica.Replica, Keys: r.replica.Keys, Presence: r.replica.Presence, Streams: r.replica.Streams, Limits: s.limits, Context: s.context,
		Metrics: flagdrpc.NewMetrics(nil), Now: s.now, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	}
	if s.now == nil {
		options.Now = time.Now
	}
	if s.bound {
		options.BoundKeys = []string{"sdk-revoked", r.ServerKey}
	}
	handler := flagdrpc.NewHandler(options)
	mux := http.NewServeMux()
	mux.Handle("/flagd.sync.v1.FlagSyncService/", handler.Sync())
	mux.Handle("/", handler.Evaluation())
	server := httptest.NewUnstartedServer(mux)
	server.Config.Protocols = clearProtocols()
	server.Start()
	t.Cleanup(server.Close)
	r.url = server.URL
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	r.client = &http.Client{Transport: transport}
	return r
}

func clearProtocols() *http.Protocols {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	return protocols
}

func (r *rig) v1(options ...connect.ClientOption) evaluationv1connect.ServiceClient {
	return evaluationv1connect.NewServiceClient(r.client, r.url, options...)
}

func (r *rig) v2(options ...connect.ClientOption) evaluationv2connect.ServiceClient {
	return evaluationv2connect.NewServiceClient(r.client, r.url, options...)
}

func (r *rig) sync(options ...connect.ClientOption) syncv1connect.FlagSyncServiceClient {
	return syncv1connect.NewFlagSyncServiceClient(r.client, r.url, options...)
}

// shopFlags are ordered by their keys.
func shopFlags() []evaluator.Flag {
	flag := func(key string, t evaluator.Type, on, off string, config string) evaluator.Flag {
		f := evaluator.Flag{Key: key, Type: t, ClientSide: key != "limit", Variations: []evaluator.Variation{
			{Key: "on", Value: json.RawMessage(on)}, {Key: "off", Value: json.RawMessage(off)},
		}}
		if err := json.Unmarshal([]byte(config), &f.Config); err != nil {
			panic(err)
		}
		return f
	}
	return []evaluator.Flag{
		flag("banner", evaluator.TypeObject, `{"text":"hi","lines":[1,null]}`, `{}`, `{"enabled": true, "fallthrough": {"variation": "on"}}`),
		flag("checkout", evaluator.TypeBoolean, `true`, `false`, `{"enabled": true, "offVariation": "off",
			"rules": [{"id": "french", "clauses": [{"attribute": "country", "operator": "in", "values": ["FR"]}], "serve": {"variation": "on"}}],
			"fallthrough": {"variation": "off"}}`),
		flag("elsewhere", evaluator.TypeBoolean, `true`, `false`, `{"enabled": true, "offVariation": null, "fallthrough": {"variation": "on"},
			"availability": {"service": "another", "version": ">=1"}}`),
		flag("left", evaluator.TypeBoolean, `true`, `false`, `{"enabled": false, "offVariation": null, "fallthrough": {"variation": "on"}}`),
		flag("limit", evaluator.TypeNumber, `42`, `0.5`, `{"enabled": true, "targets": [{"variation": "off", "values": ["half"]}], "fallthrough": {"variation": "on"}}`),
		flag("needs", evaluator.TypeBoolean, `true`, `false`, `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"},
			"prerequisites": [{"flag": "checkout", "variation": "on"}]}`),
		flag("theme", evaluator.TypeString, `"night"`, `"day"`, `{"enabled": false, "offVariation": "off", "fallthrough": {"variation": "on"}}`),
	}
}

func shopFlag(key string) evaluator.Flag {
	flags := shopFlags()
	return flags[slices.IndexFunc(flags, func(f evaluator.Flag) bool { return f.Key == key })]
}

// with adds metadata, pairs of name and value, to a request.
func with[T any](message *T, metadata ...string) *connect.Request[T] {
	request := connect.NewRequest(message)
	for i := 0; i < len(metadata); i += 2 {
		request.Header().Set(metadata[i], metadata[i+1])
	}
	return request
}

// contextOf is a context with string attributes, pairs of name and value.
func contextOf(attributes ...string) *structpb.Struct {
	s := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for i := 0; i < len(attributes); i += 2 {
		s.Fields[attributes[i]] = structpb.NewStringValue(attributes[i+1])
	}
	return s
}

// receive waits for the next message of a stream; false means that it has ended.
func receive[T any](t *testing.T, s *connect.ServerStreamForClient[T]) (*T, bool) {
	t.Helper()
	more := make(chan bool, 1)
	go func() { more <- s.Receive() }()
	select {
	case ok := <-more:
		return s.Msg(), ok
	case <-time.After(patience):
		require.Fail(t, "nothing came on the stream")
		return nil, false
	}
}

// bounded is a context that ends with the test.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx
}
