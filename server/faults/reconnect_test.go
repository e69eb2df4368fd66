package faults_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestStreamsReconnectAtOnce kills a replica that has very many streams. All of them reconnect at once, without
// waiting, to the replica that takes its place.
func TestStreamsReconnectAtOnce(t *testing.T) {
	database, redis := startPostgres(t), startRedis(t)
	other, _ := replica(t, database.URL, redis.URL)
	crowded, settings := replica(t, database.URL, redis.URL)
	calm := moderateLoad(other.URL).start(t, other)
	crowd := load{
		name: "crowd", urls: []string{crowded.URL}, writers: 1, writeEvery: 200 * time.Millisecond,
		evaluators: 1, evaluateEvery: 10 * time.Millisecond, followers: form(200, 2000),
	}.start(t, other)
	crowd.awaitWrites(t, 10)
	crowd.awaitFollowers(t, 1)
	crowded.Kill(t)
	killed := time.Now()
	crowded = flagdtest.Start(t, settings)
	ready := time.Since(killed)
	crowd.awaitWrites(t, 2)
	crowd.awaitFollowers(t, 2)
	caughtUp := time.Since(killed)
	calm.settle(t, other)
	crowd.settle(t, other)

	done := fmt.Sprintf("a replica with %d streams killed; another in its place was ready after %s and had all streams up to date after %s",
		len(crowd.followers), ready, caughtUp)
	crowd.report(t, done)
	calm.report(t, done+": the load of the other replica")
	crowd.check(t, crowd.sdkKey, other, crowded)
	calm.checkNothingFailed(t)
}
