package hooks_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// stored is the stored form of the secret of a webhook of the kind.
func stored(kind, secret string) []byte {
	if hooks.Signs(openapi.WebhookKind(kind)) {
		return []byte(secret)
	}
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// webhook makes a webhook whose id is its kind.
func (b *bench) webhook(kind, mapping string) store.Webhook {
	b.Helper()
	w, err := b.store.CreateWebhook(b.Context(), store.Webhook{
		Project: "default", ID: kind, Name: "The " + kind, Kind: kind, Mapping: json.RawMessage(mapping), Enabled: true, Secret: stored(kind, secret),
	}, store.Attribution{At: start})
	require.NoError(b, err)
	return w
}

func testdata(t testing.TB, kind, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", kind, name+".json"))
	require.NoError(t, err)
	return content
}

// send posts an event to the webhook of the kind. It sends the secret in the way of that kind.
func (b *bench) send(kind, hook string, payload []byte) *httptest.ResponseRecorder {
	b.Helper()
	path := "/" + kind + "/" + kind
	if hook != "" {
		path += "/" + hook
	}
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(payload))
	r.Header.Set("Content-Type", "application/json")
	if kind == "github" {
		r.Header.Set("X-GitHub-Event", b.event)
		r.Header.Set("X-Hub-Signature-256", sign(payload, secret))
	} else {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	return b.answer(r)
}

// accept is send for an event that must be taken in.
func (b *bench) accept(kind, hook string, payload []byte) openapi.WebhookOutcome {
	b.Helper()
	w := b.send(kind, hook, payload)
	require.Equal(b, http.StatusOK, w.Code, w.Body.String())
	var outcome openapi.WebhookOutcome
	require.NoError(b, json.Unmarshal(w.Body.Bytes(), &outcome))
	return outcome
}

// edit replaces values in a payload; a nil value deletes. Keys are paths with dots.
func edit(t testing.TB, payload []byte, changes map[string]any) []byte {
	t.Helper()
	var document map[string]any
	require.NoError(t, json.Unmarshal(payload, &document))
	for path, value := range changes {
		object := document
		steps := strings.Split(path, ".")
		for _, step := range steps[:len(steps)-1] {
			object = object[step].(map[string]any)
		}
		if last := steps[len(steps)-1]; value == nil {
			delete(object, last)
		} else {
			object[last] = value
		}
	}
	edited, err := json.Marshal(document)
	require.NoError(t, err)
	return edited
}

func TestEachKindReportsADeployment(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, file, mapping string
		want                release.Deployment
	}{
		{kind: "github", file: "deployment_status", mapping: `{"services": [{"match": "codertocat/hello-*", "name": "shop-$1"}]}`, want: release.Deployment{
			Service: "shop-World", Version: "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", Status: release.StatusSucceeded,
			ExternalID: "145988746", Commit: "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
		}},
		{kind: "argocd", file: "healthy", want: release.Deployment{
			Service: "checkout", Version: "2.3.0", Status: release.StatusSucceeded, Commit: "9fceb02d0ae598e95dc970b74767f19372d61af8",
			ExternalID: "4a7f7c6e-30b1-4f0c-9a86-0c6c4fb3c0f2/2026-11-21T11:58:00Z", Description: "successfully synced (all tasks run)",
		}},
		{kind: "argo-rollouts", file: "stepCompleted", want: release.Deployment{
			Service: "checkout", Version: "2.3.0", Status: release.StatusStarted, Strategy: release.StrategyCanary, TrafficWeight: 10_000,
			ExternalID: "0f5d9d4e-6b61-4d8e-8f53-2f4f6a0f5f77/7", Description: "more replicas need to be updated",
		}},
		{kind: "flagger", file: "event", want: release.Deployment{
			Service: "checkout", Version: "2.3.0", Status: release.StatusStarted, Strategy: release.StrategyCanary, TrafficWeight: 10_000,
			ExternalID: "production/checkout/2.3.0", Description: "Advance checkout.production canary weight 10",
		}},
		{kind: "generic", file: "report", want: release.Deployment{
			Service: "checkout", Version: "2.3.0", Status: release.StatusSucceeded, Strategy: release.StrategyCanary, TrafficWeight: 5_000,
			ExternalID: "run-118", Commit: "9fceb02", URL: "https://ci.example/runs/118",
		}},
		{kind: "generic", file: "gitlab", mapping: gitlabMapping, want: release.Deployment{
			Service: "checkout", Version: "v2.3.0", Status: release.StatusSucceeded, ExternalID: "15", Commit: "279484c0",
			URL: "https://gitlab.example/shop/checkout/-/jobs/796",
		}},
	} {
		t.Run(test.kind+" "+test.file, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, hooks.GitHub{})
			if test.mapping == "" {
				test.mapping = `{}`
			}
			b.webhook(test.kind, test.mapping)
			outcome := b.accept(test.kind, "", testdata(t, test.kind, test.file))
			require.Len(t, outcome.Deployments, 1, outcome.Note)
			got := outcome.Deployments[0].Deployment
			require.Equal(t, "production", outcome.Deployments[0].Environment)
			require.True(t, outcome.Deployments[0].Changed)
			test.want.Source = test.kind
			test.want.ID, test.want.StartedAt, test.want.UpdatedAt, test.want.FinishedAt = got.ID, got.StartedAt, got.UpdatedAt, got.FinishedAt
			require.Equal(t, test.want, got)

			again := b.accept(test.kind, "", testdata(t, test.kind, test.file))
			require.False(t, again.Deployments[0].Changed)
			changes, err := b.store.ListChanges(t.Context(), production, store.ChangeFilter{Kind: store.ChangeDeployment})
			require.NoError(t, err)
			require.Len(t, changes, 1)
			require.Equal(t, store.Actor{Kind: store.ActorHook, Name: "The " + test.kind}, changes[0].Actor)
			require.NotEmpty(t, changes[0].Reason)
		})
	}
}

