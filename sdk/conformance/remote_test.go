package conformance

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// patient gives remote evaluations more time than a busy machine takes.
const patient = 10 * time.Second

func TestRemoteAnswersAsTheProcessWould(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	codeDefault, available := streamtest.Switch("code-default", false), streamtest.Switch("available", true)
	codeDefault.Config.OffVariation = nil
	available.Config.Availability = &evaluator.Availability{Service: "checkout", Version: ">=2"}
	flags := []evaluator.Flag{
		streamtest.Switch("boolean", true), streamtest.Switch("disabled", false), codeDefault, available,
		streamtest.Fixed("string", evaluator.TypeString, `"blue"`), streamtest.Fixed("empty", evaluator.TypeString, `""`),
		streamtest.Fixed("integer", evaluator.TypeNumber, `42`), streamtest.Fixed("zero", evaluator.TypeNumber, `0`),
		streamtest.Fixed("large", evaluator.TypeNumber, `9007199254740991`), streamtest.Fixed("float", evaluator.TypeNumber, `0.5`),
		streamtest.Fixed("object", evaluator.TypeObject, `{"size":3,"tags":["a"]}`),
	}
	for _, flag := range flags {
		shop.AddFlag(t, flag)
	}
	server := streamtest.Start(t, shop, streamtest.Options{})
	service := tidegate.WithService("checkout", "2.1.0")
	inProcess := start(t, server.URL, shop.ServerKey, service)
	remote := start(t, server.URL, shop.ServerKey, service, tidegate.WithRemote(patient))
	require.NoError(t, inProcess.setError)
	require.NoError(t, remote.setError)

	ctx, user := t.Context(), openfeature.NewEvaluationContext("user-1", map[string]any{"plan": "pro", "since": time.Unix(0, 0)})
	for _, key := range []string{
		"boolean", "disabled", "code-default", "available", "string", "empty", "integer", "zero", "large", "float", "object", "missing", "no/path?", "", ".", "..",
	} {
		compare := func(want, got openfeature.InterfaceEvaluationDetails) {
			t.Helper()
			require.Equal(t, want.Value, got.Value, key)
			require.Equal(t, want.Variant, got.Variant, key)
			require.Equal(t, want.Reason, got.Reason, key)
			require.Equal(t, want.ErrorCode, got.ErrorCode, key)
			require.Equal(t, want.FlagMetadata["flagSetId"], got.FlagMetadata["flagSetId"], key)
			if want.ErrorCode == "" {
				require.Equal(t, want.FlagMetadata["detail"], got.FlagMetadata["detail"], key)
			}
		}
		compare(as(inProcess.client.BooleanValueDetails(ctx, key, true, user)), as(remote.client.BooleanValueDetails(ctx, key, true, user)))
		compare(as(inProcess.client.StringValueDetails(ctx, key, "d", user)), as(remote.client.StringValueDetails(ctx, key, "d", user)))
		compare(as(inProcess.client.IntValueDetails(ctx, key, 7, user)), as(remote.client.IntValueDetails(ctx, key, 7, user)))
		compare(as(inProcess.client.FloatValueDetails(ctx, key, 0.7, user)), as(remote.client.FloatValueDetails(ctx, key, 0.7, user)))
		compare(as(inProcess.client.ObjectValueDetails(ctx, key, "d", user)), as(remote.client.ObjectValueDetails(ctx, key, "d", user)))
	}
}

// as removes the type of details. The error holds nothing that the details do not hold.
func as[T any](d openfeature.GenericEvaluationDetails[T], _ error) openfeature.InterfaceEvaluationDetails {
	return openfeature.InterfaceEvaluationDetails{Value: d.Value, EvaluationDetails: d.EvaluationDetails}
}

func TestRemoteHearsChangesWithAClientKey(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	public := streamtest.Switch("public", false)
	public.ClientSide = true
	shop.AddFlag(t, public)
	a := start(t, streamtest.Start(t, shop, streamtest.Options{}).URL, shop.ClientKey, tidegate.WithRemote(patient))
	require.NoError(t, a.setError)
	require.False(t, a.enabled("public"))
	shop.Configure(t, "public", streamtest.SwitchConfig(true))
	a.hear(t, openfeature.ProviderConfigChange)
	require.EventuallyWithT(t, func(c *assert.CollectT) { require.True(c, a.enabled("public")) }, 10*time.Second, 5*time.Millisecond)
}

