// Package openapitest holds what a server answers against the description of its API.
package openapitest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Description is an OpenAPI document that is valid. It is safe for concurrent use.
type Description struct {
	spec   *openapi3.T
	router routers.Router
}

// Read parses a document.
func Read(document []byte) (*Description, error) {
	spec, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, err
	}
	if err := spec.Validate(context.Background()); err != nil {
		return nil, err
	}
	router, err := legacy.NewRouter(spec)
	return &Description{spec: spec, router: router}, err
}

// find gives the operation of a request, and the request as the document sees it.
func (d *Description) find(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	described := r.Clone(context.Background())
	described.URL.Scheme, described.URL.Host = "", ""
	route, params, err := d.router.FindRoute(described)
	return &openapi3filter.RequestValidationInput{
		Request: described, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}, err
}

// Describes tells whether the operation of the request is described.
func (d *Description) Describes(r *http.Request) bool {
	_, err := d.find(r)
	return err == nil
}

// RequireRequest fails the test unless the request, whose body is given beside it, is as described.
func (d *Description) RequireRequest(t testing.TB, r *http.Request, body string) {
	t.Helper()
	input, err := d.find(r)
	require.NoError(t, err, "%s %s is not described", r.Method, r.URL.Path)
	input.Request.Body = io.NopCloser(strings.NewReader(body))
	input.Request.Header.Set("Content-Type", "application/json")
	require.NoError(t, openapi3filter.ValidateRequest(context.Background(), input))
}

// RequireAnswer fails the test unless the answer is as described.
func (d *Description) RequireAnswer(t testing.TB, r *http.Request, status int, header http.Header, body []byte) {
	t.Helper()
	request, err := d.find(r)
	require.NoError(t, err, "%s %s is not described", r.Method, r.URL.Path)
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: status, Header: header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	input.SetBodyBytes(body)
	require.NoError(t, openapi3filter.ValidateResponse(context.Background(), input),
		"%s %s answered %d %s", r.Method, r.URL.Path, status, body)
	if secret.Match(body) {
		require.Equal(t, true, request.Route.Operation.Extensions["x-shows-secret"],
			"%s %s answers with a secret, and its description does not say so: %s", r.Method, r.URL.Path, body)
	}
}

// secret is what package auth makes.
var secret = regexp.MustCompile(`\b(tg_|sdk-|cli-|whk_|ses_|link_)[A-Za-z0-9_-]{43}\b`)

// CheckJSON notes in the test where an encoded value is not as the schema has it. It may run beside the test.
func (d *Description) CheckJSON(t testing.TB, schema string, encoded []byte) bool {
	var value any
	return assert.NoError(t, json.Unmarshal(encoded, &value), "%s", encoded) &&
		assert.NoError(t, d.spec.Components.Schemas[schema].Value.VisitJSON(value), "%s", encoded)
}
