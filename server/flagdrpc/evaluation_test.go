package flagdrpc_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"

	v1 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v1"
	v2 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v2"
	"github.com/tidegate-io/tidegate/server/ofrep"
)

func TestBothVersionsSpeakGRPCConnectAndGRPCWeb(t *testing.T) {
	t.Parallel()
	r := open(t, settings{})
	authorization := []string{"Authorization", "Bearer " + r.ServerKey}
	for name, options := range map[string][]connect.ClientOption{
		"gRPC": {connect.WithGRPC()}, "gRPC-Web": {connect.WithGRPCWeb()}, "Connect": nil, "Connect with JSON": {connect.WithProtoJSON()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, err := r.v1(options...).ResolveBoolean(t.Context(), with(&v1.ResolveBooleanRequest{FlagKey: "checkout", Context: contextOf("country", "FR")}, authorization...))
			require.NoError(t, err)
			require.True(t, one.Msg.GetValue())
			two, err := r.v2(options...).ResolveBoolean(t.Context(), with(&v2.ResolveBooleanRequest{FlagKey: "checkout", Context: contextOf("country", "FR")}, authorization...))
			require.NoError(t, err)
			require.True(t, two.Msg.GetValue())
			require.Equal(t, "on", two.Msg.GetVariant())
			require.Equal(t, "TARGETING_MATCH", two.Msg.GetReason())
			metadata := two.Msg.GetMetadata().AsMap()
			require.Equal(t, "french", metadata["ruleId"])
			require.Equal(t, "shop/production", metadata["flagSetId"])
			require.Positive(t, metadata["version"])
		})
	}
}

func TestValuesOfEveryType(t *testing.T) {
	t.Parallel()
	r := open(t, settings{bound: true})
	ctx := t.Context()
	text, err := r.v2().ResolveString(ctx, with(&v2.ResolveStringRequest{FlagKey: "theme"}))
	require.NoError(t, err)
	require.Equal(t, "day", text.Msg.GetValue())
	require.Equal(t, "DEFAULT", text.Msg.GetReason(), "clients drop the value of DISABLED")
	require.Equal(t, "off", text.Msg.GetMetadata().AsMap()["detail"])
	number, err := r.v2().ResolveFloat(ctx, with(&v2.ResolveFloatRequest{FlagKey: "limit", Context: contextOf("targetingKey", "half")}))
	require.NoError(t, err)
	require.InDelta(t, 0.5, number.Msg.GetValue(), 0)
	integer, err := r.v2().ResolveInt(ctx, with(&v2.ResolveIntRequest{FlagKey: "limit"}))
	require.NoError(t, err)
	require.Equal(t, int64(42), integer.Msg.GetValue())
	object, err := r.v2().ResolveObject(ctx, with(&v2.ResolveObjectRequest{FlagKey: "banner"}))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"text": "hi", "lines": []any{1.0, nil}}, object.Msg.GetValue().AsMap())
	require.Equal(t, "STATIC", object.Msg.GetReason())

	oldText, err := r.v1().ResolveString(ctx, with(&v1.ResolveStringRequest{FlagKey: "theme"}))
	require.NoError(t, err)
	require.Equal(t, "day", oldText.Msg.GetValue())
	oldNumber, err := r.v1().ResolveFloat(ctx, with(&v1.ResolveFloatRequest{FlagKey: "limit"}))
	require.NoError(t, err)
	require.InDelta(t, 42, oldNumber.Msg.GetValue(), 0)
	oldInteger, err := r.v1().ResolveInt(ctx, with(&v1.ResolveIntRequest{FlagKey: "limit"}))
	require.NoError(t, err)
	require.Equal(t, int64(42), oldInteger.Msg.GetValue())
	oldObject, err := r.v1().ResolveObject(ctx, with(&v1.ResolveObjectRequest{FlagKey: "banner"}))
	require.NoError(t, err)
	require.Equal(t, object.Msg.GetValue().AsMap(), oldObject.Msg.GetValue().AsMap())

	all, err := r.v1().ResolveAll(ctx, with(&v1.ResolveAllRequest{Context: contextOf("country", "FR")}))
	require.NoError(t, err)
	require.Len(t, all.Msg.GetFlags(), 7, "those without a value too")
	for key, reason := range codeDefaults {
		require.Equal(t, reason, all.Msg.GetFlags()[key].GetReason())
		require.Nil(t, all.Msg.GetFlags()[key].GetValue())
		require.Empty(t, all.Msg.GetFlags()[key].GetVariant())
		require.Positive(t, all.Msg.GetFlags()[key].GetMetadata().AsMap()["version"])
	}
	require.True(t, all.Msg.GetFlags()["needs"].GetBoolValue())
	require.Equal(t, "day", all.Msg.GetFlags()["theme"].GetStringValue())
	require.InDelta(t, 42, all.Msg.GetFlags()["limit"].GetDoubleValue(), 0)
	require.Equal(t, "hi", all.Msg.GetFlags()["banner"].GetObjectValue().AsMap()["text"])
	require.Equal(t, "shop/production", all.Msg.GetMetadata().AsMap()["flagSetId"])
}

// codeDefaults are the flags whose answer is the caller's code default, with their reasons.
var codeDefaults = map[string]string{"left": "DISABLED", "elsewhere": "DEFAULT"}

