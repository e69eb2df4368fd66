package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

// TestEveryWriteSaysWhetherItShowsASecret: if an operation does not say so, its answers are never kept for a retry.
// Every test that calls an operation also checks that the operation says the truth: see openapitest.
func TestEveryWriteSaysWhetherItShowsASecret(t *testing.T) {
	t.Parallel()
	spec := servertest.Spec(t)
	showing := 0
	for _, o := range operations(spec) {
		if role := neededRole(spec, o); o.method == http.MethodGet || role == "" || role == "viewer" {
			continue
		}
		shows, marked := o.Extensions["x-shows-secret"].(bool)
		assert.True(t, marked, "%s: write x-shows-secret: false into openapi.yaml if no answer holds a secret, else true", o.OperationID)
		if shows {
			showing++
		}
	}
	assert.Equal(t, 4, showing, "SDK keys, access tokens, webhooks and their new secrets")
}

// witness sees which answers are kept.
type witness struct {
	store.Store
	kept chan []byte
}

func (s *witness) PutAnswer(ctx context.Context, r store.Request, answer []byte, at time.Time) error {
	s.kept <- answer
	return s.Store.PutAnswer(ctx, r, answer, at)
}

func TestNoCopyOfASecretIsKept(t *testing.T) {
	t.Parallel()
	backend := servertest.Backend(t)
	seen := &witness{Store: backend.Store, kept: make(chan []byte, 1)}
	backend.Store = seen
	running := servertest.StartOn(t, backend, server.Config{})
	var webhook struct{ ID, Secret string }
	for _, path := range []string{project + "/webhooks", production + "/sdk-keys"} {
		kind := map[string]string{project + "/webhooks": "generic", production + "/sdk-keys": "server"}[path]
		made := running.Must(t, http.StatusCreated, http.MethodPost, path, `{"name": "ci", "kind": "`+kind+`"}`, once(path)...)
		if kind == "generic" {
			made.Decode(t, &webhook)
		}
	}
	path := project + "/webhooks/" + webhook.ID
	running.Must(t, http.StatusOK, http.MethodPost, path+"/secret", nil, once("rotate")...)
	assert.Empty(t, seen.kept)
	refused := running.Must(t, http.StatusConflict, http.MethodPost, path+"/secret", nil, once("rotate")...)
	assert.Contains(t, readProblem(t, refused).Detail, "can be shown only once")

	rename := `{"name": "pipeline"}`
	renamed := running.Must(t, http.StatusOK, http.MethodPatch, path, rename, once("rename")...)
	require.Len(t, seen.kept, 1, "the same document without its secret is kept")
	assert.Equal(t, renamed.Body, running.Must(t, http.StatusOK, http.MethodPatch, path, rename, once("rename")...).Body)
}
