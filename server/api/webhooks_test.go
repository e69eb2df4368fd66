package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/servertest"
)

const webhooks = "/projects/default/webhooks"

// post sends an event to a webhook, as a tool does.
func post(t *testing.T, url, secret, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+secret)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

const event = `{"service": "checkout", "version": "2.3.0", "environment": "prod-eu", "status": "succeeded", "externalId": "run-1"}`

func TestWebhookFromItsMakingToItsEnd(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	var made openapi.Webhook
	answer := s.Must(t, http.StatusCreated, http.MethodPost, webhooks, `{"name": "Jenkins", "kind": "generic"}`)
	answer.Decode(t, &made)
	assert.True(t, made.Enabled)
	assert.NotEmpty(t, made.Setup)
	assert.Regexp(t, `^whk_`, made.Secret)
	assert.Equal(t, s.URL+"/hooks/generic/"+made.ID, made.URL)
	one := webhooks + "/" + made.ID
	for _, path := range []string{webhooks, one, "/projects/default/environments/production/changes"} {
		read := s.Must(t, http.StatusOK, http.MethodGet, path, nil)
		assert.NotContains(t, string(read.Body), made.Secret)
		assert.Contains(t, string(read.Body), made.ID)
	}

	assert.Equal(t, http.StatusUnauthorized, post(t, made.URL, "x", event))
	assert.Equal(t, http.StatusUnprocessableEntity, post(t, made.URL, made.Secret, event), "prod-eu is nowhere")
	var deliveries struct{ Items []openapi.WebhookDelivery }
	s.Must(t, http.StatusOK, http.MethodGet, one+"/deliveries", nil).Decode(t, &deliveries)
	require.Len(t, deliveries.Items, 1)
	refused := deliveries.Items[0]
	assert.Equal(t, "/environment", refused.Outcome.Problem.Errors[0].Pointer)
	assert.True(t, refused.Replayable)
	var whole openapi.WebhookDelivery
	s.Must(t, http.StatusOK, http.MethodGet, one+"/deliveries/"+refused.ID, nil).Decode(t, &whole)
	assert.Equal(t, event, whole.Payload)

	patch := `{"mapping": {"environments": [{"match": "prod-*", "name": "production"}]}}`
	s.Must(t, http.StatusPreconditionFailed, http.MethodPatch, one, patch, "If-Match", `"7"`)
	s.Must(t, http.StatusOK, http.MethodPatch, one, patch, "If-Match", answer.Header.Get("ETag"))
	var tried openapi.WebhookOutcome
	s.Must(t, http.StatusOK, http.MethodPost, one+"/dry-run", `{"payload": `+event+`}`).Decode(t, &tried)
	assert.Equal(t, http.StatusOK, tried.Status)
	var replayed openapi.WebhookDelivery
	s.Must(t, http.StatusOK, http.MethodPost, one+"/deliveries/"+refused.ID+"/replay", nil).Decode(t, &replayed)
	assert.Equal(t, refused.ID, replayed.ReplayOf)
	assert.Equal(t, "2.3.0", replayed.Outcome.Deployments[0].Deployment.Version)
	assert.Equal(t, http.StatusOK, post(t, made.URL, made.Secret, event))

	var rotated openapi.Webhook
	s.Must(t, http.StatusOK, http.MethodPost, one+"/secret", nil).Decode(t, &rotated)
	assert.NotEqual(t, made.Secret, rotated.Secret)
	assert.Equal(t, http.StatusUnauthorized, post(t, made.URL, made.Secret, event))
	assert.Equal(t, http.StatusOK, post(t, made.URL, rotated.Secret, event))

	s.Must(t, http.StatusOK, http.MethodPatch, one, `{"enabled": false}`)
	assert.Equal(t, http.StatusForbidden, post(t, made.URL, rotated.Secret, event))
	s.Must(t, http.StatusNoContent, http.MethodDelete, one, nil)
	assert.Equal(t, http.StatusNotFound, post(t, made.URL, rotated.Secret, event))
	s.Must(t, http.StatusNotFound, http.MethodGet, one, nil)
}

