// Package streamtest starts a replica on a real store, with the routes of SDKs and of OFREP, for tests.
package streamtest

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/feed"
	"github.com/tidegate-io/tidegate/server/ofrep"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/sdkapi"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// Production is the environment that a Shop has.
var Production = store.EnvironmentRef{Project: "shop", Environment: "production"}

// Shop is a store with a project, an environment and two keys.
type Shop struct {
	*sqlite.Store
	// ServerKey and ClientKey are the texts of the keys.
	ServerKey, ClientKey string
}

// NewShop makes a shop that lasts as long as the test. The options are those of the SQLite store.
func NewShop(t testing.TB, opts ...sqlite.Option) *Shop {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "tidegate.db"), opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	shop := &Shop{Store: db}
	_, err = db.CreateProject(t.Context(), store.Project{Key: Production.Project, Name: "Shop"}, By())
	require.NoError(t, err)
	_, err = db.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: Production, Name: "Production"}, By())
	require.NoError(t, err)
	shop.ServerKey = shop.addKey(t, "server", store.SDKKeyServer, auth.PrefixServerKey)
	shop.ClientKey = shop.addKey(t, "client", store.SDKKeyClient, auth.PrefixClientKey)
	return shop
}

func (s *Shop) addKey(t testing.TB, id string, kind store.SDKKeyKind, prefix string) string {
	t.Helper()
	secret := auth.NewSecret(prefix)
	require.NoError(t, s.CreateSDKKey(t.Context(), store.SDKKey{
		EnvironmentRef: Production,
		ID:             id,
		Name:           id,
		Kind:           kind,
		Prefix:         secret.Prefix,
		Hash:           secret.Hash,
		CreatedAt:      time.Now(),
	}, By()))
	return secret.Text
}

// By attributes a change to the test.
func By() store.Attribution {
	return store.Attribution{Actor: store.Actor{Kind: store.ActorUser, Name: "test"}, At: time.Now()}
}

// AddFlag creates a flag with its configuration.
func (s *Shop) AddFlag(t testing.TB, f evaluator.Flag) {
	t.Helper()
	_, err := s.CreateFlag(t.Context(), store.Flag{
		Project: Production.Project, Key: f.Key, Name: f.Key, Type: f.Type, Purpose: store.PurposeRelease,
		Variations: f.Variations, ClientSide: f.ClientSide, Tags: []string{},
	}, f.Config, By())
	require.NoError(t, err)
}

// Configure replaces the configuration of a flag and returns the revision that this made.
func (s *Shop) Configure(t testing.TB, flag string, config evaluator.FlagConfig) int64 {
	t.Helper()
	ref := store.FlagRef{EnvironmentRef: Production, Flag: flag}
	written, err := s.UpdateFlagConfig(t.Context(), ref, config, store.AnyVersion, By())
	require.NoError(t, err)
	return written.Revision
}

// Server is a replica that serves over HTTP.
type Server struct {
	URL      string
	Replica  *replica.Replica
	Streams  *stream.Streams
	Feed     *feed.Feed
	Presence *presence.Presence
	Keys     *auth.SDKKeys
	Metrics  *prometheus.Registry
	// OFREP is the handler of /ofrep/v1/.
	OFREP http.Handler
	// Client is an HTTP client whose connections end with the test.
	Client *http.Client
	// Addr is the server's address. If it is given to Start, a new server takes the place of this one.
	Addr string

	stop func()
}

// Options change what Start starts.
type Options struct {
	// Truth replaces the shop as what the replica follows.
	Truth replica.Truth
	// Addr is where to listen; a free port of the loopback unless set.
	Addr    string
	Replica replica.Options
	Streams stream.StreamsOptions
	// Now is the clock for OFREP's tokens and for Limits.
	Now    func() time.Time
	Limits *ofrep.Limits
}

// Start serves the shop until Stop, or until the test ends, and waits until the replica is ready.
func Start(t testing.TB, shop *Shop, o Options) *Server {
	t.Helper()
	s := Launch(t, shop, o)
	require.EventuallyWithT(
		t,
		func(c *assertions) { require.NoError(c, s.Replica.Ready()) },
		10*time.Second,
		5*time.Millisecond,
	)
	return s
}

// Launch is Start without waiting.
func Launch(t testing.TB, shop *Shop, o Options) *Server {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	registry := prometheus.NewRegistry()
	s := &Server{
		Metrics:  registry,
		Client:   &http.Client{Transport: &http.Transport{}},
		Streams:  stream.NewStreams(o.Streams, stream.NewMetrics(registry)),
		Feed:     feed.New(shop, log),
		Presence: presence.New(shop, nil, log),
		Keys:     auth.NewSDKKeys(shop, nil, log),
	}
	o.Replica.Log, o.Replica.Metrics, o.Replica.Moved = log, replica.NewMetrics(registry), s.Feed.Moved
	if o.Replica.Poll == 0 {
		o.Replica.Poll = 20 * time.Millisecond
	}
	truth := o.Truth
	if truth == nil {
		truth = shop
	}
	s.Replica = replica.New(truth, o.Replica)
	if o.Now == nil {
		o.Now = time.Now
	}
	sdk := &sdkapi.Handler{Replica: s.Replica, Streams: s.Streams, Keys: s.Keys, Presence: s.Presence}
	remote := &ofrep.Handler{Replica: s.Replica, Streams: s.Streams, Keys: s.Keys, Now: o.Now, Limits: o.Limits}
	mux := http.NewServeMux()
	mux.Handle("/sdk/v1/", sdk.Routes())
	s.OFREP = remote.Routes()
	mux.Handle("/ofrep/v1/", s.OFREP)
	s.serve(t, mux, o.Addr)
	return s
}

// serve runs everything until Stop.
func (s *Server) serve(t testing.TB, handler http.Handler, addr string) {
	t.Helper()
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", addr)
	require.NoError(t, err)
	s.Addr = listener.Addr().String()
	s.URL = "http://" + s.Addr

	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.Replica.Run(ctx) })
	running.Go(func() { s.Feed.Run(ctx) })
	running.Go(func() { s.Presence.Run(ctx) })
	running.Go(func() { s.Keys.Run(ctx) })
	streams := &connections{}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ConnState: streams.note}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		closeErr := server.Close()
		streams.cut()
		running.Wait()
		require.ErrorIs(t, <-served, http.ErrServerClosed)
		require.NoError(t, closeErr)
	})
	t.Cleanup(func() {
		s.stop()
		s.Client.CloseIdleConnections()
	})
}

// connections are the connections that streams have taken over from net/http.
type connections struct {
	mu    sync.Mutex
	taken []net.Conn
}

// note is http.Server's ConnState.
func (c *connections) note(conn net.Conn, state http.ConnState) {
	if state == http.StateHijacked {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.taken = append(c.taken, conn)
	}
}

// cut closes them all.
func (c *connections) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.taken {
		// An error means that the stream has ended.
		_ = conn.Close()
	}
}

// Await waits until the revision of the shop is served.
func (s *Server) Await(t testing.TB, revision int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, s.Replica.Await(ctx, Production, revision))
}

// Stop ends the server as a crash would: connections are cut.
func (s *Server) Stop() { s.stop() }

// Metric is the value of a measurement, summed over all of its labels.
func (s *Server) Metric(t testing.TB, name string) float64 {
	t.Helper()
	families, err := s.Metrics.Gather()
	require.NoError(t, err)
	sum := 0.0
	for _, family := range families {
		if family.GetName() == name {
			for _, m := range family.GetMetric() {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}
