package tidegate_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/isolated"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

func TestProviderResolvesAllTypes(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("boolean", true))
	shop.AddFlag(t, streamtest.Fixed("string", evaluator.TypeString, `"blue"`))
	shop.AddFlag(t, streamtest.Fixed("integer", evaluator.TypeNumber, `42`))
	shop.AddFlag(t, streamtest.Fixed("float", evaluator.TypeNumber, `0.5`))
	shop.AddFlag(t, streamtest.Fixed("object", evaluator.TypeObject, `{"size":3,"tags":["a"]}`))
	a := start(t, streamtest.Start(t, shop, streamtest.Options{}).URL, shop.ServerKey)
	require.NoError(t, a.setError)
	ctx, user := t.Context(), openfeature.NewEvaluationContext("user-1", nil)

	boolean, err := a.client.BooleanValueDetails(ctx, "boolean", false, user)
	require.NoError(t, err)
	require.True(t, boolean.Value)
	require.Equal(t, "on", boolean.Variant)
	require.Equal(t, openfeature.StaticReason, boolean.Reason)
	version, err := boolean.FlagMetadata.GetInt("version")
	require.NoError(t, err)
	require.Positive(t, version)

	text, err := a.client.StringValue(ctx, "string", "", user)
	require.NoError(t, err)
	require.Equal(t, "blue", text)
	integer, err := a.client.IntValue(ctx, "integer", 0, user)
	require.NoError(t, err)
	require.EqualValues(t, 42, integer)
	float, err := a.client.FloatValue(ctx, "float", 0, user)
	require.NoError(t, err)
	require.InDelta(t, 0.5, float, 0)
	object, err := a.client.ObjectValue(ctx, "object", nil, user)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"size": 3.0, "tags": []any{"a"}}, object)
}

func TestProviderReportsErrors(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("boolean", true))
	shop.AddFlag(t, streamtest.Fixed("float", evaluator.TypeNumber, `0.5`))
	codeDefault := streamtest.Switch("code-default", false)
	codeDefault.Config.OffVariation = nil
	shop.AddFlag(t, codeDefault)
	a := start(t, streamtest.Start(t, shop, streamtest.Options{}).URL, shop.ServerKey)
	ctx, user := t.Context(), openfeature.NewEvaluationContext("user-1", nil)

	missing, err := a.client.BooleanValueDetails(ctx, "missing", true, user)
	require.Error(t, err)
	require.True(t, missing.Value, "the default")
	require.Equal(t, openfeature.FlagNotFoundCode, missing.ErrorCode)

	mismatch, err := a.client.StringValueDetails(ctx, "boolean", "default", user)
	require.Error(t, err)
	require.Equal(t, "default", mismatch.Value)
	require.Equal(t, openfeature.TypeMismatchCode, mismatch.ErrorCode)

	fraction, err := a.client.IntValueDetails(ctx, "float", 7, user)
	require.Error(t, err)
	require.EqualValues(t, 7, fraction.Value)
	require.Equal(t, openfeature.TypeMismatchCode, fraction.ErrorCode)

	object, err := a.client.ObjectValueDetails(ctx, "boolean", "default", user)
	require.Error(t, err)
	require.Equal(t, "default", object.Value)
	require.Equal(t, openfeature.TypeMismatchCode, object.ErrorCode)

	off, err := a.client.BooleanValueDetails(ctx, "code-default", true, user)
	require.NoError(t, err)
	require.True(t, off.Value, "a null off variation leaves the answer to the code")
	require.Equal(t, openfeature.DisabledReason, off.Reason)
	require.Empty(t, off.Variant)
}

func TestProviderIsNotReadyBeforeInit(t *testing.T) {
	t.Parallel()
	p := tidegate.NewProvider("http://127.0.0.1:1", "sdk-none")
	detail := p.BooleanEvaluation(t.Context(), "boolean", true, nil)
	require.True(t, detail.Value)
	require.Equal(t, openfeature.ErrorReason, detail.Reason)
	require.ErrorContains(t, detail.Error(), string(openfeature.ProviderNotReadyCode))
	p.Shutdown()
}

// The availability of a flag is decided by what the process says of itself.
func TestProviderSaysWhatTheProcessIs(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	flag := streamtest.Switch("needs-2.3", true)
	flag.Config.Availability = &evaluator.Availability{Service: "checkout", Version: ">=2.3.0"}
	shop.AddFlag(t, flag)
	server := streamtest.Start(t, shop, streamtest.Options{})

	begun := time.Now()
	older := start(t, server.URL, shop.ServerKey, tidegate.WithService("checkout", "2.2.9"), tidegate.WithInstanceID("old"), tidegate.WithShadow())
	newer := start(t, server.URL, shop.ServerKey, tidegate.WithService("checkout", "2.3.0"), tidegate.WithInstanceID("new"))
	require.False(t, older.enabled("needs-2.3"))
	require.True(t, newer.enabled("needs-2.3"))

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		fleet, err := shop.ListInstances(t.Context(), streamtest.Production, time.Now().Add(-store.PresenceTTL))
		require.NoError(c, err)
		require.Len(c, fleet, 2, "whoever has a stream is part of the fleet")
		require.Equal(c, "2.2.9", fleet[0].Version)
		require.Equal(c, "new", fleet[1].InstanceID)
		require.True(c, fleet[0].Shadow)
		require.False(c, fleet[1].Shadow)
		require.WithinRange(c, fleet[0].StartedAt, begun.Add(-time.Second), time.Now())
	}, 5*time.Second, 10*time.Millisecond)
}

