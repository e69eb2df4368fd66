package sdkapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

const (
	sdkStream   = "/sdk/v1/stream"
	sdkSnapshot = "/sdk/v1/snapshot"
)

func TestStreamSendsASnapshotThenPatches(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})
	l := listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...)
	require.Equal(t, "text/event-stream", l.header.Get("Content-Type"))
	require.Equal(t, "no", l.header.Get("X-Accel-Buffering"))
	require.Contains(t, l.header.Get("Cache-Control"), "no-transform")

	first := l.must(t, "snapshot")
	var def evaluator.Definition
	require.NoError(t, json.Unmarshal([]byte(first.data), &def))
	require.Equal(t, fmt.Sprintf("%s.%d", def.Epoch, def.Revision), first.id)
	require.Len(t, def.Flags, 1)

	revision := shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	second := l.must(t, "patch")
	var patch evaluator.Patch
	require.NoError(t, json.Unmarshal([]byte(second.data), &patch))
	require.Equal(t, def.Revision, patch.From)
	require.Equal(t, revision, patch.Revision)
	require.Len(t, patch.Flags, 1)
	require.Equal(t, revision, patch.Flags[0].Version)

	shop.Configure(t, "checkout", streamtest.SwitchConfig(false))
	third := l.must(t, "patch")
	for name, test := range map[string]struct {
		lastID string
		want   []string
	}{
		"one behind":           {second.id, []string{third.id}},
		"two behind":           {first.id, []string{second.id, third.id}},
		"another epoch":        {"other.1", []string{third.id}},
		"before the beginning": {def.Epoch + ".0", []string{third.id}},
		"nonsense":             {"nonsense", []string{third.id}},
	} {
		again := listen(t, server.URL+sdkStream, append(bearer(shop.ServerKey), "Last-Event-ID", test.lastID)...)
		for i, want := range test.want {
			m, ok := again.next(t)
			require.True(t, ok, name)
			require.Equal(t, want, m.id, "%s: %d", name, i)
		}
	}

	// A client that is up to date waits for the next event.
	current := listen(t, server.URL+sdkStream, append(bearer(shop.ServerKey), "Last-Event-ID", third.id)...)
	revision = shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	require.Equal(t, fmt.Sprintf("%s.%d", def.Epoch, revision), current.must(t, "patch").id)
}

func TestStreamIsForServerKeys(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{})
	for _, path := range []string{sdkStream, sdkSnapshot} {
		require.Equal(t, http.StatusUnauthorized, listen(t, server.URL+path).status)
		unknown := listen(t, server.URL+path, bearer("sdk-unknown")...)
		require.Equal(t, http.StatusUnauthorized, unknown.status)
		require.Equal(t, "application/problem+json", unknown.header.Get("Content-Type"))
		require.Equal(t, http.StatusForbidden, listen(t, server.URL+path, bearer(shop.ClientKey)...).status)
	}
}

func TestStreamIsNotEmptyBeforeTheFirstSnapshot(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Launch(t, shop, streamtest.Options{Truth: streamtest.NewSwitchboard(nil)})
	for _, path := range []string{sdkStream, sdkSnapshot} {
		l := listen(t, server.URL+path, bearer(shop.ServerKey)...)
		require.Equal(t, http.StatusServiceUnavailable, l.status)
		require.NotEmpty(t, l.header.Get("Retry-After"))
	}
	require.EqualValues(t, 1, server.Metric(t, "tidegate_streams_refused_total"), "refused streams are counted, not logged")
}

func TestSnapshotHasAnEntityTag(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})
	get := func(headers ...string) (int, string, []byte) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+sdkSnapshot, nil)
		require.NoError(t, err)
		request.Header.Set("X-API-Key", shop.ServerKey)
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := server.Client.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		requireDescribed(t, request, response.StatusCode, response.Header, body)
		return response.StatusCode, response.Header.Get("ETag"), body
	}
	status, etag, body := get()
	require.Equal(t, http.StatusOK, status)
	var def evaluator.Definition
	require.NoError(t, json.Unmarshal(body, &def))
	require.Len(t, def.Flags, 1)
	status, _, body = get("If-None-Match", etag)
	require.Equal(t, http.StatusNotModified, status)
	require.Empty(t, body)
	server.Await(t, shop.Configure(t, "checkout", streamtest.SwitchConfig(true)))
	status, _, _ = get("If-None-Match", etag)
	require.Equal(t, http.StatusOK, status)
}