func TestTheCodeDefaultIsASuccessWithoutValue(t *testing.T) {
	t.Parallel()
	r := open(t, settings{bound: true})
	for key, reason := range codeDefaults {
		answer, err := r.v2().ResolveBoolean(t.Context(), with(&v2.ResolveBooleanRequest{FlagKey: key}))
		require.NoError(t, err)
		require.Nil(t, answer.Msg.Value)
		require.Nil(t, answer.Msg.Variant)
		require.Equal(t, reason, answer.Msg.GetReason())
		require.Positive(t, answer.Msg.GetMetadata().AsMap()["version"])
		// Version 1 cannot leave the value out. It sends the zero value of the requested type.
		old, err := r.v1().ResolveBoolean(t.Context(), with(&v1.ResolveBooleanRequest{FlagKey: key}))
		require.NoError(t, err)
		require.False(t, old.Msg.GetValue())
		require.Empty(t, old.Msg.GetVariant())
		require.Equal(t, reason, old.Msg.GetReason())
		require.Positive(t, old.Msg.GetMetadata().AsMap()["version"])
		object, err := r.v1().ResolveObject(t.Context(), with(&v1.ResolveObjectRequest{FlagKey: key}))
		require.NoError(t, err)
		require.Nil(t, object.Msg.GetValue())
		require.Equal(t, reason, object.Msg.GetReason())
	}
}

func TestErrorsHaveTheProtocolsCodes(t *testing.T) {
	t.Parallel()
	r := open(t, settings{bound: true})
	ctx := t.Context()
	number := &structpb.Struct{Fields: map[string]*structpb.Value{"targetingKey": structpb.NewNumberValue(7)}}
	tests := map[string]struct {
		ask  func() error
		code connect.Code
	}{
		"no such flag": {func() error {
			_, err := r.v2().ResolveBoolean(ctx, with(&v2.ResolveBooleanRequest{FlagKey: "nothing"}))
			return err
		}, connect.CodeNotFound},
		"another type": {func() error {
			_, err := r.v2().ResolveBoolean(ctx, with(&v2.ResolveBooleanRequest{FlagKey: "theme"}))
			return err
		}, connect.CodeInvalidArgument},
		"another type than object": {func() error {
			_, err := r.v2().ResolveObject(ctx, with(&v2.ResolveObjectRequest{FlagKey: "theme"}))
			return err
		}, connect.CodeInvalidArgument},
		"another type in version 1": {func() error {
			_, err := r.v1().ResolveString(ctx, with(&v1.ResolveStringRequest{FlagKey: "limit"}))
			return err
		}, connect.CodeInvalidArgument},
		"a number that is no integer": {func() error {
			_, err := r.v2().ResolveInt(ctx, with(&v2.ResolveIntRequest{FlagKey: "limit", Context: contextOf("targetingKey", "half")}))
			return err
		}, connect.CodeInvalidArgument},
		"a targeting key that is no string": {func() error {
			_, err := r.v2().ResolveBoolean(ctx, with(&v2.ResolveBooleanRequest{FlagKey: "checkout", Context: number}))
			return err
		}, connect.CodeInvalidArgument},
		"a request that is too large": {func() error {
			_, err := r.v2().ResolveBoolean(ctx, with(&v2.ResolveBooleanRequest{FlagKey: strings.Repeat("x", 2<<20)}))
			return err
		}, connect.CodeResourceExhausted},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.code, connect.CodeOf(test.ask()))
		})
	}
}

func TestEvaluationsAreLimitedByKey(t *testing.T) {
	t.Parallel()
	now := time.Now()
	r := open(t, settings{bound: true, limits: ofrep.NewLimits(2), now: func() time.Time { return now }})
	ask := func() error {
		_, err := r.v2().ResolveBoolean(t.Context(), with(&v2.ResolveBooleanRequest{FlagKey: "checkout"}))
		return err
	}
	require.NoError(t, ask())
	require.NoError(t, ask())
	require.Equal(t, connect.CodeResourceExhausted, connect.CodeOf(ask()), "the third in no time")
}

func TestTheContextOfTheConfigurationGoesFirst(t *testing.T) {
	t.Parallel()
	r := open(t, settings{bound: true, context: map[string]any{"country": "FR"}})
	answer, err := r.v2().ResolveBoolean(t.Context(), with(&v2.ResolveBooleanRequest{FlagKey: "checkout", Context: contextOf("country", "DE")}))
	require.NoError(t, err)
	require.True(t, answer.Msg.GetValue())
}

func TestPagesOfOtherOriginsMayAsk(t *testing.T) {
	t.Parallel()
	r := open(t, settings{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, r.url+"/flagd.evaluation.v1.Service/ResolveAll", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Origin", "https://shop.example.com")
	request.Header.Set("Access-Control-Request-Headers", "traceparent,x-tenant")
	response, err := r.client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.Equal(t, "*", response.Header.Get("Access-Control-Allow-Origin"))
	for _, name := range []string{"Connect-Protocol-Version", "Flagd-Selector", "traceparent", "tracestate", "baggage", "X-Request-Id", "x-tenant"} {
		require.Contains(t, response.Header.Get("Access-Control-Allow-Headers"), name)
	}
}
