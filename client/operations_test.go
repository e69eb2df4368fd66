package client_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/openapi"
)

// TestEveryOperationIsSentAsDescribed calls every method of the client and compares what arrives with openapi.yaml.
func TestEveryOperationIsSentAsDescribed(t *testing.T) {
	t.Parallel()
	spec, err := openapi3.NewLoader().LoadFromData(openapi.Spec)
	require.NoError(t, err)
	var seen *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, "tg_x", client.WithTimeout(10*time.Second), client.WithReason("to see"))
	require.NoError(t, err)
	for path, item := range spec.Paths.Map() {
		for method, operation := range item.Operations() {
			name := strings.ToUpper(operation.OperationID[:1]) + operation.OperationID[1:]
			calling := reflect.ValueOf(c).MethodByName(name)
			require.True(t, calling.IsValid(), "no method for %s", name)
			seen = nil
			results := calling.Call(arguments(t, calling.Type()))
			require.Nil(t, results[len(results)-1].Interface(), name)
			require.NotNil(t, seen, name)
			parameters := append(operation.Parameters, item.Parameters...)
			assert.Equal(t, method, seen.Method, name)
			assert.Equal(t, "/api/v1"+filled(path, parameters), seen.URL.EscapedPath(), name)
			assert.Equal(t, "Bearer tg_x", seen.Header.Get("Authorization"), name)
			for _, header := range []string{"Idempotency-Key", "Tidegate-Reason"} {
				described := parameters.GetByInAndName(openapi3.ParameterInHeader, header) != nil
				assert.Equal(t, described, seen.Header.Get(header) != "", "%s of %s", header, name)
			}
			for _, p := range parameters {
				if p.Value.In == openapi3.ParameterInQuery {
					assert.NotEmpty(t, seen.URL.Query().Get(p.Value.Name), "%s of %s", p.Value.Name, name)
				}
			}
			if body := operation.RequestBody; body != nil {
				assert.NotNil(t, body.Value.Content[seen.Header.Get("Content-Type")], "%s of %s", seen.Header.Get("Content-Type"), name)
			}
		}
	}
}

// arguments are values for every parameter of a method, none of them zero.
func arguments(t *testing.T, method reflect.Type) []reflect.Value {
	t.Helper()
	values := []reflect.Value{reflect.ValueOf(t.Context())}
	last := method.NumIn()
	if method.IsVariadic() {
		last--
	}
	for i := 1; i < last; i++ {
		value := reflect.New(method.In(i)).Elem()
		switch value.Kind() {
		case reflect.String:
			value.SetString("a/b ü")
		case reflect.Map:
			value.Set(reflect.ValueOf(client.Patch{"name": nil}))
		default:
			fillFields(value)
		}
		values = append(values, value)
	}
	return values
}

// fillFields sets the fields of a struct that a query or a small body may have.
func fillFields(value reflect.Value) {
	for i := range value.NumField() {
		switch field := value.Field(i); field.Kind() {
		case reflect.String:
			field.SetString("x")
		case reflect.Int, reflect.Int64:
			field.SetInt(7)
		case reflect.Bool:
			field.SetBool(true)
		}
	}
}

// filled is the path with the values of arguments.
func filled(path string, parameters openapi3.Parameters) string {
	for _, p := range parameters {
		if p.Value.In == openapi3.ParameterInPath {
			path = strings.Replace(path, "{"+p.Value.Name+"}", "a%2Fb%20%C3%BC", 1)
		}
	}
	return path
}

// A POST without an Idempotency-Key is tried again only if openapi.yaml says that it changes nothing.
func TestOnlyReadersAreMarkedAsChangingNothing(t *testing.T) {
	t.Parallel()
	spec, err := openapi3.NewLoader().LoadFromData(openapi.Spec)
	require.NoError(t, err)
	marked := 0
	for path, item := range spec.Paths.Map() {
		for method, operation := range item.Operations() {
			if _, is := operation.Extensions["x-changes-nothing"]; !is {
				continue
			}
			marked++
			assert.Equal(t, http.MethodPost, method, path)
			assert.Nil(t, operation.Parameters.GetByInAndName(openapi3.ParameterInHeader, "Idempotency-Key"), path)
			assert.Nil(t, operation.Parameters.GetByInAndName(openapi3.ParameterInHeader, "Tidegate-Reason"), path)
		}
	}
	assert.NotZero(t, marked)
}

func TestWhatAnOperationDoesNotTakeIsRefused(t *testing.T) {
	t.Parallel()
	c, err := client.New("http://127.0.0.1:1", "tg_x")
	require.NoError(t, err)
	_, err = c.CreateFlag(t.Context(), "default", "f", openapi.FlagCreate{}, client.IfMatch(7))
	require.ErrorContains(t, err, "takes no IfMatch")
	_, err = c.ReplayWebhookDelivery(t.Context(), "default", "1", "2", client.IdempotencyKey("k"))
	require.ErrorContains(t, err, "takes no IdempotencyKey")
	_, err = c.KillFlag(t.Context(), "default", "f", "production", openapi.Reason{}, client.Reason("a\nb"))
	require.ErrorContains(t, err, "Tidegate-Reason")
	for _, key := range []string{"", ".", ".."} {
		_, err = c.GetFlag(t.Context(), "default", key)
		require.ErrorContains(t, err, "is no flag")
	}
	_, err = c.UpdateFlag(t.Context(), "default", "f", client.Patch{"name": func() {}})
	require.ErrorContains(t, err, "encode request")
	for _, address := range []string{"", "flags.example.com", "ftp://x", "http://", "://"} {
		_, err = client.New(address, "tg_x")
		require.Error(t, err, address)
	}
}

// An optional body that says nothing is left out.
func TestOptionalBodiesAreLeftOut(t *testing.T) {
	t.Parallel()
	var body json.RawMessage
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body = nil
		if r.ContentLength != 0 {
			_ = json.NewDecoder(r.Body).Decode(&body)
		}
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, "tg_x")
	require.NoError(t, err)
	_, err = c.KillFlag(t.Context(), "default", "f", "production", openapi.Reason{})
	require.NoError(t, err)
	require.Empty(t, body)
	_, err = c.KillFlag(t.Context(), "default", "f", "production", openapi.Reason{Reason: "<errors>"})
	require.NoError(t, err)
	require.JSONEq(t, `{"reason": "<errors>"}`, string(body))
}