func TestHeadOfAStreamIsNoStream(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+sdkStream, nil)
	require.NoError(t, err)
	request.Header.Set("X-API-Key", shop.ServerKey)
	response, err := server.Client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	require.Zero(t, server.Metric(t, "tidegate_streams"))
}

func TestStreamEndsWithItsKey(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{Streams: stream.StreamsOptions{KeepAlive: time.Hour}})
	l := listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...)
	l.must(t, "snapshot")
	require.NoError(t, shop.RevokeSDKKey(t.Context(), streamtest.Production, "server", streamtest.By()))
	require.NoError(t, server.Keys.Reload(t.Context()))
	server.Await(t, shop.Configure(t, "checkout", streamtest.SwitchConfig(true)))
	for ended := false; !ended; {
		last, more := l.next(t)
		require.NotContains(t, last.data, "checkout", "nothing that happens after the revocation is told")
		ended = !more
	}
	require.Equal(t, http.StatusUnauthorized, listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...).status)
}

func TestStreamsDrain(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{})
	l := listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...)
	l.must(t, "snapshot")
	server.Streams.Close()
	last, ok := l.next(t)
	require.True(t, ok)
	require.NotEmpty(t, last.retry, "the client is told when to come back")
	_, ok = l.next(t)
	require.False(t, ok)
	require.Equal(t, http.StatusServiceUnavailable, listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...).status)
}

func TestStreamsAtCapacityRefuseTheNewOne(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{Streams: stream.StreamsOptions{Capacity: 1}})
	l := listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...)
	l.must(t, "snapshot")
	refused := listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...)
	require.Equal(t, http.StatusServiceUnavailable, refused.status)
	require.NotEmpty(t, refused.header.Get("Retry-After"))
	shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	l.must(t, "patch")
	l.close()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		again := listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...)
		defer again.close()
		require.Equal(c, http.StatusOK, again.status)
	}, 5*time.Second, 10*time.Millisecond)
}

func TestStreamsDropAClientThatStopsReading(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	// The value is larger than the buffers of a connection.
	shop.AddFlag(t, streamtest.Fixed("large", evaluator.TypeString, `"`+strings.Repeat("x", 10<<20)+`"`))
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{Streams: stream.StreamsOptions{WriteTimeout: 200 * time.Millisecond}})
	good := listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...)
	good.must(t, "snapshot")

	var dialer net.Dialer
	stuck, err := dialer.DialContext(t.Context(), "tcp", server.Addr)
	require.NoError(t, err)
	defer func() { require.NoError(t, stuck.Close()) }()
	_, err = fmt.Fprintf(stuck, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", sdkStream, shop.ServerKey)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return server.Metric(t, "tidegate_streams") == 2 }, 5*time.Second, 5*time.Millisecond)
	shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	good.must(t, "patch")
	require.Eventually(t, func() bool {
		return server.Metric(t, "tidegate_streams") == 1 && server.Metric(t, "tidegate_streams_dropped_total") == 1
	}, 10*time.Second, 10*time.Millisecond)
	shop.Configure(t, "checkout", streamtest.SwitchConfig(false))
	good.must(t, "patch")
}

func TestStreamsGiveSignsOfLife(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{Streams: stream.StreamsOptions{KeepAlive: 10 * time.Millisecond}})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+sdkStream, nil)
	require.NoError(t, err)
	request.Header.Set("X-API-Key", shop.ServerKey)
	response, err := server.Client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	comments := 0
	for scanner := bufio.NewScanner(response.Body); comments < 5 && scanner.Scan(); {
		if scanner.Text() == ":" {
			comments++
		}
	}
	require.Equal(t, 5, comments)
}
