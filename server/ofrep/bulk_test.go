package ofrep_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

// away is a database that never answers.
type away struct{}

var errAway = errors.New("the database is away")

func (away) ListEnvironments(context.Context, string) ([]store.Environment, error) {
	return nil, errAway
}

func (away) Cursor(context.Context, store.EnvironmentRef) (store.Cursor, error) {
	return store.Cursor{}, errAway
}

func (away) Definition(context.Context, store.EnvironmentRef) (evaluator.Definition, error) {
	return evaluator.Definition{}, errAway
}

func (away) Patch(context.Context, store.EnvironmentRef, int64) (evaluator.Patch, error) {
	return evaluator.Patch{}, errAway
}

// tag is the entity tag of a bulk answer.
func tag(t testing.TB, server *streamtest.Server, key, body string, headers ...string) string {
	t.Helper()
	a := post(t, server, flagsPath, key, body, headers...)
	require.Equal(t, http.StatusOK, a.status, a.text)
	return a.header.Get("ETag")
}

// settle waits until the server has caught up with the store.
func settle(t testing.TB, shop *streamtest.Shop, server *streamtest.Server) {
	t.Helper()
	cursor, err := shop.Cursor(t.Context(), streamtest.Production)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, server.Replica.Await(ctx, streamtest.Production, cursor.Revision))
}

func TestEntityTagDependsOnTheAnswerAndNothingElse(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	client := tag(t, server, shop.ClientKey, alice)
	all := tag(t, server, shop.ServerKey, alice)
	require.NotEqual(t, client, all)
	require.Equal(t, client, tag(t, server, shop.ClientKey, alice), "the same again")

	// The order of the members in the context does not matter.
	const two, turned = `{"context":{"a":1,"b":{"c":[1,2],"d":"x"}}}`, `{"context":{"b":{"d":"x","c":[1,2]},"a":1.0}}`
	require.Equal(t, tag(t, server, shop.ClientKey, two), tag(t, server, shop.ClientKey, turned))
	seen := map[string]string{}
	for _, body := range []string{
		alice, two, `{}`, `{"context":{"a":"1"}}`, `{"context":{"a":1}}`, `{"context":{"a":true}}`, `{"context":{"a":null}}`,
		`{"context":{"a":[1,2]}}`, `{"context":{"a":[2,1]}}`, `{"context":{"a":{"b":1}}}`, `{"context":{"a":{},"b":1}}`,
		`{"context":{"targetingKey":"bob"}}`, `{"context":{"targetingKey":"alice","plan":"pro"}}`,
	} {
		etag := tag(t, server, shop.ClientKey, body)
		require.Empty(t, seen[etag], "%s and %s", seen[etag], body)
		seen[etag] = body
	}
	require.NotEqual(t, client, tag(t, server, shop.ClientKey, alice, presence.HeaderService, "checkout"))

	// Two things do not change the tag: a revision that changes no flag, and a change of a flag that the key cannot
	// see.
	_, _, err := shop.PutDeployment(t.Context(), store.Deployment{EnvironmentRef: streamtest.Production, Deployment: release.Deployment{
		ID: "d1", Service: "checkout", Version: "2.0.0", Status: release.StatusSucceeded, Source: "ci", ExternalID: "1", StartedAt: time.Now(),
	}}, streamtest.By())
	require.NoError(t, err)
	settle(t, shop, server)
	require.Equal(t, all, tag(t, server, shop.ServerKey, alice))
	shop.Configure(t, "boolean", streamtest.SwitchConfig(false))
	settle(t, shop, server)
	require.Equal(t, client, tag(t, server, shop.ClientKey, alice))
	require.NotEqual(t, all, tag(t, server, shop.ServerKey, alice))

	// A change of a flag that the key can see changes the tag.
	shop.Configure(t, "public", streamtest.SwitchConfig(false))
	settle(t, shop, server)
	require.NotEqual(t, client, tag(t, server, shop.ClientKey, alice))

	// Another replica of the same database.
	another := streamtest.Start(t, shop, streamtest.Options{})
	require.Equal(t, tag(t, server, shop.ClientKey, alice), tag(t, another, shop.ClientKey, alice))
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	etag := tag(t, server, shop.ClientKey, alice)
	for _, condition := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
		a := post(t, server, flagsPath, shop.ClientKey, alice, "If-None-Match", condition)
		require.Equal(t, http.StatusNotModified, a.status, condition)
		require.Equal(t, etag, a.header.Get("ETag"))
		require.Empty(t, a.text)
	}
	for _, condition := range []string{`"other"`, strings.Trim(etag, `"`), `""`} {
		require.Equal(t, http.StatusOK, post(t, server, flagsPath, shop.ClientKey, alice, "If-None-Match", condition).status, condition)
	}
	bob := `{"context":{"targetingKey":"bob"}}`
	require.Equal(t, http.StatusOK, post(t, server, flagsPath, shop.ClientKey, bob, "If-None-Match", etag).status)
}

// lagging holds patches back until the test releases them.
type lagging struct {
	replica.Truth
	held atomic.Bool
}

func (l *lagging) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	if l.held.Load() {
		return evaluator.Patch{}, errAway
	}
	return l.Truth.Patch(ctx, ref, from)
}

