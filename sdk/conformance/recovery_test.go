package conformance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"

	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

func TestProviderSurvivesARestart(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	first := streamtest.Start(t, shop, streamtest.Options{})
	a := start(t, first.URL, shop.ServerKey)
	a.hear(t, openfeature.ProviderReady)

	first.Stop()
	a.hear(t, openfeature.ProviderStale)
	require.Equal(t, openfeature.StaleState, a.client.State())
	shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	_, err := a.client.BooleanValue(t.Context(), "checkout", false, openfeature.NewEvaluationContext("user-1", nil))
	require.NoError(t, err, "what was last known is served")

	streamtest.Start(t, shop, streamtest.Options{Addr: first.Addr})
	a.hear(t, openfeature.ProviderReady)
	a.hear(t, openfeature.ProviderConfigChange)
	require.True(t, a.enabled("checkout"))
	require.Equal(t, openfeature.ReadyState, a.client.State())
}

// A database that was restored from a backup counts as another database. Its lower revision is the truth.
func TestProviderTakesOverARestoredDatabase(t *testing.T) {
	t.Parallel()
	lost, restored := streamtest.NewShop(t), streamtest.NewShop(t)
	lost.AddFlag(t, streamtest.Switch("checkout", true))
	lost.Configure(t, "checkout", streamtest.SwitchConfig(true))
	restored.AddFlag(t, streamtest.Switch("checkout", false))
	require.NoError(t, restored.CreateSDKKey(t.Context(), store.SDKKey{
		EnvironmentRef: streamtest.Production, ID: "restored", Name: "restored", Kind: store.SDKKeyServer,
		Hash: auth.Hash(lost.ServerKey), CreatedAt: time.Now(),
	}, streamtest.By()))
	first := streamtest.Start(t, lost, streamtest.Options{})
	a := start(t, first.URL, lost.ServerKey)
	require.True(t, a.enabled("checkout"))

	first.Stop()
	streamtest.Start(t, restored, streamtest.Options{Addr: first.Addr})
	require.Equal(t, []string{"checkout"}, a.hear(t, openfeature.ProviderConfigChange).FlagChanges)
	require.False(t, a.enabled("checkout"))
}

// If the server ends a stream in good order, that is no outage.
func TestProviderDoesNotNoticeADrain(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{Streams: stream.StreamsOptions{MaxAge: 20 * time.Millisecond}})
	a := start(t, server.URL, shop.ServerKey)
	for _, on := range []bool{true, false, true} {
		shop.Configure(t, "checkout", streamtest.SwitchConfig(on))
		a.hear(t, openfeature.ProviderConfigChange)
		require.Equal(t, on, a.enabled("checkout"))
	}
	require.Empty(t, a.events[openfeature.ProviderStale])
}

// An application that starts before the server gets code defaults first. It gets its flags as soon as the server is
// there.
func TestProviderStartsBeforeTheServer(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	away := streamtest.Start(t, shop, streamtest.Options{})
	away.Stop()

	a := start(t, away.URL, shop.ServerKey, tidegate.WithInitTimeout(30*time.Millisecond))
	require.ErrorContains(t, a.setError, "trying on")
	require.False(t, a.enabled("checkout"))

	streamtest.Start(t, shop, streamtest.Options{Addr: away.Addr})
	a.hear(t, openfeature.ProviderReady)
	require.True(t, a.enabled("checkout"))
}

// An event may come with a retry time, as the HTML standard has it.
func TestProviderTakesAnEventWithARetryTime(t *testing.T) {
	t.Parallel()
	snapshot := bootstrap(t, streamtest.Switch("checkout", true))["flags.json"].Data
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprintf(w, "retry: 1000\nevent: snapshot\ndata: %s\n\n", snapshot)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	a := start(t, server.URL, "sdk-any", tidegate.WithoutReports())
	require.NoError(t, a.setError)
	require.True(t, a.enabled("checkout"))
}

// If a server answers but its stream makes no sense, the stream is left and tried again. The known flags are still
// served.
func TestProviderDropsAMalformedStream(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	// The first stream ends soon by itself.
	server := streamtest.Start(t, shop, streamtest.Options{Streams: stream.StreamsOptions{MaxAge: 100 * time.Millisecond}})
	nonsense := []string{
		"event: snapshot\ndata: {\"formatVersion\":\n\n",
		"event: snapshot\ndata: {\"formatVersion\":99}\n\n",
		"event: patch\ndata: {\"formatVersion\":1,\"epoch\":\"other\",\"revision\":9}\n\n",
		"event: patch\ndata: []\n\n",
	}
	var visits atomic.Int64
	direct, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visit := visits.Add(1) - 1
		if visit == 0 || visit > int64(len(nonsense)) {
			forward(w, r, direct.URL.Host)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte(nonsense[visit-1]))
	}))
	t.Cleanup(proxy.Close)
	a := start(t, proxy.URL, shop.ServerKey)
	require.NoError(t, a.setError)
	a.hear(t, openfeature.ProviderReady)

	a.hear(t, openfeature.ProviderStale)
	require.True(t, a.enabled("checkout"))
	a.hear(t, openfeature.ProviderReady)
	require.Greater(t, visits.Load(), int64(len(nonsense)))
	shop.Configure(t, "checkout", streamtest.SwitchConfig(false))
	a.hear(t, openfeature.ProviderConfigChange)
	require.False(t, a.enabled("checkout"))
}

// forward passes a request on until the client or the server ends it.
func forward(w http.ResponseWriter, r *http.Request, host string) {
	out := r.Clone(r.Context())
	out.RequestURI, out.URL.Scheme, out.URL.Host = "", "http", host
	response, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
	control, buffer := http.NewResponseController(w), make([]byte, 4096)
	for {
		n, err := response.Body.Read(buffer)
		if _, writeErr := w.Write(buffer[:n]); writeErr != nil || err != nil || control.Flush() != nil {
			return
		}
	}
}

// A connection that is open but silent counts as lost.
func TestProviderLeavesASilentStream(t *testing.T) {
	t.Parallel()
	var visits atomic.Int64
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits.Add(1)
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	start(t, silent.URL, "sdk-any", tidegate.WithReadTimeout(20*time.Millisecond), tidegate.WithInitTimeout(time.Millisecond))
	require.Eventually(t, func() bool { return visits.Load() >= 3 }, 10*time.Second, 5*time.Millisecond)
}
