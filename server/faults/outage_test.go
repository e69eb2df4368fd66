package faults_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// TestKillRedis kills Redis under load. Redis comes back empty. No client may notice.
func TestKillRedis(t *testing.T) {
	database, redis := startPostgres(t), startRedis(t)
	first, _ := replica(t, database.URL, redis.URL)
	second, _ := replica(t, database.URL, redis.URL)
	run := moderateLoad(first.URL, second.URL).start(t, first)
	kills := form(2, 6)
	for range kills {
		run.awaitWrites(t, 30)
		redis.Kill(t)
		run.awaitWrites(t, 30)
		redis.Start(t)
	}
	run.awaitWrites(t, 30)
	run.settle(t, first)
	run.report(t, fmt.Sprintf("Redis killed %d times under 2 replicas, each time back and empty", kills))
	run.check(t, run.sdkKey, first, second)
	run.checkNothingFailed(t)
}

// TestRedisFailsOver kills the primary of a Redis. Its sentinel then makes the replica the primary. No client may
// notice.
func TestRedisFailsOver(t *testing.T) {
	database, redis := startPostgres(t), storetest.StartSentinels(t)
	first, _ := replica(t, database.URL, redis.URL())
	second, _ := replica(t, database.URL, redis.URL())
	run := moderateLoad(first.URL, second.URL).start(t, first)
	run.awaitWrites(t, 30)
	redis.Primary.Kill(t)
	run.awaitWrites(t, 30)
	redis.AwaitFailover(t)
	run.awaitWrites(t, 30)
	run.settle(t, first)
	run.report(t, "Redis failing over to its replica under 2 replicas")
	run.check(t, run.sdkKey, first, second)
	run.checkNothingFailed(t)
}

// TestKillPostgres kills PostgreSQL under load. Evaluations and streams go on. Writes are refused quickly until
// PostgreSQL is back.
func TestKillPostgres(t *testing.T) {
	database, redis := startPostgres(t), startRedis(t)
	first, _ := replica(t, database.URL, redis.URL)
	second, _ := replica(t, database.URL, redis.URL)
	run := moderateLoad(first.URL, second.URL).start(t, first)
	kills := form(2, 6)
	for range kills {
		run.awaitWrites(t, 30)
		database.Kill(t)
		for _, server := range []*flagdtest.Server{first, second} {
			requireRefusedSoon(t, run, server)
		}
		run.awaitEvaluations(t, 200)
		database.Start(t)
	}
	run.awaitWrites(t, 30)
	run.settle(t, first)
	run.report(t, fmt.Sprintf("PostgreSQL killed %d times under 2 replicas", kills))
	run.check(t, run.sdkKey, first, second)
	run.checkEvaluations(t)
	assert.Zero(t, run.unanswered.count, "writes must be refused while the database is away: %q", run.unanswered.samples)
}

// refusedWithin is how soon a write that cannot be made is refused, on a machine that is busy with other tests. The
// aim of flagd is two seconds.
const refusedWithin = 4 * time.Second

// requireRefusedSoon checks that a write is answered 503 rather than left waiting.
func requireRefusedSoon(t *testing.T, run *traffic, server *flagdtest.Server) {
	t.Helper()
	began := time.Now()
	status, answer, err := run.send(server.URL, http.MethodPatch, flagdtest.Project+"/flags/"+run.flag+"/environments/staging",
		flagdtest.Token, "refused", flagdtest.Map{"enabled": true})
	took := time.Since(began)
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, status, "%s", answer)
	t.Logf("%s refused a write after %s", server.URL, took)
	assert.Less(t, took, refusedWithin, "until a write was refused")
}
