package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// formingPatience is how long several servers may take to agree on who they are, or on who leads.
const formingPatience = 90 * time.Second

// StartRedisCluster starts a cluster of three primaries, with settings as on the command line of redis-server, and gives the
// parameters of a URL that leads to it: two of its nodes are named, and a client finds the third.
func StartRedisCluster(t testing.TB, settings ...string) (address string, nodes []*Redis) {
	t.Helper()
	requireProgram(t, "redis-cli")
	create := []string{"--cluster", "create"}
	for range 3 {
		clustered := []string{"--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-port", portOf(FreeAddress(t))}
		node := StartRedis(t, append(clustered, settings...)...)
		nodes, create = append(nodes, node), append(create, node.Addr)
	}
	output, err := exec.CommandContext(t.Context(), "redis-cli", append(create, "--cluster-yes")...).CombinedOutput()
	require.NoError(t, err, "%s", output)
	for _, node := range nodes {
		require.Eventually(t, func() bool {
			return redisSays(t.Context(), node, "cluster", "info", "cluster_state:ok", "cluster_known_nodes:3")
		}, formingPatience, 50*time.Millisecond, "see %s", node.log)
	}
	return nodes[0].Addr + "?addr=" + nodes[1].Addr, nodes
}

// Sentinels is a primary with a replica and one sentinel, which makes the replica the primary half a second after that one has died.
type Sentinels struct {
	Primary, Replica *Redis
	sentinel         *Redis
}

// sentinelName is what the sentinel calls the primary.
const sentinelName = "tidegate"

// StartSentinels starts all three; when it returns, the replica has what the primary has.
func StartSentinels(t testing.TB) *Sentinels {
	t.Helper()
	requireProgram(t, "redis-cli")
	s := &Sentinels{Primary: StartRedis(t)}
	s.Replica = StartRedis(t, "--replicaof", "127.0.0.1 "+portOf(s.Primary.Addr), "--repl-diskless-sync-delay", "0")
	addr, folder := FreeAddress(t), t.TempDir()
	file := filepath.Join(folder, "sentinel.conf")
	// It writes into the file what it finds out.
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `port %s
bind 127.0.0.1
dir %s
sentinel monitor %[3]s 127.0.0.1 %[4]s 1
sentinel down-after-milliseconds %[3]s 500
sentinel failover-timeout %[3]s 10000
`, portOf(addr), folder, sentinelName, portOf(s.Primary.Addr)), 0o600))
	s.sentinel = runRedis(t, addr, folder, []string{file, "--sentinel"})
	require.Eventually(t, func() bool {
		return redisSays(t.Context(), s.Replica, "info", "replication", "master_link_status:up") &&
			redisSays(t.Context(), s.sentinel, "info", "sentinel", "status=ok", "slaves=1")
	}, formingPatience, 50*time.Millisecond, "see %s and %s", s.Replica.log, s.sentinel.log)
	return s
}

// URL leads to the sentinel.
func (s *Sentinels) URL() string {
	return "redis://" + s.sentinel.Addr + "?master_name=" + url.QueryEscape(sentinelName)
}

// AwaitFailover waits until the replica is the primary.
func (s *Sentinels) AwaitFailover(t testing.TB) {
	t.Helper()
	require.Eventually(t, func() bool { return redisSays(t.Context(), s.Replica, "info", "replication", "role:master") },
		formingPatience, 20*time.Millisecond, "see %s", s.sentinel.log)
}

// redisSays tells whether what redis-cli prints for a command of two words holds every one of the texts.
func redisSays(ctx context.Context, of *Redis, command, argument string, texts ...string) bool {
	printed, err := exec.CommandContext(ctx, "redis-cli", "-p", portOf(of.Addr), command, argument).Output()
	for _, text := range texts {
		if !strings.Contains(string(printed), text) {
			return false
		}
	}
	return err == nil
}
