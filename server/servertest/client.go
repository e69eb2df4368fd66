package servertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/api"
	"github.com/tidegate-io/tidegate/server/openapitest"
)

// Client calls the REST API and checks every answer against openapi.yaml.
type Client struct {
	URL         string
	token       string
	description *openapitest.Description
}

// Response is an answer that has been read.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// NewClient returns a client with the access token; an empty one sends none.
func NewClient(t testing.TB, url, token string) *Client {
	t.Helper()
	description, err := openapitest.Read(openapi.Spec)
	require.NoError(t, err)
	return &Client{URL: url, token: token, description: description}
}

// Spec is the parsed openapi.yaml, which is valid.
func Spec(t testing.TB) *openapi3.T {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromData(openapi.Spec)
	require.NoError(t, err)
	require.NoError(t, spec.Validate(t.Context()))
	return spec
}

// As returns a client with another access token.
func (c *Client) As(token string) *Client {
	other := *c
	other.token = token
	return &other
}

// WithRole returns a client with a new access token of the role, limited to the project and environment unless they
// are empty.
func (c *Client) WithRole(t testing.TB, role, project, environment string) *Client {
	t.Helper()
	var made struct{ Token string }
	body := map[string]string{"name": role, "role": role}
	if project != "" {
		body["project"] = project
	}
	if environment != "" {
		body["environment"] = environment
	}
	c.Must(t, http.StatusCreated, http.MethodPost, "/access-tokens", body).Decode(t, &made)
	return c.As(made.Token)
}

// Call sends a request to the path below /api/v1. Body is nil, a string of JSON, or what is marshalled. Headers are
// names and values in turn.
func (c *Client) Call(t testing.TB, method, path string, body any, headers ...string) Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.URL+api.BasePath+path, encode(t, body))
	require.NoError(t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	response := Response{Status: answer.StatusCode, Header: answer.Header, Body: content}
	c.validate(t, r, response)
	return response
}

// Must is Call for a case in which only one status is right.
func (c *Client) Must(t testing.TB, status int, method, path string, body any, headers ...string) Response {
	t.Helper()
	response := c.Call(t, method, path, body, headers...)
	require.Equal(t, status, response.Status, "%s %s: %s", method, path, response.Body)
	return response
}

// Decode reads the body into value.
func (r Response) Decode(t testing.TB, value any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(r.Body, value), "%s", r.Body)
}

// validate checks an answer of a known operation against its description.
func (c *Client) validate(t testing.TB, r *http.Request, response Response) {
	t.Helper()
	if r.Method == http.MethodHead {
		return // it is GET without the body, and not described apart
	}
	if !c.description.Describes(r) {
		require.GreaterOrEqual(
			t,
			response.Status,
			http.StatusBadRequest,
			"%s %s is not described",
			r.Method,
			r.URL.Path,
		)
		return
	}
	c.description.RequireAnswer(t, r, response.Status, response.Header, response.Body)
}

func encode(t testing.TB, body any) io.Reader {
	t.Helper()
	switch body := body.(type) {
	case nil:
		return nil
	case string:
		return strings.NewReader(body)
	}
	content, err := json.Marshal(body)
	require.NoError(t, err)
	return bytes.NewReader(content)
}