func TestRemoteSurvivesARestart(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	server := streamtest.Start(t, shop, streamtest.Options{})
	a := start(t, server.URL, shop.ServerKey, tidegate.WithRemote(patient))
	a.hear(t, openfeature.ProviderReady)
	server.Stop()
	a.hear(t, openfeature.ProviderStale)
	detail, err := a.client.BooleanValueDetails(t.Context(), "checkout", false, openfeature.EvaluationContext{})
	require.Error(t, err)
	require.False(t, detail.Value, "the code default")
	require.Equal(t, openfeature.GeneralCode, detail.ErrorCode)

	streamtest.Start(t, shop, streamtest.Options{Addr: server.Addr})
	a.hear(t, openfeature.ProviderReady)
	require.True(t, a.enabled("checkout"))
}

func TestRemoteGivesUpWithAWrongKey(t *testing.T) {
	t.Parallel()
	a := start(t, streamtest.Start(t, streamtest.NewShop(t), streamtest.Options{}).URL, "sdk-unknown", tidegate.WithRemote(patient))
	var fatal *openfeature.ProviderInitError
	require.ErrorAs(t, a.setError, &fatal)
	require.Equal(t, openfeature.ProviderFatalCode, fatal.ErrorCode)
}

// Whatever the server answers, an evaluation ends in time, with the code default and an error.
func TestRemoteAnswersThatMakeNoSense(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	answers := map[string]struct {
		answer http.HandlerFunc
		code   openfeature.ErrorCode
	}{
		"html":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, openfeature.GeneralCode},
		"nothing": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, openfeature.GeneralCode},
		"500": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{"errorDetails":"it broke"}`))
		}, openfeature.GeneralCode},
		"another code": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"errorCode":"TARGETING_KEY_MISSING"}`))
		}, openfeature.TargetingKeyMissingCode},
		"hanging": {func(http.ResponseWriter, *http.Request) { <-hang }, openfeature.GeneralCode},
	}
	for name, test := range answers {
		server := httptest.NewServer(test.answer)
		t.Cleanup(server.Close)
		provider := tidegate.NewProvider(server.URL, "sdk-any", tidegate.WithRemote(50*time.Millisecond), tidegate.WithInitTimeout(time.Millisecond))
		require.Error(t, provider.Init(openfeature.EvaluationContext{}), name)
		detail := provider.StringEvaluation(t.Context(), "flag", "default", nil)
		require.Equal(t, "default", detail.Value, name)
		require.Equal(t, openfeature.ErrorReason, detail.Reason, name)
		require.Equal(t, test.code, detail.ResolutionDetail().ErrorCode, name)
		provider.Shutdown()
		afterwards := provider.StringEvaluation(t.Context(), "flag", "default", nil)
		require.Equal(t, openfeature.ProviderNotReadyCode, afterwards.ResolutionDetail().ErrorCode, name)
	}
	close(hang)
}

// slow is an attribute whose encoding takes long.
type slow struct{ begun, goOn chan struct{} }

func (s slow) MarshalJSON() ([]byte, error) {
	close(s.begun)
	<-s.goOn
	return []byte(`true`), nil
}

// An evaluation begins before a shutdown and asks the server after it. It leaves no connection behind.
func TestRemoteShutdownWhileEvaluating(t *testing.T) {
	t.Parallel()
	var open sync.Map
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/flag") {
			_, _ = w.Write([]byte(`{"key":"flag","value":"late","variant":"late","reason":"STATIC"}`))
			return
		}
		_, _ = w.Write([]byte(`{"flags":[]}`)) // without event streams
	}))
	server.Config.ConnState = func(connection net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			open.Delete(connection)
		} else {
			open.Store(connection, state)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	provider := tidegate.NewProvider(server.URL, "sdk-any", tidegate.WithRemote(patient), tidegate.WithoutReports())
	require.NoError(t, provider.Init(openfeature.EvaluationContext{}))
	attribute, late := slow{make(chan struct{}), make(chan struct{})}, make(chan openfeature.StringResolutionDetail)
	go func() {
		late <- provider.StringEvaluation(t.Context(), "flag", "default", openfeature.FlattenedContext{"slow": attribute})
	}()
	<-attribute.begun
	provider.Shutdown()
	close(attribute.goOn)
	require.Equal(t, "late", (<-late).Value)
	require.Eventually(t, func() bool {
		none := true
		open.Range(func(any, any) bool { none = false; return false })
		return none
	}, patient, time.Millisecond)
}