// An event may come from a faster replica. Then this replica waits for the revision that the event has announced.
func TestRefetchWaitsForTheAnnouncedConfiguration(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, clientSide(streamtest.Switch("public", false)))
	truth := &lagging{Truth: shop}
	server := streamtest.Start(t, shop, streamtest.Options{Truth: truth})
	truth.held.Store(true)
	shop.Configure(t, "public", streamtest.SwitchConfig(true))
	cursor, err := shop.Cursor(t.Context(), streamtest.Production)
	require.NoError(t, err)
	time.AfterFunc(50*time.Millisecond, func() { truth.held.Store(false) })
	a := post(t, server, flagsPath+"?flagConfigEtag="+stream.FormatCursor(cursor), shop.ClientKey, alice)
	require.Equal(t, true, a.flags(t)["public"]["value"])
}

func TestEventStream(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	bulk := post(t, server, flagsPath, shop.ClientKey, alice)
	lines := bulk.events(t, server)
	require.Regexp(t, `^retry: \d{4}$`, next(t, lines), "a browser waits for seconds after an outage")
	begin := next(t, lines)
	require.True(t, strings.HasPrefix(begin, "id: "), begin)

	shop.Configure(t, "public", streamtest.SwitchConfig(false))
	id := next(t, lines)
	require.True(t, strings.HasPrefix(id, "id: "), id)
	require.NotEqual(t, begin, id)
	require.Equal(t, "event: message", next(t, lines))
	data := next(t, lines)
	cursor := strings.TrimPrefix(id, "id: ")
	require.Regexp(t, `^data: \{"type":"refetchEvaluation","etag":"`+cursor+`","lastModified":\d+\}$`, data)

	// A client that comes back is told that it has missed something, but only if it has.
	missed := bulk.events(t, server, "Last-Event-ID", strings.TrimPrefix(begin, "id: "))
	late := bulk.events(t, server) // the address itself says where it begins
	for _, lines := range []<-chan string{missed, late} {
		next(t, lines)
		require.Equal(t, begin, next(t, lines))
		require.Equal(t, id, next(t, lines))
		require.Equal(t, "event: message", next(t, lines))
	}
	current := bulk.events(t, server, "Last-Event-ID", cursor)
	next(t, current)
	require.Equal(t, id, next(t, current))

	// A revision that changes no flag does not make clients evaluate again.
	_, _, err := shop.PutDeployment(t.Context(), store.Deployment{EnvironmentRef: streamtest.Production, Deployment: release.Deployment{
		ID: "d1", Service: "checkout", Version: "2.0.0", Status: release.StatusSucceeded, Source: "ci", ExternalID: "1", StartedAt: time.Now(),
	}}, streamtest.By())
	require.NoError(t, err)
	settle(t, shop, server)
	shop.Configure(t, "public", streamtest.SwitchConfig(true))
	after, err := shop.Cursor(t.Context(), streamtest.Production)
	require.NoError(t, err)
	require.Equal(t, "id: "+stream.FormatCursor(after), next(t, current))
}

func TestEventStreamTokens(t *testing.T) {
	t.Parallel()
	var now atomic.Pointer[time.Time]
	set := func(at time.Time) { now.Store(&at) }
	set(time.Date(2026, 3, 1, 12, 59, 0, 0, time.UTC))
	shop, server := open(t, streamtest.Options{Now: func() time.Time { return *now.Load() }})
	address := func(a answer) string {
		return a.body["eventStreams"].([]any)[0].(map[string]any)["endpoint"].(map[string]any)["requestUri"].(string)
	}
	status := func(uri string) int {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+uri, nil)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		cancel()
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	first := post(t, server, flagsPath, shop.ClientKey, alice)
	require.Equal(t, address(first), address(post(t, server, flagsPath, shop.ClientKey, `{}`)), "the address does not change needlessly")
	require.NotContains(t, address(first), shop.ClientKey)
	require.Equal(t, http.StatusOK, status(address(first)))
	set(now.Load().Add(61 * time.Minute))
	require.Equal(t, http.StatusUnauthorized, status(address(first)), "it ends")
	again := post(t, server, flagsPath, shop.ClientKey, alice, "If-None-Match", first.header.Get("ETag"))
	require.Equal(t, http.StatusOK, again.status, "a client with an old address gets a new one")
	require.Equal(t, http.StatusOK, status(address(again)))

	for name, uri := range map[string]string{
		"none":     "/ofrep/v1/events",
		"nonsense": "/ofrep/v1/events?token=a.b",
		"unsigned": strings.Split(address(again), ".")[0],
		"altered":  strings.Replace(address(again), "token=", "token=A", 1),
	} {
		require.Equal(t, http.StatusUnauthorized, status(uri), name)
	}

	open := again.events(t, server)
	next(t, open)
	next(t, open)
	require.NoError(t, shop.RevokeSDKKey(t.Context(), streamtest.Production, "client", streamtest.By()))
	require.NoError(t, server.Keys.Reload(t.Context()))
	require.Equal(t, http.StatusUnauthorized, status(address(again)), "a revoked key takes its tokens with it")
	require.Empty(t, next(t, open), "and its streams, without waiting for a change")
}
