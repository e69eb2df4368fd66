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

// rollingLoad is a load that must not notice that replicas are replaced.
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
	const same = ""
	rollingUpgrade(t, "itself", form([]string{same, same}, []string{same, same, same, same}))
}

// TestRollingUpgradeFromPreviousRelease upgrades both replicas from the previous release, takes the upgrade back, and
// upgrades them again. In between, both releases run side by side on one database and one Redis.
func TestRollingUpgradeFromPreviousRelease(t *testing.T) {
	if !long() {
		t.Skip("building the previous flagd takes too long for the short form: see make test-faults")
	}
	previous, what := previousBinary(t)
	const next = ""
	rollingUpgrade(t, what, []string{previous, next, previous, next})
}

// rollingUpgrade starts both replicas with the first of the binaries and goes on to each of the others in turn.
func rollingUpgrade(t *testing.T, from string, binaries []string) {
	t.Helper()
	database, redis := startPostgres(t), startRedis(t)
	var replicas [2]*flagdtest.Server
	var settings [2]flagdtest.Settings
	var addresses []string
	for n := range replicas {
		settings[n] = flagdtest.Settings{
			DataDir: t.TempDir(), DatabaseURL: database.URL, RedisURL: redis.URL, Addr: flagdtest.FreeAddress(t),
			Binary: binaries[0], Environment: []string{rollingGrace, quiet},
		}
		replicas[n] = flagdtest.Start(t, settings[n])
		addresses = append(addresses, settings[n].Addr)
	}
	proxy := startHAProxy(t, addresses...)
	run := rollingLoad(proxy.URL).start(t, replicas[0])
	run.awaitWrites(t, 20)
	for _, binary := range binaries[1:] {
		for n := range replicas {
			settings[n].Binary = binary
			replicas[n] = replace(t, replicas[n], settings[n])
			proxy.awaitUp(t, len(replicas))
			run.awaitWrites(t, 20)
		}
	}
	run.settle(t, replicas[0])
	run.report(t, fmt.Sprintf("each of 2 replicas behind HAProxy replaced %d times, beginning with %s, under %d streams",
		len(binaries)-1, from, len(run.followers)))
	run.check(t, run.sdkKey, replicas[:]...)
	run.checkNothingFailed(t)
}

// replace stops a replica as an orchestrator does and starts another one in its place.
func replace(t *testing.T, old *flagdtest.Server, settings flagdtest.Settings) *flagdtest.Server {
	t.Helper()
	old.Terminate(t)
	require.NoError(t, old.AwaitExit(t), "the replica did not stop in order")
	return flagdtest.Start(t, settings)
}

// TestSecondSIGTERMEndsAtOnce asks for a stop with a grace that is far longer than the test. Then it asks for an
// immediate end.
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
