package flagdrpc_test

import (
	"encoding/json"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	v1 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v1"
	v2 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v2"
	syncv1 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/sync/v1"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

// nextEvent waits for an event that is not a keep-alive.
func nextEvent(t *testing.T, s *connect.ServerStreamForClient[v2.EventStreamResponse]) *v2.EventStreamResponse {
	t.Helper()
	for {
		event, ok := receive(t, s)
		require.True(t, ok, "the stream has ended: %v", s.Err())
		if event.GetType() != "keep_alive" {
			return event
		}
	}
}

func TestEventsTellOfChanges(t *testing.T) {
	t.Parallel()
	r := open(t, settings{bound: true})
	s, err := r.v2(connect.WithGRPC()).EventStream(bounded(t), with(&v2.EventStreamRequest{}))
	require.NoError(t, err)
	require.Equal(t, "provider_ready", nextEvent(t, s).GetType())
	all := nextEvent(t, s)
	require.Equal(t, "configuration_change", all.GetType(), "a provider may remember answers from before")
	require.Len(t, all.GetData().AsMap()["flags"], len(shopFlags()))

	checkout := shopFlag("checkout").Config
	checkout.Fallthrough.Variation = "on"
	r.Configure(t, "checkout", checkout)
	event := nextEvent(t, s)
	require.Equal(t, "configuration_change", event.GetType())
	require.Equal(t, map[string]any{"flags": map[string]any{
		"checkout": map[string]any{"type": "update"},
		"needs":    map[string]any{"type": "update"}, // it has checkout as its prerequisite
	}}, event.GetData().AsMap())

	r.AddFlag(t, evaluator.Flag{Key: "fresh", Type: evaluator.TypeBoolean, Variations: shopFlag("checkout").Variations, Config: evaluator.FlagConfig{Fallthrough: evaluator.Serve{Variation: "on"}}})
	require.Equal(t, map[string]any{"flags": map[string]any{"fresh": map[string]any{"type": "write"}}}, nextEvent(t, s).GetData().AsMap())
	require.NoError(t, s.Close())
}

func TestEventsForClientsTellOfTheirFlagsOnly(t *testing.T) {
	t.Parallel()
	r := open(t, settings{})
	s, err := r.v1().EventStream(bounded(t), with(&v1.EventStreamRequest{}, "Authorization", "Bearer "+r.ClientKey))
	require.NoError(t, err)
	first, ok := receive(t, s)
	require.True(t, ok)
	require.Equal(t, "provider_ready", first.GetType())
	all, ok := receive(t, s)
	require.True(t, ok)
	require.Contains(t, all.GetData().AsMap()["flags"], "checkout")
	require.NotContains(t, all.GetData().AsMap()["flags"], "limit")
	limit := shopFlag("limit").Config
	limit.Fallthrough.Variation = "off"
	r.Configure(t, "limit", limit)
	checkout := shopFlag("checkout").Config
	checkout.Enabled = false
	r.Configure(t, "checkout", checkout)
	for {
		event, ok := receive(t, s)
		require.True(t, ok)
		if event.GetType() == "keep_alive" {
			continue
		}
		flags := event.GetData().AsMap()["flags"]
		require.Contains(t, flags, "checkout")
		require.NotContains(t, flags, "limit")
		break
	}
	require.NoError(t, s.Close())
}

func TestEventsKeepAlive(t *testing.T) {
	t.Parallel()
	r := open(t, settings{bound: true, streams: stream.StreamsOptions{KeepAlive: time.Millisecond}})
	s, err := r.v2().EventStream(bounded(t), with(&v2.EventStreamRequest{}))
	require.NoError(t, err)
	for _, want := range []string{"provider_ready", "configuration_change", "keep_alive", "keep_alive"} {
		event, ok := receive(t, s)
		require.True(t, ok)
		require.Equal(t, want, event.GetType())
	}
	require.NoError(t, s.Close())
}

func TestSyncSendsTheWholeDefinitionAtOnceAndAfterChanges(t *testing.T) {
	t.Parallel()
	r := open(t, settings{context: map[string]any{"region": "eu"}})
	s, err := r.sync(connect.WithGRPC()).SyncFlags(bounded(t), with(&syncv1.SyncFlagsRequest{Selector: "shop/production,key=" + r.ServerKey}))
	require.NoError(t, err)
	first, ok := receive(t, s)
	require.True(t, ok)
	require.Equal(t, map[string]any{"region": "eu"}, first.GetSyncContext().AsMap())
	var definition flagdjson.Definition
	require.NoError(t, json.Unmarshal([]byte(first.GetFlagConfiguration()), &definition))
	require.Len(t, definition.Flags, len(shopFlags()))
	fetched, err := r.sync().FetchAllFlags(t.Context(), with(&syncv1.FetchAllFlagsRequest{}, "Authorization", "Bearer "+r.ServerKey))
	require.NoError(t, err)
	require.Equal(t, first.GetFlagConfiguration(), fetched.Msg.GetFlagConfiguration())
	metadata, err := r.sync().GetMetadata(t.Context(), with(&syncv1.GetMetadataRequest{}))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"region": "eu"}, metadata.Msg.GetMetadata().AsMap())

	// A new key raises the revision but changes no flag. The next message is about the change after it.
	require.NoError(t, r.CreateSDKKey(t.Context(), store.SDKKey{EnvironmentRef: streamtest.Production, ID: "another", Name: "another", Kind: store.SDKKeyServer, Prefix: "sdk-", Hash: make([]byte, 32), CreatedAt: time.Now()}, streamtest.By()))
	theme := shopFlag("theme").Config
	theme.Enabled = true
	r.Configure(t, "theme", theme)
	next, ok := receive(t, s)
	require.True(t, ok)
	require.NoError(t, json.Unmarshal([]byte(next.GetFlagConfiguration()), &definition))
	require.Equal(t, "on", *definition.Flags["theme"].DefaultVariant)
	require.NoError(t, s.Close())
}

