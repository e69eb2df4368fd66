package faults_test

import (
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// rollingLoad is what must not notice that replicas are replaced.
func rollingLoad(url string) load {
	return load{
		name: "rolling", urls: []string{url}, writers: 4, writeEvery: form(50*time.Millisecond, 400*time.Millisecond),
		evaluators: 8, evaluateEvery: 10 * time.Millisecond, followers: form(40, 500),
	}
}

// rollingGrace is long enough for the proxy to see that a replica is going to stop, on a busy machine too.
const rollingGrace = "FLAGD_DRAIN_GRACE=2s"

// TestRollingUpgrade replaces two replicas behind HAProxy, one after the other, under load.
func TestRollingUpgrade(t *testing.T) {
	database, redis := startPostgres(t), startRedis(t)
	rounds := form(1, 3)
	var replicas [2]*flagdtest.Server
	var settings [2]flagdtest.Settings
	var addresses []string
	for n := range replicas {
		settings[n] = flagdtest.Settings{
			DataDir: t.TempDir(), DatabaseURL: database.URL, RedisURL: redis.URL, Addr: flagdtest.FreeAddress(t),
			Environment: []string{rollingGrace, quiet},
		}
		replicas[n] = flagdtest.Start(t, settings[n])
		addresses = append(addresses, settings[n].Addr)
	}
	proxy := startHAProxy(t, addresses...)
	traffic := rollingLoad(proxy.URL).start(t, replicas[0])
	traffic.awaitWrites(t, 20)
	for range rounds {
		for n := range replicas {
			replicas[n] = replace(t, replicas[n], settings[n])
			proxy.awaitUp(t, len(replicas))
			traffic.awaitWrites(t, 20)
		}
	}
	traffic.settle(t, replicas[0])
	traffic.report(t, fmt.Sprintf("each of 2 replicas behind HAProxy replaced %d times under %d streams", rounds, len(traffic.followers)))
	traffic.check(t, traffic.sdkKey, replicas[:]...)
	traffic.checkNothingFailed(t)
}

// replace stops a replica as an orchestrator does and starts another one in its place.
func replace(t *testing.T, old *flagdtest.Server, settings flagdtest.Settings) *flagdtest.Server {
	t.Helper()
	old.Terminate(t)
	require.NoError(t, old.AwaitExit(t), "the replica did not stop in order")
	return flagdtest.Start(t, settings)
}

// TestSecondSIGTERMEndsAtOnce asks for a stop whose grace would last far longer than the test, and then for an end.
func TestSecondSIGTERMEndsAtOnce(t *testing.T) {
	t.Parallel()
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir(), Environment: []string{"FLAGD_DRAIN_GRACE=1h"}})
	server.Terminate(t)
	awaitDraining(t, server)
	server.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/during-the-grace", flagdtest.Map{"type": "boolean"}, nil)
	server.Terminate(t)
	require.ErrorContains(t, server.AwaitExit(t), syscall.SIGTERM.String())
}

// awaitDraining waits until /readyz says that the server is going to stop.
func awaitDraining(t *testing.T, server *flagdtest.Server) {
	t.Helper()
	require.Eventually(t, func() bool { return server.Ready(t.Context()) != nil }, patience, 10*time.Millisecond)
}