// gitlabMapping is the mapping of the published recipe.
const gitlabMapping = `{"fields": {"service": "/project/path_with_namespace", "version": "/ref", "externalId": "/deployment_id",
	"commit": "/short_sha", "url": "/deployable_url"}, "services": [{"match": "shop/*", "name": "$1"}]}`

func TestSendersAreVerified(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	for _, kind := range []string{"github", "argocd", "generic"} {
		b.webhook(kind, `{}`)
	}
	off := b.webhook("flagger", `{}`)
	off.Enabled = false
	_, err := b.store.UpdateWebhook(t.Context(), off, store.AnyVersion, store.Attribution{At: start})
	require.NoError(t, err)
	bearer := func(text string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+text) }
	}
	header := func(name, text string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, text) }
	}
	signed := header("X-Hub-Signature-256", sign([]byte(`{}`), secret))
	for name, test := range map[string]struct {
		path   string
		send   func(*http.Request)
		status int
	}{
		"the secret":                      {"/argocd/argocd", bearer(secret), http.StatusUnprocessableEntity},
		"as a password":                   {"/argocd/argocd", func(r *http.Request) { r.SetBasicAuth("anybody", secret) }, http.StatusUnprocessableEntity},
		"in our header":                   {"/argocd/argocd", header("X-Tidegate-Key", secret), http.StatusUnprocessableEntity},
		"in GitLab's header":              {"/generic/generic", header("X-Gitlab-Token", secret), http.StatusUnprocessableEntity},
		"a signature":                     {"/generic/generic", signed, http.StatusUnprocessableEntity},
		"the secret where it could sign":  {"/generic/generic", bearer(secret), http.StatusUnprocessableEntity},
		"nothing":                         {"/argocd/argocd", func(*http.Request) {}, http.StatusUnauthorized},
		"another secret":                  {"/argocd/argocd", bearer(secret + "x"), http.StatusUnauthorized},
		"what is stored":                  {"/argocd/argocd", bearer(string(stored("argocd", secret))), http.StatusUnauthorized},
		"a wrong signature":               {"/generic/generic", header("X-Hub-Signature-256", sign([]byte(`{}`), "x")), http.StatusUnauthorized},
		"a signature where nobody signs":  {"/argocd/argocd", signed, http.StatusUnauthorized},
		"the secret where it has to sign": {"/github/github", bearer(secret), http.StatusUnauthorized},
		"a signature of GitHub":           {"/github/github", signed, http.StatusUnprocessableEntity},
		"another kind":                    {"/generic/argocd", bearer(secret), http.StatusNotFound},
		"an unknown kind":                 {"/jenkins/argocd", bearer(secret), http.StatusNotFound},
		"an unknown webhook":              {"/argocd/none", bearer(secret), http.StatusNotFound},
		"a hook where there is only one":  {"/argocd/argocd/rollback", bearer(secret), http.StatusNotFound},
		"a webhook that is off":           {"/flagger/flagger", bearer(secret), http.StatusForbidden},
		"a stranger at one that is off":   {"/flagger/flagger", bearer("x"), http.StatusUnauthorized},
		"a form": {"/argocd/argocd", func(r *http.Request) {
			bearer(secret)(r)
			header("Content-Type", "application/x-www-form-urlencoded")(r)
		}, http.StatusUnsupportedMediaType},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, test.path, strings.NewReader(`{}`))
			test.send(r)
			w := b.answer(r)
			require.Equal(t, test.status, w.Code, w.Body.String())
			require.NotContains(t, w.Body.String(), secret)
		})
	}
	list, err := b.store.ListDeliveries(t.Context(), "argocd")
	require.NoError(t, err)
	require.Len(t, list, 3, "those who were verified, and nobody else")
}

