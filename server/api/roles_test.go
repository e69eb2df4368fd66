package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/servertest"
)

// TestEveryOperationForEveryRole calls each operation that openapi.yaml describes, without a token and with each
// role. The things that it names do not exist, so only the role decides between 401, 403 and the rest.
func TestEveryOperationForEveryRole(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	roles := []string{"viewer", "editor", "releaser", "admin"}
	clients := map[string]*servertest.Client{}
	for _, role := range roles {
		clients[role] = server.WithRole(t, role, "", "")
	}
	spec := servertest.Spec(t)
	for _, o := range operations(spec) {
		t.Run(o.OperationID, func(t *testing.T) {
			needed := neededRole(spec, o)
			if needed == "" {
				require.Equal(t, "createSession", o.OperationID, "the only operation for everybody")
				return
			}
			response := server.As("").Call(t, o.method, o.path, o.body())
			assert.Equal(t, http.StatusUnauthorized, response.Status, "without a token")
			assert.Contains(t, response.Header.Get("WWW-Authenticate"), "Bearer")
			response = server.As("tg_made-up").Call(t, o.method, o.path, o.body())
			assert.Equal(t, http.StatusUnauthorized, response.Status, "with a token that does not exist")

			for i, role := range roles {
				response := clients[role].Call(t, o.method, o.path, o.body())
				if i < slices.Index(roles, needed) {
					assert.Equal(t, http.StatusForbidden, response.Status, "as %s: %s", role, response.Body)
					assert.Contains(t, string(response.Body), needed)
					continue
				}
				assert.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden}, response.Status, "as %s: %s", role, response.Body)
				assert.Less(t, response.Status, http.StatusInternalServerError, "as %s: %s", role, response.Body)
			}
		})
	}
}

type operation struct {
	*openapi3.Operation
	path, method string
}

// operations are all operations of spec, each with a path to something that does not exist.
func operations(spec *openapi3.T) (all []operation) {
	fill := strings.NewReplacer("{project}", "none", "{environment}", "none", "{flag}", "none", "{segment}", "none", "{id}", "none", "{verb}", "start")
	for _, path := range spec.Paths.InMatchingOrder() {
		for method, described := range spec.Paths.Value(path).Operations() {
			all = append(all, operation{Operation: described, path: fill.Replace(path), method: method})
		}
	}
	return all
}

// neededRole is the scope of the operation, empty where it needs none.
func neededRole(spec *openapi3.T, o operation) string {
	security := spec.Security
	if o.Security != nil {
		security = *o.Security
	}
	for _, requirement := range security {
		for _, scopes := range requirement {
			return scopes[0]
		}
	}
	return ""
}

// body is an empty object where the operation takes one.
func (o operation) body() any {
	if o.RequestBody == nil {
		return nil
	}
	return "{}"
}

func TestLimitedTokens(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	server.Must(t, http.StatusCreated, http.MethodPut, "/projects/other", "{}")
	for _, project := range []string{"default", "other"} {
		server.Must(t, http.StatusCreated, http.MethodPut, "/projects/"+project+"/environments/extra", "{}")
		server.Must(t, http.StatusCreated, http.MethodPut, "/projects/"+project+"/flags/hello", `{"type": "boolean"}`)
	}
	project := server.WithRole(t, "admin", "default", "")
	environment := server.WithRole(t, "admin", "default", "staging")
	for _, c := range []struct {
		name, method, path, body string
		project, environment     int
	}{
		{"reading its own", "GET", "/projects/default/flags/hello", "", 200, 200},
		{"reading another project", "GET", "/projects/other/flags/hello", "", 403, 403},
		{"writing its own environment", "PATCH", "/projects/default/flags/hello/environments/staging", `{"enabled": true}`, 200, 200},
		{"writing another environment", "PATCH", "/projects/default/flags/hello/environments/extra", `{"enabled": true}`, 200, 403},
		{"writing another project", "PATCH", "/projects/other/flags/hello/environments/extra", `{"enabled": true}`, 403, 403},
		{"writing every environment", "PATCH", "/projects/default/flags/hello", `{"name": "Hello"}`, 200, 403},
		{"creating a project", "PUT", "/projects/third", `{}`, 403, 403},
		{"making tokens", "POST", "/access-tokens", `{"name": "x", "role": "admin"}`, 403, 403},
		{"listing tokens", "GET", "/access-tokens", "", 403, 403},
		{"who it is", "GET", "/session", "", 200, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			var body any
			if c.body != "" {
				body = c.body
			}
			assert.Equal(t, c.project, project.Call(t, c.method, c.path, body).Status, "limited to the project")
			assert.Equal(t, c.environment, environment.Call(t, c.method, c.path, body).Status, "limited to the environment")
		})
	}
}

func TestRevokedAndExpiredTokens(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	var token struct{ ID, Token string }
	server.Must(t, http.StatusCreated, http.MethodPost, "/access-tokens", `{"name": "ci", "role": "viewer"}`).Decode(t, &token)
	bearer := server.As(token.Token)
	bearer.Must(t, http.StatusOK, http.MethodGet, "/session", nil)
	server.Must(t, http.StatusNoContent, http.MethodDelete, "/access-tokens/"+token.ID, nil)
	bearer.Must(t, http.StatusUnauthorized, http.MethodGet, "/session", nil)

	listed := server.Must(t, http.StatusOK, http.MethodGet, "/access-tokens", nil)
	assert.NotContains(t, string(listed.Body), token.Token, "a secret is shown once")
	past := server.Call(t, http.MethodPost, "/access-tokens", `{"name": "ci", "role": "viewer", "expiresAt": "2020-01-01T00:00:00Z"}`)
	assert.Equal(t, http.StatusUnprocessableEntity, past.Status)
	assert.Contains(t, string(past.Body), "/expiresAt")
}
