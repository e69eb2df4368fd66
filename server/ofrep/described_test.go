package ofrep_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
)

// description is ofrep.yaml. It is read once for all tests.
var description = sync.OnceValues(func() (*openapi3.T, error) {
	spec, err := openapi3.NewLoader().LoadFromData(openapi.OFREP)
	if err != nil {
		return nil, err
	}
	return spec, spec.Validate(context.Background())
})

// described finds operations of ofrep.yaml.
var described = sync.OnceValues(func() (routers.Router, error) {
	spec, err := description()
	if err != nil {
		return nil, err
	}
	return legacy.NewRouter(spec)
})

// eventSchema is that of what an event stream sends.
func eventSchema(t testing.TB) *openapi3.Schema {
	t.Helper()
	spec, err := description()
	require.NoError(t, err)
	return spec.Components.Schemas["Event"].Value
}

// checkEvent holds the lines of one event against ofrep.yaml. It may run beside the test.
func checkEvent(t testing.TB, schema *openapi3.Schema, lines []string) {
	if len(lines) == 0 {
		return
	}
	event := map[string]any{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		assert.NotContains(t, event, name)
		event[name] = value
		if name != "data" && name != "retry" {
			continue
		}
		var decoded any
		assert.NoError(t, json.Unmarshal([]byte(value), &decoded), line)
		event[name] = decoded
	}
	assert.NoError(t, schema.VisitJSON(event), "%q", lines)
}

// requireDescribed holds an answer against ofrep.yaml.
func requireDescribed(t testing.TB, request *http.Request, status int, header http.Header, body []byte) {
	t.Helper()
	router, err := described()
	require.NoError(t, err)
	r := request.Clone(context.Background())
	r.URL.Scheme, r.URL.Host = "", ""
	if strings.HasPrefix(r.URL.Path, flagsPath+"/") {
		// A key may have slashes, which are one segment of the path only as long as they are encoded.
		r.URL.Path, r.URL.RawPath = flagsPath+"/key", ""
	}
	if r.Method == http.MethodOptions {
		return // what browsers ask is not part of the protocol
	}
	route, params, err := router.FindRoute(r)
	if err != nil {
		require.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, status, "%s %s is not described", r.Method, r.URL.Path)
		require.Equal(t, "application/problem+json", header.Get("Content-Type"))
		return
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 status, Header: header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	input.SetBodyBytes(body)
	require.NoError(t, openapi3filter.ValidateResponse(context.Background(), input), "%s %s answered %d %s", r.Method, r.URL.Path, status, body)
}