func TestWhatIsWrongNamesTheField(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	for _, kind := range []string{"argocd", "argo-rollouts", "flagger", "codedeploy", "generic"} {
		b.webhook(kind, `{}`)
	}
	for name, test := range map[string]struct {
		kind, file string
		changes    map[string]any
		pointer    string
	}{
		"no app":                   {"argocd", "healthy", map[string]any{"app": nil}, "/app"},
		"app of another type":      {"argocd", "healthy", map[string]any{"app": 7}, "/app"},
		"no start":                 {"argocd", "healthy", map[string]any{"startedAt": nil}, "/startedAt"},
		"no time":                  {"argocd", "healthy", map[string]any{"startedAt": "noon"}, "/startedAt"},
		"unknown phase":            {"argocd", "healthy", map[string]any{"phase": "Done"}, "/phase"},
		"unknown environment":      {"argocd", "healthy", map[string]any{"environment": "moon"}, "/environment"},
		"no environment":           {"argocd", "healthy", map[string]any{"environment": nil, "namespace": nil}, "/namespace"},
		"a version that is long":   {"argocd", "healthy", map[string]any{"version": strings.Repeat("9", 201)}, ""},
		"no revision":              {"argo-rollouts", "stepCompleted", map[string]any{"revision": nil}, "/revision"},
		"no such event":            {"argo-rollouts", "stepCompleted", map[string]any{"event": "lost"}, "/event"},
		"too much weight":          {"argo-rollouts", "stepCompleted", map[string]any{"weight": 101}, "/weight"},
		"no canary":                {"flagger", "event", map[string]any{"name": ""}, "/name"},
		"no such phase":            {"flagger", "event", map[string]any{"phase": "Moon"}, "/phase"},
		"metadata of another type": {"flagger", "event", map[string]any{"metadata": []any{}}, "/metadata"},
		"a strange time":           {"flagger", "event", map[string]any{"metadata.timestamp": "noon"}, "/metadata/timestamp"},
		"no deployment":            {"codedeploy", "success", map[string]any{"detail.deploymentId": nil}, "/detail/deploymentId"},
		"no state":                 {"codedeploy", "success", map[string]any{"detail.state": nil}, "/detail/state"},
		"no status":                {"generic", "report", map[string]any{"status": nil}, "/status"},
		"an unknown status":        {"generic", "report", map[string]any{"status": "blue"}, "/status"},
		"a status of another type": {"generic", "report", map[string]any{"status": true}, "/status"},
		"an unknown strategy":      {"generic", "report", map[string]any{"strategy": "blue"}, "/strategy"},
		"a negative weight":        {"generic", "report", map[string]any{"trafficWeight": -1}, "/trafficWeight"},
		"no service":               {"generic", "report", map[string]any{"service": nil, "externalId": nil}, "/service"},
		"a strange moment":         {"generic", "report", map[string]any{"at": "noon"}, "/at"},
	} {
		t.Run(name, func(t *testing.T) {
			w := b.send(test.kind, "", edit(t, testdata(t, test.kind, test.file), test.changes))
			require.GreaterOrEqual(t, w.Code, http.StatusBadRequest)
			require.Less(t, w.Code, http.StatusInternalServerError)
			var problem openapi.Problem
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &problem))
			require.NotEmpty(t, problem.Errors, w.Body.String())
			require.Equal(t, test.pointer, problem.Errors[0].Pointer)
			require.NotContains(t, w.Body.String(), "hooks.", "no name of a Go type")
		})
	}
	require.Empty(t, b.deployments())
}

