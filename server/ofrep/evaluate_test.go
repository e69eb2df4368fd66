package ofrep_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

// open starts a server with flags of every kind.
func open(t testing.TB, o streamtest.Options) (*streamtest.Shop, *streamtest.Server) {
	t.Helper()
	shop := streamtest.NewShop(t)
	for _, flag := range []evaluator.Flag{
		streamtest.Switch("boolean", true),
		streamtest.Fixed("string", evaluator.TypeString, `"blue"`),
		streamtest.Fixed("number", evaluator.TypeNumber, `0.5`),
		streamtest.Fixed("object", evaluator.TypeObject, `{"a":[1]}`),
		streamtest.Switch("disabled", false),
		codeDefault(), ruled(), available(), clientSide(streamtest.Switch("public", true)),
	} {
		shop.AddFlag(t, flag)
	}
	return shop, streamtest.Start(t, shop, o)
}

func clientSide(f evaluator.Flag) evaluator.Flag {
	f.ClientSide = true
	return f
}

func codeDefault() evaluator.Flag {
	f := streamtest.Switch("code-default", false)
	f.Config.OffVariation = nil
	return f
}

func ruled() evaluator.Flag {
	f := clientSide(streamtest.Switch("ruled", true))
	f.Config.Fallthrough = evaluator.Serve{Variation: "off"}
	f.Config.Rules = []evaluator.Rule{{
		ID:      "beta",
		Clauses: []evaluator.Clause{{Attribute: "plan", Operator: evaluator.OpIn, Values: []json.RawMessage{json.RawMessage(`"pro"`)}}},
		Serve:   evaluator.Serve{Variation: "on"},
	}}
	return f
}

func available() evaluator.Flag {
	f := streamtest.Switch("available", true)
	f.Config.Availability = &evaluator.Availability{Service: "checkout", Version: ">=2"}
	return f
}

func TestEvaluateFlag(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	for _, test := range []struct{ flag, want string }{
		{"boolean", `{"key":"boolean","value":true,"variant":"on","reason":"STATIC"}`},
		{"string", `{"key":"string","value":"blue","variant":"only","reason":"STATIC"}`},
		{"number", `{"key":"number","value":0.5,"variant":"only","reason":"STATIC"}`},
		{"object", `{"key":"object","value":{"a":[1]},"variant":"only","reason":"STATIC"}`},
		{"disabled", `{"key":"disabled","value":false,"variant":"off","reason":"DEFAULT"}`},
		{"code-default", `{"key":"code-default","reason":"DISABLED"}`},
		{"ruled", `{"key":"ruled","value":false,"variant":"off","reason":"DEFAULT"}`},
		{"available", `{"key":"available","value":false,"variant":"off","reason":"DEFAULT"}`},
	} {
		a := post(t, server, flagsPath+"/"+test.flag, shop.ServerKey, alice)
		require.Equal(t, http.StatusOK, a.status, a.text)
		require.Contains(t, a.body["metadata"], "version")
		require.Equal(t, streamtest.Production.Project+"/"+streamtest.Production.Environment, a.body["metadata"].(map[string]any)["flagSetId"])
		delete(a.body, "metadata")
		bare, err := json.Marshal(a.body)
		require.NoError(t, err)
		require.JSONEq(t, test.want, string(bare))
	}
}

func TestRulesAreNamedToServerKeysOnly(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	const pro = `{"context":{"targetingKey":"alice","plan":"pro"}}`
	for _, path := range []string{flagsPath + "/ruled", flagsPath} {
		require.Contains(t, post(t, server, path, shop.ServerKey, pro).text, `"ruleId":"beta"`)
		a := post(t, server, path, shop.ClientKey, pro)
		require.Contains(t, a.text, `"reason":"TARGETING_MATCH"`)
		require.NotContains(t, a.text, "beta")
	}
}