func TestAStreamEndsWithItsKey(t *testing.T) {
	t.Parallel()
	r := open(t, settings{})
	s, err := r.v2(connect.WithGRPC()).EventStream(bounded(t), with(&v2.EventStreamRequest{}, "Authorization", "Bearer "+r.ClientKey))
	require.NoError(t, err)
	nextEvent(t, s)
	err = r.RevokeSDKKey(t.Context(), streamtest.Production, "client", streamtest.By())
	require.NoError(t, err)
	r.replica.Keys.Refresh()
	for ok := true; ok; {
		_, ok = receive(t, s)
	}
	require.Equal(t, connect.CodeUnauthenticated, connect.CodeOf(s.Err()))
	require.NoError(t, s.Close())
}

// Official providers do not open a stream again that has ended without error.
func TestDrainingEndsStreamsWithUnavailable(t *testing.T) {
	t.Parallel()
	r := open(t, settings{bound: true, streams: stream.StreamsOptions{DrainSpread: time.Millisecond}})
	events, err := r.v2(connect.WithGRPC()).EventStream(bounded(t), with(&v2.EventStreamRequest{}))
	require.NoError(t, err)
	nextEvent(t, events)
	synced, err := r.sync(connect.WithGRPC()).SyncFlags(bounded(t), with(&syncv1.SyncFlagsRequest{}))
	require.NoError(t, err)
	_, ok := receive(t, synced)
	require.True(t, ok)

	r.replica.Streams.Close()
	for ok := true; ok; {
		_, ok = receive(t, events)
	}
	require.Equal(t, connect.CodeUnavailable, connect.CodeOf(events.Err()))
	_, ok = receive(t, synced)
	require.False(t, ok)
	require.Equal(t, connect.CodeUnavailable, connect.CodeOf(synced.Err()))
	require.NoError(t, events.Close())
	require.NoError(t, synced.Close())

	late, err := r.v2().EventStream(bounded(t), with(&v2.EventStreamRequest{}))
	require.NoError(t, err)
	_, ok = receive(t, late)
	require.False(t, ok)
	require.Equal(t, connect.CodeUnavailable, connect.CodeOf(late.Err()))
	require.NoError(t, late.Close())
}

func TestStreamsCountTowardsTheCapacity(t *testing.T) {
	t.Parallel()
	r := open(t, settings{bound: true, streams: stream.StreamsOptions{Capacity: 1}})
	first, err := r.v2().EventStream(bounded(t), with(&v2.EventStreamRequest{}))
	require.NoError(t, err)
	nextEvent(t, first)
	second, err := r.sync().SyncFlags(bounded(t), with(&syncv1.SyncFlagsRequest{}))
	require.NoError(t, err)
	_, ok := receive(t, second)
	require.False(t, ok)
	require.Equal(t, connect.CodeUnavailable, connect.CodeOf(second.Err()))
	require.NoError(t, second.Close())
	require.NoError(t, first.Close())
}

func TestPagesAreToldThatTheyMayBeginAndNoMore(t *testing.T) {
	t.Parallel()
	r := open(t, settings{})
	s, err := r.v1().EventStream(bounded(t), with(&v1.EventStreamRequest{}, "Authorization", "Bearer "+r.ClientKey, "Origin", "https://shop.example"))
	require.NoError(t, err)
	first, ok := receive(t, s)
	require.True(t, ok)
	require.Equal(t, "provider_ready", first.GetType())
	theme := shopFlag("theme").Config
	theme.Enabled = true
	r.Configure(t, "theme", theme)
	event, ok := receive(t, s)
	require.True(t, ok)
	require.Equal(t, map[string]any{"flags": map[string]any{"theme": map[string]any{"type": "update"}}}, event.GetData().AsMap())
	require.NoError(t, s.Close())
}
