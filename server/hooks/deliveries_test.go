package hooks_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// last is the newest delivery of the webhook, with its payload and its outcome.
func (b *bench) last(webhook string) (store.Delivery, openapi.WebhookOutcome) {
	b.Helper()
	list, err := b.store.ListDeliveries(b.Context(), webhook)
	require.NoError(b, err)
	require.NotEmpty(b, list)
	d, err := b.store.Delivery(b.Context(), webhook, list[0].ID)
	require.NoError(b, err)
	outcome, err := hooks.Outcome(d)
	require.NoError(b, err)
	return d, outcome
}

func TestDeliveriesAreKeptWithWhatCameOfThem(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("github", `{}`)
	body := payload(t, "deployment_status")
	taken := b.accept("github", "", body)
	d, outcome := b.last("github")
	require.Equal(t, "deployment_status", d.Event)
	require.Equal(t, body, d.Payload)
	require.EqualValues(t, len(body), d.Size)
	require.Equal(t, http.StatusOK, d.Status)
	require.Equal(t, taken.Deployments[0].Deployment.ID, outcome.Deployments[0].Deployment.ID)
	require.NotContains(t, string(d.Outcome)+string(d.Payload), secret)

	b.now = b.now.Add(time.Second)
	require.Equal(t, http.StatusUnprocessableEntity, b.send("github", "", edit(t, body, map[string]any{"deployment_status.environment": "moon"})).Code)
	d, outcome = b.last("github")
	require.Equal(t, http.StatusUnprocessableEntity, d.Status)
	require.Equal(t, "/deployment_status/environment", outcome.Problem.Errors[0].Pointer)
	require.Empty(t, outcome.Deployments)

	b.now = b.now.Add(time.Second)
	large := edit(t, body, map[string]any{"padding": strings.Repeat("x", 300<<10)})
	b.accept("github", "", large)
	d, _ = b.last("github")
	require.Nil(t, d.Payload, "too large to be kept")
	require.EqualValues(t, len(large), d.Size)
	require.False(t, hooks.Kept(d.Size))
	w, err := b.store.Webhook(t.Context(), "github")
	require.NoError(t, err)
	_, err = b.receiver.Replay(t.Context(), w, d.ID, store.Attribution{At: b.now})
	require.ErrorContains(t, err, "too large")
}

// A delivery was refused because of the mapping. Once the mapping is right, a replay takes it in. A second replay
// changes nothing.
func TestReplay(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	w := b.webhook("generic", `{}`)
	body := edit(t, testdata(t, "generic", "report"), map[string]any{"environment": "prod-eu"})
	require.Equal(t, http.StatusUnprocessableEntity, b.send("generic", "", body).Code)
	refused, _ := b.last("generic")
	ann := store.Attribution{Actor: store.Actor{Kind: store.ActorUser, Name: "ann"}, Reason: "Mapped.", At: start.Add(time.Minute)}

	again, err := b.receiver.Replay(t.Context(), w, refused.ID, ann)
	require.NoError(t, err)
	require.Equal(t, http.StatusUnprocessableEntity, again.Status, "nothing has changed")

	w.Mapping = json.RawMessage(`{"environments": [{"match": "prod-*", "name": "production"}]}`)
	for i, changed := range []bool{true, false} {
		ann.At = ann.At.Add(time.Minute)
		again, err = b.receiver.Replay(t.Context(), w, refused.ID, ann)
		require.NoError(t, err)
		require.Equal(t, refused.ID, again.ReplayOf)
		require.Equal(t, http.StatusOK, again.Status)
		kept, outcome := b.last("generic")
		require.Equal(t, again.ID, kept.ID)
		require.Equal(t, body, kept.Payload)
		require.Equal(t, changed, outcome.Deployments[0].Changed, "replay %d", i)
	}
	changes, err := b.store.ListChanges(t.Context(), production, store.ChangeFilter{Kind: store.ChangeDeployment})
	require.NoError(t, err)
	require.Len(t, changes, 1)
	require.Equal(t, "ann", changes[0].Actor.Name)
	require.Equal(t, "Mapped. Reported as succeeded.", changes[0].Reason)

	_, err = b.receiver.Replay(t.Context(), w, "none", ann)
	require.ErrorIs(t, err, store.ErrNotFound)
}