func TestWhatIsNotUsedSaysWhy(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	for _, kind := range []string{"argocd", "flagger", "codedeploy"} {
		b.webhook(kind, `{}`)
	}
	b.webhook("generic", `{"statuses": [{"match": "manual*", "name": "ignore"}]}`)
	for _, test := range []struct {
		kind, file string
		changes    map[string]any
	}{
		{"argocd", "healthy", map[string]any{"phase": "Running"}},
		{"argocd", "healthy", map[string]any{"health": "Progressing"}},
		{"flagger", "event", map[string]any{"phase": "Initialized"}},
		{"codedeploy", "success", map[string]any{"detail-type": "CodeDeploy Instance State-change Notification"}},
		{"codedeploy", "success", map[string]any{"detail.state": "START"}},
		{"generic", "report", map[string]any{"status": "Manual step"}},
		{"generic", "report", map[string]any{"status": "skipped"}},
	} {
		outcome := b.accept(test.kind, "", edit(t, testdata(t, test.kind, test.file), test.changes))
		require.NotEmpty(t, outcome.Note)
		require.Empty(t, outcome.Deployments)
	}
	require.Empty(t, b.deployments())
}

// The events of CodeDeploy have no version. A sender that repeats after a 409 has to come again until the version is
// known.
func TestCodeDeployWaitsForItsVersion(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("codedeploy", `{}`)
	w := b.send("codedeploy", "", testdata(t, "codedeploy", "success"))
	require.Equal(t, http.StatusConflict, w.Code)
	require.Contains(t, w.Body.String(), "flagd deploy started --source codedeploy --external-id d-8QK2M4X1A")

	_, _, err := b.store.PutDeployment(t.Context(), store.Deployment{EnvironmentRef: production, Deployment: release.Deployment{
		ID: "1", Service: "payments", Version: "2.3.0", Status: release.StatusStarted, Source: "codedeploy", ExternalID: "d-8QK2M4X1A",
		StartedAt: start, UpdatedAt: start,
	}}, store.Attribution{At: start})
	require.NoError(t, err)
	b.now = start.Add(time.Minute)
	taken := b.accept("codedeploy", "", testdata(t, "codedeploy", "success")).Deployments[0].Deployment
	require.Equal(t, "payments 2.3.0 succeeded", taken.Service+" "+taken.Version+" "+string(taken.Status))
}

// The same content is deployed again after something else. That is a new deployment, although the content is the
// same, and therefore its external id too.
func TestTheSameContentAgainIsAnotherDeployment(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("flagger", `{}`)
	send := func(minute int, version, message string) release.Deployment {
		at := start.Add(time.Duration(minute) * time.Minute)
		b.now = at.Add(time.Second)
		return b.accept("flagger", "event", edit(t, testdata(t, "flagger", "event"), map[string]any{
			"metadata.eventMessage": message, "metadata.version": version, "metadata.timestamp": strconv.FormatInt(at.UnixMilli(), 10),
		})).Deployments[0].Deployment
	}
	const begins, ends = "New revision detected! Scaling up checkout.production", "Promotion completed! Scaling down checkout.production"
	send(0, "2.2.0", begins)
	first := send(1, "2.2.0", ends)
	send(2, "2.3.0", begins)
	send(3, "2.3.0", ends)
	back := send(4, "2.2.0", begins)
	require.NotEqual(t, first.ID, back.ID)
	require.Equal(t, release.StatusStarted, back.Status)
	again := send(5, "2.2.0", ends)
	require.Equal(t, back.ID, again.ID)
	require.Equal(t, release.StatusSucceeded, again.Status)
	require.Len(t, b.deployments(), 3)
}