func TestClientKeysSeeClientSideFlagsOnly(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	require.Equal(t, http.StatusOK, post(t, server, flagsPath+"/public", shop.ClientKey, alice).status)

	hidden := post(t, server, flagsPath+"/boolean", shop.ClientKey, alice)
	require.Equal(t, http.StatusNotFound, hidden.status)
	require.Equal(t, "FLAG_NOT_FOUND", hidden.body["errorCode"])
	absent := post(t, server, flagsPath+"/nonsuch", shop.ClientKey, alice)
	require.Equal(t, strings.ReplaceAll(hidden.text, "boolean", "nonsuch"), absent.text, "hidden looks like absent")

	bulk := post(t, server, flagsPath, shop.ClientKey, alice)
	require.Len(t, bulk.flags(t), 2)
	require.Contains(t, bulk.flags(t), "public")
	require.Contains(t, bulk.flags(t), "ruled")
	require.Len(t, post(t, server, flagsPath, shop.ServerKey, alice).flags(t), 9)
}

func TestKeysInBothHeaders(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	require.Equal(t, http.StatusOK, post(t, server, flagsPath, "", alice, "X-API-Key", shop.ServerKey).status)
	require.Equal(t, http.StatusOK, post(t, server, flagsPath, "", alice, "Authorization", "bearer "+shop.ServerKey).status)
	for _, headers := range [][]string{nil, {"X-API-Key", "sdk-unknown"}, {"Authorization", "Bearer"}, {"Authorization", "Basic YTpi"}, {"X-API-Key", "tg_x"}} {
		a := post(t, server, flagsPath+"/boolean", "", alice, headers...)
		require.Equal(t, http.StatusUnauthorized, a.status, headers)
		require.NotEmpty(t, a.body["errorDetails"])
		require.NotEmpty(t, a.header.Get("WWW-Authenticate"))
	}
}

// Attributes in headers complete the context. They never replace attributes of the body.
func TestHeadersSayWhatTheProcessIs(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	value := func(body string, headers ...string) any {
		return post(t, server, flagsPath+"/available", shop.ServerKey, body, headers...).body["value"]
	}
	headers := []string{presence.HeaderService, "checkout", presence.HeaderVersion, "2.1.0"}
	require.Equal(t, false, value(alice))
	require.Equal(t, true, value(alice, headers...))
	require.Equal(t, false, value(`{"context":{"serviceName":"checkout","serviceVersion":"1.9.0"}}`, headers...))
	require.Equal(t, true, value(`{"context":{"serviceName":"checkout","serviceVersion":"2.0.0"}}`))
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	deep := `{"context":{"a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}}`
	for _, test := range []struct {
		name, body string
		status     int
		code       string
	}{
		{"empty", "", 400, "PARSE_ERROR"},
		{"no JSON", "targetingKey=alice", 400, "PARSE_ERROR"},
		{"cut off", `{"context":{"targetingKey":"al`, 400, "PARSE_ERROR"},
		{"an array as body", `[]`, 400, "PARSE_ERROR"},
		{"two bodies", alice + alice, 400, "PARSE_ERROR"},
		{"a name twice", `{"context":{"a":1,"a":2}}`, 400, "PARSE_ERROR"},
		{"invalid UTF-8", "{\"context\":{\"a\":\"\xff\"}}", 400, "PARSE_ERROR"},
		{"a number out of range", `{"context":{"a":1e999}}`, 400, "PARSE_ERROR"},
		{"an array as context", `{"context":[]}`, 400, "INVALID_CONTEXT"},
		{"a string as context", `{"context":"alice"}`, 400, "INVALID_CONTEXT"},
		{"null as context", `{"context":null}`, 400, "INVALID_CONTEXT"},
		{"a number as targetingKey", `{"context":{"targetingKey":7}}`, 400, "INVALID_CONTEXT"},
		{"too deep", deep, 400, "INVALID_CONTEXT"},
		{"too large", `{"context":{"a":"` + strings.Repeat("x", 1<<20) + `"}}`, 413, "GENERAL"},
		{"no context", `{}`, 200, ""},
		{"an empty context", `{"context":{}}`, 200, ""},
		{"more members", `{"other":[{}],"context":{"a":null,"b":[1,true,{"c":"d"}]}}`, 200, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			single := post(t, server, flagsPath+"/boolean", shop.ServerKey, test.body)
			require.Equal(t, test.status, single.status, single.text)
			require.Equal(t, "boolean", single.body["key"])
			bulk := post(t, server, flagsPath, shop.ServerKey, test.body)
			require.Equal(t, test.status, bulk.status, bulk.text)
			require.NotContains(t, single.text, "jsontext", "the words are for the caller")
			if test.code != "" {
				require.Equal(t, test.code, single.body["errorCode"])
				require.NotEmpty(t, single.body["errorDetails"])
				require.Equal(t, test.code, bulk.body["errorCode"])
			}
		})
	}
}

