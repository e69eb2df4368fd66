package api_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

// once are the headers of a write that is to be applied once.
func once(key string, others ...string) []string { return append(others, "Idempotency-Key", key) }

const flip = `{"enabled": true}`

func TestARetriedWriteIsAppliedOnce(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	first := server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, flip, once("one", "If-Match", `"1"`)...)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"enabled": false}`)

	again := server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, flip, once("one", "If-Match", `"1"`)...)
	assert.Equal(t, first.Body, again.Body, "the first answer, though much has happened since")
	assert.Equal(t, first.Header.Get("ETag"), again.Header.Get("ETag"))
	assert.Empty(t, first.Header.Get("Idempotent-Replayed"))
	assert.Equal(t, "true", again.Header.Get("Idempotent-Replayed"))
	now := server.Must(t, http.StatusOK, http.MethodGet, helloInProduction, nil)
	assert.Equal(t, `"3"`, now.Header.Get("ETag"))
}

func TestAKeyBelongsToOneRequestOfOneCaller(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, flip, once("one")...)
	for name, reuse := range map[string]struct{ method, path, body string }{
		"another body":   {http.MethodPatch, helloInProduction, `{"enabled": false}`},
		"another path":   {http.MethodPatch, project + "/flags/hello/environments/staging", flip},
		"another method": {http.MethodDelete, project + "/flags/hello", ""},
	} {
		t.Run(name, func(t *testing.T) {
			refused := server.Must(t, http.StatusUnprocessableEntity, reuse.method, reuse.path, reuse.body, once("one")...)
			assert.Equal(t, "/problems/idempotency-key-reused", readProblem(t, refused).Type)
		})
	}
	other := server.WithRole(t, "editor", "", "")
	response := other.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"enabled": false}`, once("one")...)
	assert.Empty(t, response.Header.Get("Idempotent-Replayed"))
}

func TestRetriesAtOnceAreAppliedOnce(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			response := server.Call(t, http.MethodPut, project+"/flags/release", `{"type": "boolean"}`, once("create")...)
			assert.Equal(t, http.StatusCreated, response.Status, "%s", response.Body)
		})
	}
	running.Wait()
	changes := server.Must(t, http.StatusOK, http.MethodGet, production+"/changes?key=release", nil)
	assert.Equal(t, 1, strings.Count(string(changes.Body), `"revision"`))
}

func TestAFailedRequestCanBeRetried(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusPreconditionFailed, http.MethodPatch, helloInProduction, flip, once("one", "If-Match", `"9"`)...)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, flip, once("one", "If-Match", `"1"`)...)
}

func TestWhatChangesNothingIsAnsweredAgainToo(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	unchanged := `{"enabled": false}`
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, unchanged, once("one")...)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, flip)
	again := server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, unchanged, once("one")...)
	assert.Equal(t, "true", again.Header.Get("Idempotent-Replayed"))
	now := server.Must(t, http.StatusOK, http.MethodGet, helloInProduction, nil)
	assert.Contains(t, string(now.Body), `"enabled":true`)
}

func TestSecretsAreNotAnsweredAgain(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusCreated, http.MethodPost, production+"/sdk-keys", `{"name": "shop", "kind": "server"}`, once("key")...)
	again := server.Must(t, http.StatusConflict, http.MethodPost, production+"/sdk-keys", `{"name": "shop", "kind": "server"}`, once("key")...)
	assert.Contains(t, readProblem(t, again).Detail, "can be shown only once")
	server.Must(t, http.StatusBadRequest, http.MethodPost, "/access-tokens", `{"name": "ci", "role": "editor"}`, once("token")...)
	server.Must(t, http.StatusBadRequest, http.MethodPatch, helloInProduction, flip, once(strings.Repeat("k", 256))...)
}

// forgetful commits, and then loses the answer. It does so for the first commit of each kind of write, and for every
// PutAnswer.
type forgetful struct {
	store.Store
	lost sync.Map
}

func (s *forgetful) lose(write string) error {
	if _, already := s.lost.LoadOrStore(write, true); already {
		return nil
	}
	return fmt.Errorf("commit: %w", store.ErrUnavailable)
}

func (s *forgetful) PutAnswer(context.Context, store.Request, []byte, time.Time) error {
	return store.ErrUnavailable
}

func (s *forgetful) UpdateFlagConfig(
	ctx context.Context, ref store.FlagRef, config evaluator.FlagConfig, ifVersion int64, by store.Attribution,
) (store.FlagConfig, error) {
	c, err := s.Store.UpdateFlagConfig(ctx, ref, config, ifVersion, by)
	return c, cmp.Or(err, s.lose("config"))
}

func (s *forgetful) ArchiveFlag(ctx context.Context, project, key string, ifVersion int64, by store.Attribution) error {
	return cmp.Or(s.Store.ArchiveFlag(ctx, project, key, ifVersion, by), s.lose("archive"))
}

func (s *forgetful) PutDeployment(ctx context.Context, d store.Deployment, by store.Attribution) (store.Deployment, bool, error) {
	stored, changed, err := s.Store.PutDeployment(ctx, d, by)
	return stored, changed, cmp.Or(err, s.lose("deployment"))
}

func (s *forgetful) PutRelease(
	ctx context.Context, r store.Release, config *store.ConfigWrite, ifVersion int64, by store.Attribution,
) (store.Release, error) {
	stored, err := s.Store.PutRelease(ctx, r, config, ifVersion, by)
	if by.Request == nil {
		return stored, err
	}
	return stored, cmp.Or(err, s.lose(by.Reason))
}

func TestAWriteIsAppliedOnceThoughTheCommitsAnswerWasLost(t *testing.T) {
	t.Parallel()
	backend := servertest.Backend(t)
	backend.Store = &forgetful{Store: backend.Store}
	running := servertest.StartOn(t, backend, server.Config{})
	running.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/hello", `{"type": "boolean"}`)
	releasePath := production + "/flags/hello/release"

	for _, write := range []struct{ method, path, body, reason, contains string }{
		{http.MethodPatch, helloInProduction, flip, "", `"enabled":true`},
		{http.MethodPost, production + "/deployments", `{"service": "web", "version": "1.0.0", "status": "started"}`, "", `"version":"1.0.0"`},
		{http.MethodPut, releasePath, `{"variation": "off", "trigger": {"manual": true}, "steps": [{"weight": 100000}]}`, "put", `"phase":"pending"`},
		{http.MethodPost, releasePath + "/start", ``, "start", `"variation":"off"`},
		{http.MethodDelete, project + "/flags/hello", ``, "", ""},
	} {
		for range 2 {
			response := running.Call(t, write.method, write.path, write.body, once(write.path, "Tidegate-Reason", write.reason)...)
			require.Less(t, response.Status, 300, "%s %s: %s", write.method, write.path, response.Body)
			assert.Contains(t, string(response.Body), write.contains)
			assert.Equal(t, "true", response.Header.Get("Idempotent-Replayed"))
		}
	}
	changes := running.Must(t, http.StatusOK, http.MethodGet, production+"/changes?kind=deployment", nil)
	assert.Equal(t, 1, strings.Count(string(changes.Body), `"kind":"deployment"`))
}
