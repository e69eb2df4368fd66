package sdkapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

func TestPresenceOfWhoeverIsConnected(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{})
	identity := append(bearer(shop.ServerKey), presence.HeaderService, "checkout", presence.HeaderVersion, "2.3.0", presence.HeaderInstance, "pod-1")
	listen(t, server.URL+sdkStream, identity...).must(t, "snapshot")
	listen(t, server.URL+sdkStream+"?service=search&version=1.0.0&instance=pod-2", bearer(shop.ServerKey)...).must(t, "snapshot")
	listen(t, server.URL+sdkStream, bearer(shop.ServerKey)...).must(t, "snapshot")
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		fleet, err := shop.ListInstances(t.Context(), streamtest.Production, time.Now().Add(-store.PresenceTTL))
		require.NoError(c, err)
		require.Len(c, fleet, 2)
		require.Equal(c, "2.3.0", fleet[0].Version)
		require.Equal(c, "pod-2", fleet[1].InstanceID)
	}, 5*time.Second, 10*time.Millisecond)
	long := listen(t, server.URL+sdkStream+"?service="+strings.Repeat("x", 300)+"&instance=1", bearer(shop.ServerKey)...)
	require.Equal(t, http.StatusBadRequest, long.status)
}

func TestInstancesThatSayThatTheyAreAlive(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{})
	post := func(key, body string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/sdk/v1/instances", strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+key)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		content, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		requireDescribed(t, r, answer.StatusCode, answer.Header, content)
		if answer.StatusCode == http.StatusOK {
			description(t).RequireRequest(t, r, body)
		}
		return answer.StatusCode, string(content)
	}
	const pod = `{"serviceName": "checkout", "serviceVersion": "2.3.0", "serviceInstanceId": "pod-7",
		"startedAt": "2026-11-21T08:00:00Z", "shadow": true, "new": 1}`
	status, body := post(shop.ServerKey, pod)
	require.Equal(t, http.StatusOK, status, body)
	require.JSONEq(t, `{"expiresInSeconds": 30, "repeatInSeconds": 10}`, body)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		fleet, err := shop.ListInstances(t.Context(), streamtest.Production, time.Now().Add(-store.PresenceTTL))
		require.NoError(c, err)
		require.Len(c, fleet, 1)
		require.Equal(c, "pod-7", fleet[0].InstanceID)
		require.Equal(c, time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC), fleet[0].StartedAt)
		require.True(c, fleet[0].Shadow)
	}, 10*time.Second, 10*time.Millisecond)

	for name, wrong := range map[string]struct {
		key, body, says string
		status          int
	}{
		"a client key":    {shop.ClientKey, pod, "server SDK key", http.StatusForbidden},
		"no key":          {"", pod, "server SDK key", http.StatusUnauthorized},
		"nothing":         {shop.ServerKey, `{}`, "/serviceInstanceId", http.StatusUnprocessableEntity},
		"no JSON":         {shop.ServerKey, `{`, "not JSON", http.StatusBadRequest},
		"a wrong type":    {shop.ServerKey, `{"serviceName": 1}`, "/serviceName", http.StatusBadRequest},
		"a long name":     {shop.ServerKey, strings.Replace(pod, "pod-7", strings.Repeat("x", 300), 1), "/serviceInstanceId", http.StatusUnprocessableEntity},
		"too much of all": {shop.ServerKey, strings.Replace(pod, "pod-7", strings.Repeat("x", 20_000), 1), "", http.StatusRequestEntityTooLarge},
	} {
		status, body := post(wrong.key, wrong.body)
		require.Equal(t, wrong.status, status, "%s: %s", name, body)
		require.Contains(t, body, wrong.says, name)
	}
}

func TestFleetKnowsWhatEachInstanceServes(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})
	l := listen(t, server.URL+sdkStream+"?service=search&version=1.0.0&instance=pod-2", bearer(shop.ServerKey)...)
	l.must(t, "snapshot")
	revision := shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	l.must(t, "patch")
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		fleet, err := shop.ListInstances(t.Context(), streamtest.Production, time.Now().Add(-store.PresenceTTL))
		require.NoError(c, err)
		require.Len(c, fleet, 1)
		require.Equal(c, revision, fleet[0].Revision)
	}, 20*time.Second, 50*time.Millisecond)
}