// An error about a body says in words what is wrong, and where.
func TestParseErrorsSayWhere(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	for body, details := range map[string]string{
		"targetingKey=alice":             `the body is not JSON at byte 1`,
		`{"context":{"targetingKey":"al`: `the body is not JSON: it ends too early at byte 30, in /context/targetingKey`,
		`{"context":{"a":1,"a":2}}`:      `the body is not JSON: an object has a name twice at byte 18, in /context/a`,
		`{"context":{"a":[1,}]}}`:        `the body is not JSON at byte 18, in /context/a`,
		`{"context":{"a":1e999}}`:        `a number of the context is too large for a double`,
		`{"context":`:                    `the body is not JSON: it ends too early at byte 11, in /context`,
		"{\"context\":{\"a\":\"\xff\"}}": `the body is not JSON at byte 17, in /context/a`,
	} {
		require.Equal(t, details, post(t, server, flagsPath, shop.ServerKey, body).body["errorDetails"], body)
	}
}

func TestOtherMethodsAndPathsAreProblems(t *testing.T) {
	t.Parallel()
	_, server := open(t, streamtest.Options{})
	for _, test := range []struct {
		method, path, allow string
		status              int
	}{
		{http.MethodGet, flagsPath, "POST", http.StatusMethodNotAllowed},
		{http.MethodGet, flagsPath + "/boolean", "POST", http.StatusMethodNotAllowed},
		{http.MethodPost, "/ofrep/v1/events", "GET", http.StatusMethodNotAllowed},
		{http.MethodGet, "/ofrep/v1/configuration", "", http.StatusNotFound},
	} {
		request, err := http.NewRequestWithContext(t.Context(), test.method, server.URL+test.path, nil)
		require.NoError(t, err)
		a := send(t, request)
		require.Equal(t, test.status, a.status)
		require.Equal(t, test.allow, a.header.Get("Allow"))
		require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"), "pages may read it")
	}
}

func TestFlagKeysInPaths(t *testing.T) {
	t.Parallel()
	shop, server := open(t, streamtest.Options{})
	for path, key := range map[string]string{"/a%2Fb": "a/b", "/%22quoted%22": `"quoted"`, "/%F0%9F%8C%8A": "🌊"} {
		a := post(t, server, flagsPath+path, shop.ServerKey, alice)
		require.Equal(t, http.StatusNotFound, a.status)
		require.Equal(t, key, a.body["key"])
	}
}

func TestNotReady(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Launch(t, shop, streamtest.Options{Truth: away{}})
	for _, path := range []string{flagsPath + "/boolean", flagsPath} {
		a := post(t, server, path, shop.ServerKey, alice)
		require.Equal(t, http.StatusServiceUnavailable, a.status, "no data is never an empty answer")
		require.Equal(t, "PROVIDER_NOT_READY", a.body["errorCode"])
		require.Equal(t, "1", a.header.Get("Retry-After"))
	}
}

// If one flag does not compile, only this flag fails.
func TestBrokenFlagFailsAlone(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("broken", true))
	shop.AddFlag(t, streamtest.Switch("boolean", true))
	ref := store.FlagRef{EnvironmentRef: streamtest.Production, Flag: "broken"}
	// The store accepts a flag that the REST API would have refused.
	_, err := shop.UpdateFlagConfig(t.Context(), ref, evaluator.FlagConfig{Enabled: true}, store.AnyVersion, streamtest.By())
	require.NoError(t, err)
	server := streamtest.Start(t, shop, streamtest.Options{})

	single := post(t, server, flagsPath+"/broken", shop.ServerKey, alice)
	require.Equal(t, http.StatusBadRequest, single.status)
	require.Equal(t, "PARSE_ERROR", single.body["errorCode"])
	bulk := post(t, server, flagsPath, shop.ServerKey, alice).flags(t)
	require.Equal(t, "PARSE_ERROR", bulk["broken"]["errorCode"])
	require.Equal(t, true, bulk["boolean"]["value"])
}
