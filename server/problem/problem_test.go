package problem_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	conflict := fmt.Errorf("update flag: %w", &store.ConflictError{What: "flag hello", Current: 7})
	for _, c := range []struct {
		name    string
		err     error
		ifMatch string
		status  int
		slug    string
		detail  string
	}{
		{"not found", failed("read", `flag "hello"`, store.ErrNotFound), "", 404, "not-found", `There is no flag "hello".`},
		{"not found, in a step", failed("create", `flag "a"`, failed("lock", `project "shop"`, store.ErrNotFound)), "", 404, "not-found", `There is no project "shop".`},
		{"not found, in words alone", fmt.Errorf(`read flag "hello": %w`, store.ErrNotFound), "", 404, "not-found", "There is no such thing."},
		{"not found, bare", store.ErrNotFound, "", 404, "not-found", "There is no such thing."},
		{"exists", failed("create", `flag "hello"`, store.ErrExists), "", 409, "already-exists", `flag "hello"`},
		{"conflict with If-Match", conflict, `"6"`, 412, "version-conflict", "its version is now 7"},
		{"conflict without", conflict, "", 409, "version-conflict", "its version is now 7"},
		{"repeated", fmt.Errorf("update flag: %w", store.ErrRepeated), "", 409, "conflict", "applied already"},
		{"not storable", fmt.Errorf("update flag: %w: 22021", store.ErrInvalid), "", 400, "bad-request", "U+0000"},
		{"unavailable", fmt.Errorf("read: %w: dial 10.0.0.1", store.ErrUnavailable), "", 503, "unavailable", "Try again."},
		{"disk full", fmt.Errorf("update flag: %w: %w", store.ErrUnavailable, store.ErrFull), "", 507, "storage-full", "make room"},
		{"timeout", context.DeadlineExceeded, "", 503, "unavailable", "Try again."},
		{"refused", &release.RefusedError{Message: "Only a pending release can start."}, "", 409, "conflict", "Only a pending"},
		{"too large", &http.MaxBytesError{Limit: 10}, "", 413, "too-large", "10 bytes"},
		{"unknown", errors.New("password of the database is hunter2"), "", 500, "internal", "log"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPatch, "/api/v1/x", nil)
			if c.ifMatch != "" {
				r.Header.Set("If-Match", c.ifMatch)
			}
			w := httptest.NewRecorder()
			problem.Write(w, r, c.err)
			assert.Equal(t, c.status, w.Code)
			assert.Equal(t, problem.MediaType, w.Header().Get("Content-Type"))
			var p openapi.Problem
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
			assert.Equal(t, "/problems/"+c.slug, p.Type)
			assert.Contains(t, p.Detail, c.detail)
			assert.Equal(t, c.status, p.Status)
			assert.NotContains(t, w.Body.String(), "hunter2")
			assert.NotContains(t, w.Body.String(), "10.0.0.1")
			if c.slug == "version-conflict" {
				assert.Equal(t, int64(7), p.CurrentVersion)
				assert.Equal(t, `"7"`, w.Header().Get("ETag"))
			}
			if c.status == http.StatusServiceUnavailable {
				assert.NotEmpty(t, w.Header().Get("Retry-After"))
			}
		})
	}
}

// failed is an error as a store gives it, with what others have added to it.
func failed(verb, what string, err error) error {
	return fmt.Errorf("handle request: %w", &store.OperationError{Verb: verb, What: what, Err: err})
}

func TestCompileErrorsBecomeFields(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	err := evaluator.CompileErrors{{Pointer: "/rules/0", Message: "one"}, {Pointer: "/rules/1", Message: "two"}}
	problem.Write(w, httptest.NewRequest(http.MethodPatch, "/", nil), fmt.Errorf("check: %w", err))
	assert.Equal(t, http.StatusUnprocessableEntity, w.Code)
	var p openapi.Problem
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
	assert.Equal(t, []openapi.FieldError{{Pointer: "/rules/0", Detail: "one"}, {Pointer: "/rules/1", Detail: "two"}}, p.Errors)
}