func TestProviderHearsChanges(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	a := start(t, streamtest.Start(t, shop, streamtest.Options{}).URL, shop.ServerKey)
	a.hear(t, openfeature.ProviderReady)

	shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	require.Equal(t, []string{"checkout"}, a.hear(t, openfeature.ProviderConfigChange).FlagChanges)
	require.True(t, a.enabled("checkout"))
}

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

// A database that was restored from a backup is another one: its lower revision is the truth.
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

// A stream that the server ends in good order is no outage.
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

func TestProviderGivesUpWithAWrongKey(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{})
	for name, key := range map[string]string{"unknown": "sdk-unknown", "client": shop.ClientKey} {
		t.Run(name, func(t *testing.T) {
			a := start(t, server.URL, key)
			var refused *openfeature.ProviderInitError
			require.ErrorAs(t, a.setError, &refused)
			require.Equal(t, openfeature.ProviderFatalCode, refused.ErrorCode)
			require.EventuallyWithT(t, func(c *assert.CollectT) {
				require.Equal(c, openfeature.FatalState, a.client.State())
			}, 5*time.Second, 5*time.Millisecond)
		})
	}
}

func TestProviderRefusesWhatIsNoURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "flags.example.com", "ftp://flags.example.com", "http://", "://"} {
		a := start(t, url, "sdk-any")
		var refused *openfeature.ProviderInitError
		require.ErrorAs(t, a.setError, &refused, url)
		require.Equal(t, openfeature.ProviderFatalCode, refused.ErrorCode)
	}
}

func TestProviderRefusesWhatCannotBeSaid(t *testing.T) {
	t.Parallel()
	for _, part := range []string{strings.Repeat("x", 257), "a\nb", "\xff"} {
		for _, option := range []tidegate.Option{
			tidegate.WithService(part, "1.0.0"), tidegate.WithService("shop", part), tidegate.WithInstanceID(part),
		} {
			a := start(t, "http://127.0.0.1:1", "sdk-any", option)
			var refused *openfeature.ProviderInitError
			require.ErrorAs(t, a.setError, &refused)
			require.Equal(t, openfeature.ProviderFatalCode, refused.ErrorCode)
		}
	}
}

// Whoever initializes need not wait until the end, and whoever shuts down neither.
func TestProviderKeepsToContexts(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			<-release // a report that takes its time
			return
		}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	p := tidegate.NewProvider(server.URL, "sdk-any", tidegate.WithInitTimeout(time.Hour), tidegate.WithLogger(slog.New(slog.DiscardHandler)))
	p.Track(t.Context(), "event", openfeature.EvaluationContext{}, openfeature.TrackingEventDetails{})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, p.InitWithContext(ended, openfeature.EvaluationContext{}), context.Canceled)
	require.ErrorIs(t, p.ShutdownWithContext(ended), context.Canceled)
	close(release)
	p.Shutdown() // what was asked to stop stops; there is nothing more to wait for here
}

// Two environments in one process, each with clients of its own domain.
func TestProvidersOfTwoDomains(t *testing.T) {
	t.Parallel()
	live, test := streamtest.NewShop(t), streamtest.NewShop(t)
	live.AddFlag(t, streamtest.Switch("checkout", false))
	test.AddFlag(t, streamtest.Switch("checkout", true))
	api := isolated.NewAPI()
	t.Cleanup(func() { require.NoError(t, api.Shutdown(context.Background())) })
	for domain, shop := range map[string]*streamtest.Shop{"live": live, "test": test} {
		server := streamtest.Start(t, shop, streamtest.Options{})
		require.NoError(t, api.SetProviderAndWait(t.Context(), tidegate.NewProvider(server.URL, shop.ServerKey), openfeature.WithDomain(domain)))
	}
	reads := func(domain string) bool {
		return api.NewClient(openfeature.WithDomain(domain)).Boolean(t.Context(), "checkout", false, openfeature.EvaluationContext{})
	}
	require.False(t, reads("live"))
	require.True(t, reads("test"))
	live.Configure(t, "checkout", streamtest.SwitchConfig(true))
	require.Eventually(t, func() bool { return reads("live") }, 10*time.Second, time.Millisecond)
}

// An application that starts before the server gets code defaults, and its flags as soon as there are any.
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

// A server that is reached but speaks nonsense is left and tried again, and what is known is served.
func TestProviderDropsAMalformedStream(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	// The first stream ends by itself, soon.
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

// forward passes a request on until the client or the server has had enough.
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

// A connection that is open but silent is as good as none.
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
