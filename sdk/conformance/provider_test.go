package conformance

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/isolated"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	tidegate "github.com/tidegate-io/tidegate/sdk"
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

// TestDurationsThatLeaveNoTime: zero or less counts as not set. A ticker without an interval would end the program.
func TestDurationsThatLeaveNoTime(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	a := start(t, streamtest.Start(t, shop, streamtest.Options{}).URL, shop.ServerKey,
		tidegate.WithReportInterval(0), tidegate.WithReadTimeout(-1), tidegate.WithRetry(0, 0))
	require.NoError(t, a.setError)
	require.True(t, a.enabled("checkout"))
	shop.Configure(t, "checkout", streamtest.SwitchConfig(false))
	a.hear(t, openfeature.ProviderConfigChange)
	require.False(t, a.enabled("checkout"))
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

// What the process says about itself decides whether a flag is available.
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

// OpenFeature makes an event of the error of Init. A second event of the provider would say the same again.
func TestProviderLeavesARefusalToInit(t *testing.T) {
	t.Parallel()
	server := streamtest.Start(t, streamtest.NewShop(t), streamtest.Options{})
	for _, remote := range []bool{false, true} {
		opts := []tidegate.Option{tidegate.WithLogger(slog.New(slog.DiscardHandler)), tidegate.WithoutReports()}
		if remote {
			opts = append(opts, tidegate.WithRemote(0))
		}
		p := tidegate.NewProvider(server.URL, "sdk-unknown", opts...)
		require.Error(t, p.Init(openfeature.EvaluationContext{}))
		p.Shutdown() // it waits for whoever could emit
		require.Empty(t, p.EventChannel())
	}
}

func TestProviderSaysThatItsKeyIsRefusedLater(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{})
	a := start(t, server.URL, shop.ServerKey)
	a.hear(t, openfeature.ProviderReady)
	server.Stop()
	streamtest.Start(t, streamtest.NewShop(t), streamtest.Options{Addr: server.Addr}) // one that has other keys
	require.Contains(t, a.hear(t, openfeature.ProviderError).Message, "refuses the SDK key")
	require.Equal(t, openfeature.FatalState, a.client.State())
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

// Init and Shutdown return when their context ends, even if they are not finished.
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

// Two environments in one process. Each has clients in a domain of its own.
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
