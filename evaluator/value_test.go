package evaluator_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// values encodes operands.
func values(all ...any) []json.RawMessage {
	encoded := make([]json.RawMessage, len(all))
	for i, v := range all {
		encoded[i] = raw(v)
	}
	return encoded
}

// serving returns the result of a flag of the type with that one value.
func serving(t *testing.T, typ evaluator.Type, value string) evaluator.Result {
	t.Helper()
	s := compile(t, definition([]evaluator.Flag{{
		Key: "f", Version: 3, Type: typ, Variations: []evaluator.Variation{{Key: "v", Value: json.RawMessage(value)}},
		Config: evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Variation: "v"}},
	}}))
	c := evaluator.NewContext("u")
	return s.Evaluate("f", &c)
}

func TestTypedResults(t *testing.T) {
	t.Parallel()
	b := serving(t, evaluator.TypeBoolean, "true")
	s := serving(t, evaluator.TypeString, `"x"`)
	n := serving(t, evaluator.TypeNumber, " 7 ")
	f := serving(t, evaluator.TypeNumber, "7.5")
	o := serving(t, evaluator.TypeObject, `{ "a": [1, {"b": null}] }`)

	asBool, r := b.Bool(false)
	require.True(t, asBool)
	require.Equal(t, b, r)
	asString, r := s.Str("")
	require.Equal(t, "x", asString)
	require.Equal(t, s, r)
	asInt, r := n.Int(0)
	require.EqualValues(t, 7, asInt)
	require.Equal(t, n, r)
	asFloat, r := n.Float(0)
	require.InDelta(t, 7, asFloat, 0)
	require.Equal(t, n, r)
	asFloat, r = f.Float(0)
	require.InDelta(t, 7.5, asFloat, 0)
	require.Equal(t, f, r)
	asObject, r := o.Object(nil)
	require.Equal(t, map[string]any{"a": []any{1.0, map[string]any{"b": nil}}}, asObject)
	require.Equal(t, o, r)

	require.JSONEq(t, `{"a":[1,{"b":null}]}`, string(o.Value.JSON()))
	require.Equal(t, `7`, string(n.Value.JSON()))
	require.Equal(t, evaluator.TypeObject, o.Value.Type())
	require.Equal(t, true, b.Value.Any())
	require.Equal(t, "x", s.Value.Any())
	require.Equal(t, 7.5, f.Value.Any())
}

func TestAskingForAnotherTypeIsAnError(t *testing.T) {
	t.Parallel()
	results := map[evaluator.Type]evaluator.Result{
		evaluator.TypeBoolean: serving(t, evaluator.TypeBoolean, "true"),
		evaluator.TypeString:  serving(t, evaluator.TypeString, `"x"`),
		evaluator.TypeNumber:  serving(t, evaluator.TypeNumber, "7.5"),
		evaluator.TypeObject:  serving(t, evaluator.TypeObject, `{}`),
	}
	for typ, result := range results {
		check := func(other evaluator.Type, value, fallback any, r evaluator.Result) {
			if other == typ {
				return
			}
			require.Equal(t, fallback, value, "%s as %s", typ, other)
			require.Equal(t, evaluator.ReasonError, r.Reason)
			require.Equal(t, evaluator.ErrorTypeMismatch, r.ErrorCode)
			require.True(t, r.Value.IsNone())
			require.Empty(t, r.Variation)
			require.EqualValues(t, 3, r.Version)
			require.EqualValues(t, 1, r.Revision)
		}
		asBool, r := result.Bool(false)
		check(evaluator.TypeBoolean, asBool, false, r)
		asString, r := result.Str("fallback")
		check(evaluator.TypeString, asString, "fallback", r)
		asFloat, r := result.Float(-1)
		check(evaluator.TypeNumber, asFloat, -1.0, r)
		asInt, r := result.Int(-1)
		check("integer", asInt, int64(-1), r) // 7.5 is no integer
		asObject, r := result.Object(nil)
		check(evaluator.TypeObject, asObject, map[string]any(nil), r)
	}
}

func TestNoValueIsNoTypeMismatch(t *testing.T) {
	t.Parallel()
	s := compile(t, definition([]evaluator.Flag{booleanFlag(t, "f", 1, `{"enabled": false, "fallthrough": {"variation": "on"}}`)}))
	c := evaluator.NewContext("u")
	disabled, missing := s.Evaluate("f", &c), s.Evaluate("nothing", &c)
	text, r := disabled.Str("fallback")
	require.Equal(t, "fallback", text)
	require.Equal(t, evaluator.ReasonDisabled, r.Reason)
	on, r := missing.Bool(true)
	require.True(t, on)
	require.Equal(t, evaluator.ErrorFlagNotFound, r.ErrorCode)
	require.Nil(t, missing.Value.Any())
	require.Nil(t, missing.Value.JSON())
	require.Empty(t, missing.Value.Type())
}

func TestObjectsAreCopies(t *testing.T) {
	t.Parallel()
	r := serving(t, evaluator.TypeObject, `{"a": {"b": [1]}}`)
	first, _ := r.Value.Object()
	first["a"].(map[string]any)["b"].([]any)[0] = "changed"
	delete(first, "a")
	again, _ := r.Value.Object()
	require.Equal(t, map[string]any{"a": map[string]any{"b": []any{1.0}}}, again)
}

func TestWordsAreOpenFeatures(t *testing.T) {
	t.Parallel()
	reasons := []string{"ERROR", "STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED"}
	for i, want := range reasons {
		require.Equal(t, want, evaluator.Reason(i).String())
	}
	codes := []string{
		"", "FLAG_NOT_FOUND", "PARSE_ERROR", "TYPE_MISMATCH", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "PROVIDER_NOT_READY", "GENERAL",
	}
	for i, want := range codes {
		require.Equal(t, want, evaluator.ErrorCode(i).String())
	}
	details := []string{"", "unavailable", "prerequisite-failed", "bucketing-key-missing", "bucketing-key-invalid"}
	for i, want := range details {
		require.Equal(t, want, evaluator.Detail(i).String())
	}
}
