package hooks_test

import (
	"context"
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

	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// Whatever a verified sender sends, it is taken in, or the answer says what is wrong with it.
func FuzzEvents(f *testing.F) {
	kinds := []string{"github", "argocd", "argo-rollouts", "flagger", "codedeploy", "generic"}
	for i, kind := range kinds {
		files, err := filepath.Glob(filepath.Join("testdata", kind, "*.json"))
		require.NoError(f, err)
		require.NotEmpty(f, files, kind)
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(i, string(content))
		}
		f.Add(i, `null`)
		f.Add(i, `{"deployment": {"payload": {"version": {}}}, "detail": [], "metadata": {"timestamp": "x"}, "status": {"a": 1}}`)
	}
	h := hooks.New(hooks.Options{Deployer: silent{}, Store: silent{}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}).Routes()
	f.Fuzz(func(t *testing.T, kind int, body string) {
		name := kinds[(kind%len(kinds)+len(kinds))%len(kinds)]
		r := httptest.NewRequest(http.MethodPost, "/"+name+"/"+name, strings.NewReader(body))
		r.Header.Set("X-Hub-Signature-256", sign([]byte(body), secret))
		r.Header.Set("Authorization", "Bearer "+secret)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Less(t, w.Code, http.StatusInternalServerError, w.Body.String())
	})
}

// silent has a webhook of every kind, and takes everything in. The id of each webhook is its kind.
type silent struct{}

func (silent) Deploy(_ context.Context, d store.Deployment, _ store.Attribution) (store.Deployment, bool, error) {
	return d, true, nil
}

func (silent) Preview(context.Context, store.Deployment, time.Time) (control.Preview, error) {
	return control.Preview{}, nil
}

func (silent) Webhook(_ context.Context, id string) (store.Webhook, error) {
	return store.Webhook{ID: id, Project: "default", Kind: id, Mapping: json.RawMessage(`{}`), Enabled: true, Secret: stored(id, secret)}, nil
}

func (silent) PutAnswer(context.Context, store.Request, []byte, time.Time) error { return nil }

func (silent) AddDelivery(context.Context, store.Delivery, int) error { return nil }

func (silent) Delivery(context.Context, string, string) (store.Delivery, error) {
	return store.Delivery{}, store.ErrNotFound
}

func (silent) Environment(_ context.Context, ref store.EnvironmentRef) (store.Environment, error) {
	return store.Environment{EnvironmentRef: ref}, nil
}

func (silent) ListDeployments(context.Context, store.EnvironmentRef, store.DeploymentFilter) ([]store.Deployment, error) {
	return nil, nil
}

func (silent) ListReleases(context.Context, store.EnvironmentRef) ([]store.Release, error) {
	return nil, nil
}