func TestWebhooksThatCannotBe(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	for body, pointer := range map[string]string{
		`{"kind": "generic"}`:              "/name",
		`{"name": "x", "kind": "jenkins"}`: "/kind",
		`{"name": "x", "kind": "github", "mapping": {"services": [{"match": "a"}]}}`:    "/mapping/services/0/name",
		`{"name": "x", "kind": "generic", "mapping": {"fields": {"version": "build"}}}`: "/mapping/fields/version",
		`{"name": "x", "kind": "github", "mapping": {"service": []}}`:                   "/mapping/service",
	} {
		answer := s.Call(t, http.MethodPost, webhooks, body)
		require.GreaterOrEqual(t, answer.Status, http.StatusBadRequest)
		assert.Contains(t, string(answer.Body), `"`+pointer+`"`, body)
	}
	s.Must(t, http.StatusNotFound, http.MethodPost, "/projects/none/webhooks", `{"name": "x", "kind": "generic"}`)
}

func TestAWebhookBelongsToItsProject(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/other", `{"name": "Other"}`)
	var made openapi.Webhook
	s.Must(t, http.StatusCreated, http.MethodPost, webhooks, `{"name": "x", "kind": "generic"}`).Decode(t, &made)
	stranger := s.WithRole(t, "admin", "other", "")
	for _, path := range []string{"", "/deliveries", "/deliveries/x"} {
		stranger.Must(t, http.StatusForbidden, http.MethodGet, webhooks+"/"+made.ID+path, nil)
		stranger.Must(t, http.StatusNotFound, http.MethodGet, "/projects/other/webhooks/"+made.ID+path, nil)
	}
	stranger.Must(t, http.StatusNotFound, http.MethodDelete, "/projects/other/webhooks/"+made.ID, nil)
	stranger.Must(t, http.StatusNotFound, http.MethodPost, "/projects/other/webhooks/"+made.ID+"/secret", nil)
	s.Must(t, http.StatusOK, http.MethodGet, webhooks+"/"+made.ID, nil)
}

func TestASecretIsShownOnceAlsoToARepeatedRequest(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	body := `{"name": "x", "kind": "generic"}`
	s.Must(t, http.StatusCreated, http.MethodPost, webhooks, body, "Idempotency-Key", "k1")
	again := s.Must(t, http.StatusConflict, http.MethodPost, webhooks, body, "Idempotency-Key", "k1")
	assert.Contains(t, string(again.Body), "shown only once")
	var list struct{ Items []openapi.Webhook }
	s.Must(t, http.StatusOK, http.MethodGet, webhooks, nil).Decode(t, &list)
	require.Len(t, list.Items, 1)
	rotate := webhooks + "/" + list.Items[0].ID + "/secret"
	s.Must(t, http.StatusOK, http.MethodPost, rotate, nil, "Idempotency-Key", "k2")
	s.Must(t, http.StatusConflict, http.MethodPost, rotate, nil, "Idempotency-Key", "k2")
}

func TestDryRunOfADeployment(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	const deployments = "/projects/default/environments/production/deployments"
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/new-checkout", `{"type": "boolean"}`)
	s.Must(t, http.StatusOK, http.MethodPut, "/projects/default/environments/production/flags/new-checkout/release",
		`{"variation": "on", "trigger": {"deployment": {"service": "checkout", "version": ">=2.3.0"}}, "steps": [{"weight": 1000, "hold": "1h"}, {"weight": 100000}]}`)
	report := `{"service": "checkout", "version": "2.3.0", "status": "succeeded", "strategy": "canary", "trafficWeight": 5000}`
	var preview openapi.DeploymentPreview
	s.Must(t, http.StatusOK, http.MethodPost, deployments+"/dry-run", report).Decode(t, &preview)
	assert.False(t, preview.Known)
	assert.True(t, preview.Changed)
	assert.Equal(t, 5000, preview.Deployment.TrafficWeight)
	require.Len(t, preview.Releases, 1)
	assert.Equal(t, "new-checkout", preview.Releases[0].Flag)
	var list struct{ Items []openapi.Deployment }
	s.Must(t, http.StatusOK, http.MethodGet, deployments, nil).Decode(t, &list)
	assert.Empty(t, list.Items)

	s.Must(t, http.StatusNotFound, http.MethodPost, "/projects/default/environments/moon/deployments/dry-run", report)
	for _, weight := range []string{"-1", "100001"} {
		answer := s.Must(t, http.StatusUnprocessableEntity, http.MethodPost, deployments,
			`{"service": "checkout", "version": "2.3.0", "status": "started", "trafficWeight": `+weight+`}`)
		assert.Contains(t, string(answer.Body), "/trafficWeight")
	}
}
