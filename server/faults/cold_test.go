package faults_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestColdStart starts replicas while the database is away, and then while Redis is away too. A replica that
// remembers something, by itself or in Redis, serves it, says that it is stale, and recovers by itself. A replica
// that knows nothing ends and says why; it never gives an empty answer.
func TestColdStart(t *testing.T) {
	database, redis := startPostgres(t), startRedis(t)
	server, remembering := replica(t, database.URL, redis.URL)
	run := moderateLoad(server.URL).start(t, server)
	run.awaitWrites(t, 30)
	run.settle(t, server)
	last := lastWrites(listChanges(t, server))
	server.Terminate(t)
	require.NoError(t, server.AwaitExit(t))

	database.Kill(t)
	cached := flagdtest.Start(t, emptied(t, remembering))
	requireServesStale(t, run, cached, last)
	redis.Kill(t)
	remembered := flagdtest.Start(t, remembering)
	requireServesStale(t, run, remembered, last)
	settings := emptied(t, remembering)
	ignorant := flagdtest.Launch(t, settings)
	require.Error(t, ignorant.AwaitExit(t), "a replica that knows nothing has nothing to serve")
	require.Contains(t, ignorant.Output(t), "open database")
	requireRefusedSoon(t, run, remembered)

	database.Start(t)
	redis.Start(t)
	ignorant = flagdtest.Start(t, settings)
	afterwards := moderateLoad(cached.URL, remembered.URL, ignorant.URL)
	afterwards.name = "afterwards"
	run = afterwards.start(t, ignorant)
	run.awaitWrites(t, 30)
	run.settle(t, ignorant)
	run.report(t, "2 replicas started with PostgreSQL away, one of them with Redis away too, and a third when both were back")
	run.check(t, run.sdkKey, cached, remembered, ignorant)
	run.checkEvaluations(t)
}

// emptied gives settings for another replica that remembers nothing.
func emptied(t *testing.T, settings flagdtest.Settings) flagdtest.Settings {
	t.Helper()
	settings.DataDir, settings.Addr = t.TempDir(), flagdtest.FreeAddress(t)
	return settings
}

func requireServesStale(t *testing.T, run *traffic, server *flagdtest.Server, last map[string]string) {
	t.Helper()
	require.NotEmpty(t, last)
	for flag, marker := range last {
		awaitServed(t, server, run.sdkKey, flag, marker)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var body []byte
	stale := flagdtest.Poll(ctx, func() bool {
		var status int
		var err error
		status, body, err = run.send(server.URL, http.MethodGet, "/readyz", "", "", nil)
		return err == nil && status == http.StatusOK && allStale(body)
	})
	assert.True(t, stale, "the replica does not say that what it serves is stale: %s", body)
}

// allStale tells whether the answer of /readyz calls every environment ready and stale.
func allStale(answer []byte) bool {
	var report struct {
		Environments []struct{ Ready, Stale bool }
	}
	if json.Unmarshal(answer, &report) != nil || len(report.Environments) == 0 {
		return false
	}
	for _, environment := range report.Environments {
		if !environment.Ready || !environment.Stale {
			return false
		}
	}
	return true
}
