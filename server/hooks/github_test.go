package hooks_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

const secret = "It's a Secret to Everybody"

var (
	production = store.EnvironmentRef{Project: "default", Environment: "production"}
	start      = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
)

// bench is the hooks on a store with the environment production.
type bench struct {
	*testing.T
	store    *sqlite.Store
	now      time.Time
	receiver *hooks.Receiver
	handler  http.Handler
	event    string
}

func newBench(t *testing.T, github hooks.GitHub) *bench {
	t.Helper()
	opened, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, opened.Close()) })
	b := &bench{T: t, store: opened, now: start, event: "deployment_status"}
	_, err = opened.CreateProject(t.Context(), store.Project{Key: "default", Name: "Default"}, store.Attribution{At: start})
	require.NoError(t, err)
	_, err = opened.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: production, Name: "Production"}, store.Attribution{At: start})
	require.NoError(t, err)
	github.Project = "default"
	b.receiver = hooks.New(hooks.Options{
		Deployer: control.NewReleases(opened, control.Judge{}, func() {}), Store: opened, Now: func() time.Time { return b.now },
		Log: slog.New(slog.DiscardHandler), GitHub: github,
	})
	b.handler = b.receiver.Routes()
	return b
}

func payload(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "github", name+".json"))
	require.NoError(t, err)
	return body
}

// changed is the recorded deployment_status with some values replaced.
func changed(t *testing.T, change func(status, deployment, repository map[string]any)) []byte {
	t.Helper()
	var event map[string]any
	decoder := json.NewDecoder(bytes.NewReader(payload(t, "deployment_status")))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&event))
	change(event["deployment_status"].(map[string]any), event["deployment"].(map[string]any), event["repository"].(map[string]any))
	body, err := json.Marshal(event)
	require.NoError(t, err)
	return body
}

func sign(body []byte, key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func (b *bench) request(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/github", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-GitHub-Event", b.event)
	r.Header.Set("X-Hub-Signature-256", sign(body, secret))
	return r
}

func (b *bench) answer(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

type reply struct {
	Note       string
	Deployment *release.Deployment
}

// take posts a signed event that must be taken in.
func (b *bench) take(body []byte) reply {
	b.Helper()
	w := b.answer(b.request(body))
	require.Equal(b, http.StatusOK, w.Code, w.Body.String())
	var taken reply
	require.NoError(b, json.Unmarshal(w.Body.Bytes(), &taken))
	return taken
}

func (b *bench) deployments() []store.Deployment {
	deployments, err := b.store.ListDeployments(context.Background(), production, store.DeploymentFilter{})
	require.NoError(b, err)
	return deployments
}

func TestRecordedDeploymentStatus(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{Secret: secret})
	body := payload(t, "deployment_status")
	taken := b.take(body).Deployment
	require.Equal(t, release.Deployment{
		ID: taken.ID, Service: "Hello-World", Version: "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", Status: release.StatusSucceeded,
		Source: "github", ExternalID: "145988746", Commit: "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
		StartedAt: start, FinishedAt: &start, UpdatedAt: start,
	}, *taken, "a recording is dated when it is played")

	b.now = start.Add(time.Hour)
	require.Equal(t, reply{Note: "Nothing new.", Deployment: taken}, b.take(body), "a replay changes nothing")
	require.Len(t, b.deployments(), 1)
	changes, err := b.store.ListChanges(t.Context(), production, store.ChangeFilter{Kind: store.ChangeDeployment})
	require.NoError(t, err)
	require.Len(t, changes, 1)
	require.Equal(t, store.Actor{Kind: store.ActorHook, Name: "github"}, changes[0].Actor)
}

func TestPing(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{Secret: secret})
	b.event = "ping"
	require.Contains(t, b.take(payload(t, "ping")).Note, "ping")
	require.Empty(t, b.deployments())
}

func TestVersions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		payload any
		ref     string
		want    string
	}{
		"in the payload":              {payload: map[string]any{"version": "2.3.0"}, ref: "v1.0.0", want: "2.3.0"},
		"in a payload that is text":   {payload: `{"version": "2.3.0"}`, ref: "v1.0.0", want: "2.3.0"},
		"a number":                    {payload: map[string]any{"version": 2.3}, ref: "main", want: "2.3"},
		"no version in the payload":   {payload: map[string]any{"version": []any{}}, ref: "v1.0.0", want: "v1.0.0"},
		"a payload that is no object": {payload: "fast", ref: "v1.0.0", want: "v1.0.0"},
		"a tag":                       {ref: "refs/tags/v2.3.0", want: "v2.3.0"},
		"a tag of another kind":       {ref: "refs/tags/build-17", want: "build-17"},
		"a branch":                    {ref: "main", want: "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"},
		"a branch, in full":           {ref: "refs/heads/2.3.0", want: "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, hooks.GitHub{Secret: secret})
			taken := b.take(changed(t, func(_, deployment, _ map[string]any) {
				deployment["payload"], deployment["ref"] = test.payload, test.ref
			}))
			require.Equal(t, test.want, taken.Deployment.Version)
		})
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	tests := map[string]release.Status{
		"pending": release.StatusStarted, "queued": release.StatusStarted, "in_progress": release.StatusStarted,
		"success": release.StatusSucceeded, "failure": release.StatusFailed, "error": release.StatusFailed, "inactive": "",
	}
	for state, want := range tests {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, hooks.GitHub{Secret: secret})
			taken := b.take(changed(t, func(status, _, _ map[string]any) { status["state"] = state }))
			if want == "" {
				require.NotEmpty(t, taken.Note)
				require.Empty(t, b.deployments())
				return
			}
			require.Equal(t, want, taken.Deployment.Status)
		})
	}
}

