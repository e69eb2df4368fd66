package ofrep_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
)

// described finds operations of ofrep.yaml. It is read once for all tests.
var described = sync.OnceValues(func() (routers.Router, error) {
	spec, err := openapi3.NewLoader().LoadFromData(openapi.OFREP)
	if err != nil {
		return nil, err
	}
	if err := spec.Validate(context.Background()); err != nil {
		return nil, err
	}
	return legacy.NewRouter(spec)
})

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
