package faults_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestSilentReplicaLetsGoOfItsLocks cuts a replica off in the middle of a write, when it has locked the environment.
// The connection stays open and says nothing. The other replicas must be able to write soon, and none of their
// writes may be refused.
func TestSilentReplicaLetsGoOfItsLocks(t *testing.T) {
	database := startPostgres(t)
	toDatabase := newLink(t, database.URL)
	other, _ := replica(t, database.URL, "")
	silent, _ := replica(t, toDatabase.URL, "")
	path := flagdtest.Project + "/flags/locked"
	other.MustCall(t, http.MethodPut, path, flagdtest.Map{"type": "boolean"}, nil)

	held := holdChanges(t, database, beforeInsert)
	answered := make(chan error, 1)
	go func() {
		answered <- silent.Call(context.WithoutCancel(t.Context()), http.MethodPatch, path+"/environments/production", flagdtest.Map{"enabled": true}, nil)
	}()
	held.await(t)
	toDatabase.Silence(t, fromService)
	held.release(t)
	began := time.Now()
	other.MustCall(t, http.MethodPatch, path+"/environments/production", flagdtest.Map{"targets": []flagdtest.Map{{"variation": "on", "values": []string{"me"}}}}, nil)
	took := time.Since(began)
	told := <-answered
	t.Logf("done: a replica went silent with the environment locked; another's write was acknowledged after %s, the silent one's was answered after %s: %v",
		took, time.Since(began), told)
	require.ErrorContains(t, told, "503")
	requireNoGaps(t, listChanges(t, other))
}