func TestDryRunTellsWhatAnEventWouldDoAndDoesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	prepareRelease(b)
	w := b.webhook("generic", `{}`)
	w.Enabled = false
	outcome, err := b.receiver.DryRun(t.Context(), w, "", testdata(t, "generic", "report"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, outcome.Status)
	reported := outcome.Deployments[0]
	require.True(t, reported.Changed)
	require.Equal(t, release.StatusSucceeded, reported.Deployment.Status)
	require.Len(t, reported.Releases, 1)
	move := reported.Releases[0]
	require.Equal(t, "new-checkout", move.Flag)
	require.EqualValues(t, "pending", move.Before)
	require.EqualValues(t, "progressing", move.Phase)
	require.Equal(t, 1_000, move.Weight)
	require.NotEmpty(t, move.Reason)

	outcome, err = b.receiver.DryRun(t.Context(), w, "", []byte(`{"status": "blue"}`))
	require.NoError(t, err)
	require.Equal(t, http.StatusUnprocessableEntity, outcome.Status)
	require.Equal(t, "/status", outcome.Problem.Errors[0].Pointer)

	require.Empty(t, b.deployments())
	list, err := b.store.ListDeliveries(t.Context(), "generic")
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestOnlyTheLastDeliveriesAreKept(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("generic", `{}`)
	for i := range 60 {
		b.now = start.Add(time.Duration(i) * time.Second)
		b.accept("generic", "", testdata(t, "generic", "report"))
	}
	list, err := b.store.ListDeliveries(t.Context(), "generic")
	require.NoError(t, err)
	require.Len(t, list, 50)
	require.True(t, list[0].ReceivedAt.Equal(start.Add(59*time.Second)))
}

func TestMappingsAreChecked(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 201)
	many := make([]openapi.NamePattern, 101)
	for name, test := range map[string]struct {
		kind    openapi.WebhookKind
		mapping openapi.WebhookMapping
		pointer string
	}{
		"an empty pattern":       {"github", openapi.WebhookMapping{Services: []openapi.NamePattern{{Name: "a"}}}, "/mapping/services/0/match"},
		"a pattern without name": {"github", openapi.WebhookMapping{Environments: []openapi.NamePattern{{Match: "a"}}}, "/mapping/environments/0/name"},
		"a name with a group":    {"github", openapi.WebhookMapping{Services: []openapi.NamePattern{{Match: "a-*", Name: "$1-$2"}}}, "/mapping/services/0/name"},
		"a long pattern":         {"github", openapi.WebhookMapping{Services: []openapi.NamePattern{{Match: long, Name: "a"}}}, "/mapping/services/0/match"},
		"many patterns":          {"github", openapi.WebhookMapping{Services: many}, "/mapping/services"},
		"statuses of GitHub":     {"github", openapi.WebhookMapping{Statuses: []openapi.NamePattern{{Match: "a", Name: "failed"}}}, "/mapping/statuses"},
		"fields of Flagger":      {"flagger", openapi.WebhookMapping{Fields: map[string]string{"version": "/v"}}, "/mapping/fields"},
		"an unknown status":      {"generic", openapi.WebhookMapping{Statuses: []openapi.NamePattern{{Match: "a", Name: "blue"}}}, "/mapping/statuses/0/name"},
		"an unknown field":       {"generic", openapi.WebhookMapping{Fields: map[string]string{"colour": "/v"}}, "/mapping/fields/colour"},
		"no pointer":             {"generic", openapi.WebhookMapping{Fields: map[string]string{"version": "v"}}, "/mapping/fields/version"},
	} {
		problems := hooks.CheckMapping(test.kind, test.mapping, "/mapping")
		require.NotEmpty(t, problems, name)
		require.Equal(t, test.pointer, problems[0].Pointer, name)
	}
	good := openapi.WebhookMapping{
		Statuses: []openapi.NamePattern{{Match: "*", Name: "ignore"}}, Fields: map[string]string{"version": "/a/0/b~1c"},
	}
	require.Empty(t, hooks.CheckMapping("generic", good, "/mapping"))
}

func TestPatternsMatchWholeNamesAndTheFirstCounts(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("generic", `{"services": [
		{"match": "shop.checkout", "name": "exact"}, {"match": "*/*", "name": "$2-of-$1"}, {"match": "Cart*", "name": "cart$1"}, {"match": "*", "name": "rest"}]}`)
	for given, want := range map[string]string{
		"shop.checkout": "exact", "shopXcheckout": "rest", "team/api": "api-of-team", "CARTier": "cartier", "a/$1": "$1-of-a", "x": "rest",
	} {
		outcome := b.accept("generic", "", edit(t, testdata(t, "generic", "report"), map[string]any{"service": given, "externalId": given}))
		require.Equal(t, want, outcome.Deployments[0].Deployment.Service)
	}
}

func TestFieldsAreFoundAnywhere(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("generic", `{"fields": {"version": "/build/tags/1", "service": "/a~1b", "status": "/result", "environment": "/env/0/name"}}`)
	body := `{"a/b": "checkout", "build": {"tags": ["latest", 2.30]}, "result": "SUCCESS", "env": [{"name": "Production"}], "externalId": 7}`
	taken := b.accept("generic", "", []byte(body)).Deployments[0].Deployment
	require.Equal(t, "checkout 2.30 succeeded 7", strings.Join([]string{taken.Service, taken.Version, string(taken.Status), taken.ExternalID}, " "))

	w := b.send("generic", "", bytes.ReplaceAll([]byte(body), []byte("SUCCESS"), []byte("blue")))
	require.Contains(t, w.Body.String(), `"/result"`)
}