func TestNamesAreMapped(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{Secret: secret,
		Services:     map[string]string{"Codertocat/Hello-World": "checkout"},
		Environments: map[string]string{"prod-eu": "production"},
	})
	taken := b.take(changed(t, func(status, _, _ map[string]any) { status["environment"] = "prod-eu" }))
	require.Equal(t, "checkout", taken.Deployment.Service)

	taken = b.take(changed(t, func(status, deployment, _ map[string]any) {
		status["environment"] = "Production"
		deployment["id"], deployment["payload"] = 7, map[string]any{"service": "storefront"}
	}))
	require.Equal(t, "storefront", taken.Deployment.Service)
	require.Len(t, b.deployments(), 2)
}

func TestLateEventsKeepTheirTime(t *testing.T) {
	t.Parallel()
	said := map[string]struct{ ago, want time.Duration }{
		"prompt":           {ago: 2 * time.Second},
		"from the future":  {ago: -time.Hour},
		"an hour late":     {ago: time.Hour, want: time.Hour},
		"from another age": {ago: 30 * 24 * time.Hour},
	}
	for name, test := range said {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, hooks.GitHub{Secret: secret})
			taken := b.take(changed(t, func(status, _, _ map[string]any) {
				status["created_at"] = start.Add(-test.ago).Format(time.RFC3339)
			}))
			require.Equal(t, start.Add(-test.want), taken.Deployment.UpdatedAt)
			require.Equal(t, start.Add(-test.want), *taken.Deployment.FinishedAt)
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		github  hooks.GitHub
		body    func(t *testing.T) []byte
		request func(r *http.Request)
		status  int
		says    string
	}{
		"off":          {github: hooks.GitHub{}, status: http.StatusNotFound, says: "FLAGD_GITHUB_WEBHOOK_SECRET"},
		"not signed":   {request: func(r *http.Request) { r.Header.Del("X-Hub-Signature-256") }, status: http.StatusUnauthorized, says: "not signed"},
		"other secret": {github: hooks.GitHub{Secret: "other"}, status: http.StatusUnauthorized, says: "signature is wrong"},
		"no signature": {request: func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", "sha256=zz") }, status: http.StatusUnauthorized, says: "signature is wrong"},
		"empty signature": {request: func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", "sha256=") },
			status: http.StatusUnauthorized, says: "signature is wrong"},
		"a form": {request: func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") },
			status: http.StatusUnsupportedMediaType, says: "application/json"},
		"too large": {body: func(*testing.T) []byte { return bytes.Repeat([]byte(" "), 1<<20+1) },
			status: http.StatusRequestEntityTooLarge, says: "1048576"},
		"no JSON": {body: func(*testing.T) []byte { return []byte("{") }, status: http.StatusBadRequest, says: "not JSON"},
		"wrong types": {body: func(*testing.T) []byte { return []byte(`{"deployment": {"id": "x"}}`) }, status: http.StatusBadRequest,
			says: `"detail":"must be an integer, not a string","pointer":"/deployment/id"`},
		"empty": {body: func(*testing.T) []byte { return []byte(`{"deployment_status": {"state": "success"}}`) }, status: http.StatusUnprocessableEntity, says: "/deployment/id"},
		"unknown state": {body: func(t *testing.T) []byte {
			return changed(t, func(status, _, _ map[string]any) { status["state"] = "lost" })
		}, status: http.StatusUnprocessableEntity, says: "/deployment_status/state"},
		"unknown environment": {body: func(t *testing.T) []byte {
			return changed(t, func(status, _, _ map[string]any) { status["environment"] = "Moon" })
		}, status: http.StatusUnprocessableEntity, says: `environment \"moon\"`},
		"no hook":    {request: func(r *http.Request) { r.URL.Path = "/gitlab" }, status: http.StatusNotFound, says: "/hooks/{kind}/{id}"},
		"by reading": {request: func(r *http.Request) { r.Method = http.MethodGet }, status: http.StatusMethodNotAllowed, says: "POST"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			github := test.github
			if github.Secret == "" && name != "off" {
				github.Secret = secret
			}
			b := newBench(t, github)
			body := payload(t, "deployment_status")
			if test.body != nil {
				body = test.body(t)
			}
			r := b.request(body)
			if test.request != nil {
				test.request(r)
			}
			w := b.answer(r)
			require.Equal(t, test.status, w.Code, w.Body.String())
			require.Contains(t, w.Body.String(), test.says)
			var problem openapi.Problem
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &problem))
			require.Equal(t, test.status, problem.Status)
			require.Empty(t, b.deployments())
		})
	}
}

// The example in GitHub's documentation: a secret, a body and the signature that they make.
func TestSignatureVector(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{Secret: "It's a Secret to Everybody"})
	r := httptest.NewRequest(http.MethodPost, "/github", strings.NewReader("Hello, World!"))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-GitHub-Event", "ping")
	r.Header.Set("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
	require.Equal(t, http.StatusOK, b.answer(r).Code)
}
