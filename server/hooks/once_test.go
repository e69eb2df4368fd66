package hooks_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// signed posts a signed event to the generic webhook.
func (b *bench) signed(payload string, headers map[string]string) *httptest.ResponseRecorder {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, "/generic/generic", bytes.NewReader([]byte(payload)))
	r.Header.Set("X-Hub-Signature-256", sign([]byte(payload), secret))
	for name, text := range headers {
		r.Header.Set(name, text)
	}
	return b.answer(r)
}

// seen are the versions of all deployments of the environment, newest first.
func (b *bench) seen(ref store.EnvironmentRef) (versions []string) {
	b.Helper()
	list, err := b.store.ListDeployments(b.Context(), ref, store.DeploymentFilter{Limit: 100})
	require.NoError(b, err)
	for _, d := range list {
		versions = append(versions, d.Version+" "+string(d.Status))
	}
	return versions
}

func TestCopyOfSignedDeliveryChangesNothing(t *testing.T) {
	t.Parallel()
	at := start.Add(-10 * time.Second).Format(time.RFC3339)
	for name, test := range map[string]struct {
		identity string // of the event, beside what was deployed
		status   int    // of the copy
	}{
		"neither id nor time": {"", http.StatusConflict},
		"an id":               {`, "externalId": "run-1"`, http.StatusOK},
		"a time":              {`, "at": "` + at + `"`, http.StatusOK},
		"a time in seconds":   {`, "at": ` + strconv.FormatInt(start.Unix(), 10), http.StatusOK},
		"both":                {`, "externalId": "run-1", "at": "` + at + `"`, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, hooks.GitHub{})
			b.webhook("generic", `{}`)
			captured := `{"service": "checkout", "version": "2.2.0", "environment": "production", "status": "succeeded"` + test.identity + `}`
			require.Equal(t, http.StatusOK, b.signed(captured, nil).Code)
			b.now = b.now.Add(20 * time.Second)
			newer := `{"service": "checkout", "version": "2.3.0", "environment": "production", "status": "succeeded", "externalId": "run-2"}`
			require.Equal(t, http.StatusOK, b.signed(newer, nil).Code)
			want := []string{"2.3.0 succeeded", "2.2.0 succeeded"}

			for _, wait := range []time.Duration{5 * time.Second, time.Hour, 25 * time.Hour, 5 * 24 * time.Hour} {
				b.now = b.now.Add(wait)
				require.NoError(t, b.store.DeleteReceipts(t.Context(), b.now.Add(-24*time.Hour)))
				w := b.signed(captured, map[string]string{"Content-Type": "application/json", "X-GitHub-Event": "ping"})
				require.Equal(t, test.status, w.Code, w.Body.String())
				require.Equal(t, want, b.seen(production), "after %s", wait)
			}
			b.now = b.now.Add(365 * 24 * time.Hour)
			require.NoError(t, b.store.DeleteReceipts(t.Context(), b.now.Add(-24*time.Hour)))
			b.signed(captured, nil)
			require.Equal(t, want, b.seen(production), "after a year")
		})
	}
}

// A sender that got no answer and sends again is told that all is well, as long as nothing newer was reported.
func TestSenderThatGotNoAnswerMayRepeat(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("generic", `{}`)
	event := `{"service": "checkout", "version": "2.2.0", "environment": "production", "status": "succeeded"}`
	for range 3 {
		w := b.signed(event, nil)
		require.Equal(t, http.StatusOK, w.Code, w.Body.String())
		b.now = b.now.Add(time.Second)
	}
	require.Equal(t, []string{"2.2.0 succeeded"}, b.seen(production))
}

func TestSignedTimeWithoutIDHasToBeNear(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("generic", `{"fields": {"at": "/when"}}`)
	for at, status := range map[time.Time]int{
		start.Add(-8 * 24 * time.Hour): http.StatusUnprocessableEntity,
		start.Add(2 * time.Hour):       http.StatusUnprocessableEntity,
		time.Unix(0, 0):                http.StatusUnprocessableEntity,
		start.Add(-6 * 24 * time.Hour): http.StatusOK,
		start.Add(30 * time.Minute):    http.StatusOK,
	} {
		event, err := json.Marshal(map[string]any{
			"service": "checkout", "version": "1." + strconv.FormatInt(at.Unix(), 10) + ".0", "environment": "production", "status": "started", "when": at.Unix(),
		})
		require.NoError(t, err)
		w := b.signed(string(event), nil)
		require.Equal(t, status, w.Code, w.Body.String())
		if status != http.StatusOK {
			require.Contains(t, w.Body.String(), `"/when"`)
		}
	}
}

// With a changed mapping, a copy may go to another environment than the original. Its external id is not known there.
func TestCopyOfSignedDeliveryIsKnownWhateverTheMapping(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"generic", "github"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, hooks.GitHub{})
			canary := store.EnvironmentRef{Project: "default", Environment: "canary"}
			_, err := b.store.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: canary, Name: "Canary"}, store.Attribution{At: start})
			require.NoError(t, err)
			webhook := b.webhook(kind, `{"environments": [{"match": "*", "name": "canary"}]}`)
			captured := testdata(t, kind, map[string]string{"generic": "report", "github": "deployment_status"}[kind])
			send := func() { require.Equal(t, http.StatusOK, b.send(kind, "", captured).Code) }
			if kind == "generic" {
				send = func() { require.Equal(t, http.StatusOK, b.signed(string(captured), nil).Code) }
			}
			send()
			send() // the same once more, of which nothing is written
			require.Len(t, b.seen(canary), 1)

			webhook.Mapping = json.RawMessage(`{"environments": [{"match": "*", "name": "production"}]}`)
			_, err = b.store.UpdateWebhook(t.Context(), webhook, store.AnyVersion, store.Attribution{At: b.now})
			require.NoError(t, err)
			send()
			require.Empty(t, b.seen(production))
		})
	}
}

// A replay is no copy: somebody who may replay has asked for it.
func TestReplayTakesSignedDeliveryInAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	webhook := b.webhook("generic", `{}`)
	for i, version := range []string{"2.2.0", "2.3.0"} {
		b.now = start.Add(time.Duration(i) * time.Minute)
		event := `{"service": "checkout", "version": "` + version + `", "environment": "production", "status": "succeeded"}`
		require.Equal(t, http.StatusOK, b.signed(event, nil).Code)
	}
	list, err := b.store.ListDeliveries(t.Context(), "generic")
	require.NoError(t, err)
	again, err := b.receiver.Replay(t.Context(), webhook, list[1].ID, store.Attribution{At: b.now.Add(time.Minute)})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, again.Status)
	require.Equal(t, []string{"2.2.0 succeeded", "2.3.0 succeeded", "2.2.0 succeeded"}, b.seen(production))
}
