package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestKillReplica kills one of two replicas in the middle of its writes, again and again.
func TestKillReplica(t *testing.T) {
	database, redis := startPostgres(t), startRedis(t)
	stays, _ := replica(t, database.URL, redis.URL)
	killed, settings := replica(t, database.URL, redis.URL)
	run := moderateLoad(stays.URL, killed.URL).start(t, stays)
	kills := form(3, 15)
	for range kills {
		run.awaitWrites(t, 25)
		killed.Kill(t)
		killed = flagdtest.Start(t, settings)
	}
	run.awaitWrites(t, 25)
	run.settle(t, stays)
	run.report(t, fmt.Sprintf("one of 2 replicas killed %d times", kills))
	run.check(t, run.sdkKey, stays, killed)
	run.checkEvaluationsOf(t, stays)
}

// TestKillBetweenTheStepsOfAWrite kills a replica at each moment between the beginning of a write and its
// acknowledgement. To do so, it holds up what the replica says to its services, or what they answer.
func TestKillBetweenTheStepsOfAWrite(t *testing.T) {
	database, redis := startPostgres(t), startRedis(t)
	other, _ := replica(t, database.URL, redis.URL)
	sdkKey := other.SDKKey(t, "production", "server")
	for n, moment := range []struct {
		name      string
		held      holdAt
		service   *service
		direction string
		applied   bool
	}{
		{"before the commit reaches the database", beforeInsert, database, toService, false},
		{"after the commit, before its answer", atCommit, database, fromService, true},
		{"after the commit, before Redis hears of it", atCommit, redis, toService, true},
		{"after Redis has heard of it, before its answer", atCommit, redis, fromService, true},
	} {
		t.Run(moment.name, func(t *testing.T) {
			links := map[*service]*link{database: newLink(t, database.URL), redis: newLink(t, redis.URL)}
			victim, settings := replica(t, links[database].URL, links[redis].URL)
			flag := fmt.Sprintf("killed-%d", n)
			path := flagdtest.Project + "/flags/" + flag
			other.MustCall(t, http.MethodPut, path, flagdtest.Map{"type": "boolean"}, nil)
			awaitEnabled(t, victim, sdkKey, flag, false)

			held := holdChanges(t, database, moment.held)
			answered := make(chan error, 1)
			go func() {
				answered <- victim.Call(context.WithoutCancel(t.Context()), http.MethodPatch, path+"/environments/production", flagdtest.Map{"enabled": true}, nil)
			}()
			held.await(t)
			links[moment.service].Silence(t, moment.direction)
			held.release(t)
			if moment.applied {
				awaitEnabled(t, other, sdkKey, flag, true)
			}
			victim.Kill(t)
			told := <-answered
			links[moment.service].EndSilence()
			back := flagdtest.Start(t, settings)

			t.Logf("done: killed %s; acknowledged: %t (%v); found: applied %t on both replicas", moment.name, told == nil, told, moment.applied)
			awaitEnabled(t, other, sdkKey, flag, moment.applied)
			awaitEnabled(t, back, sdkKey, flag, moment.applied)
			require.False(t, told == nil && !moment.applied, "a write that was not applied was acknowledged")
			requireNoGaps(t, listChanges(t, other))
		})
	}
}

// awaitEnabled waits until the server evaluates the flag as enabled, or as not.
func awaitEnabled(t *testing.T, server *flagdtest.Server, sdkKey, flag string, enabled bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var last string
	as := flagdtest.Poll(ctx, func() bool {
		answer, err := server.Evaluate(ctx, sdkKey, flag, "someone")
		last = fmt.Sprintf("%+v, error %v", answer, err)
		return err == nil && (answer.Metadata.Detail != "off") == enabled
	})
	require.True(t, as, "%s does not serve %s as enabled=%t; last answer %s", server.URL, flag, enabled, last)
}
