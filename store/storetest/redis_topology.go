package storetest

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// formingPatience is how long several servers may take to agree on their members, or on their leader.
const formingPatience = 90 * time.Second

// StartRedisCluster starts a cluster of three primaries. The settings are as on the command line of redis-server. It
// gives the parameters of a URL that leads to the cluster. They name two of its nodes, and a client finds the third.
func StartRedisCluster(t testing.TB, settings ...string) (address string, nodes []*Redis) {
	t.Helper()
	requireProgram(t, "redis-cli")
	create := []string{"--cluster", "create"}
	for range 3 {
		clustered := []string{
			"--cluster-enabled",
			"yes",
			"--cluster-config-file",
			"nodes.conf",
			"--cluster-port",
			portOf(FreeAddress(t)),
		}
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

// Sentinels is a primary with a replica and one sentinel. When the primary dies, the sentinel makes the replica the
// primary half a second later.
type Sentinels struct {
	Primary, Replica *Redis
	sentinel         *Redis
	// user is written before the sentinel's address, and parameters after the name of the primary.
	user       *url.Userinfo
	parameters url.Values
}

// sentinelName is what the sentinel calls the primary.
const sentinelName = "tidegate"

// StartSentinels starts all three. When it returns, the replica has the same data as the primary.
func StartSentinels(t testing.TB) *Sentinels {
	t.Helper()
	return startSentinels(t, nil, "")
}

// among is the password that the servers of StartGuardedSentinels use between each other.
const among = "among-us"

// StartGuardedSentinels is StartSentinels with access only for known users. The user "watcher" may ask the sentinel,
// with the given rights. The user "tidegate" may use the primary and its replica, with the other given rights. The
// URL has both users and their passwords.
func StartGuardedSentinels(t testing.TB, watcher, tidegate string) *Sentinels {
	t.Helper()
	settings := append(
		[]string{"--requirepass", among, "--masterauth", among, "--user", "tidegate", "on", ">secret"},
		strings.Fields(tidegate)...)
	s := startSentinels(
		t,
		settings,
		fmt.Sprintf(
			"requirepass %[1]s\nsentinel auth-pass %[2]s %[1]s\nuser watcher on >watching %[3]s\n",
			among,
			sentinelName,
			watcher,
		),
	)
	s.user, s.parameters = url.UserPassword(
		"watcher",
		"watching",
	), url.Values{
		"username": {"tidegate"},
		"password": {"secret"},
	}
	return s
}

// startSentinels gives the settings to the primary and its replica, as on the command line. It adds the lines to the
// file of the sentinel.
func startSentinels(t testing.TB, settings []string, lines string) *Sentinels {
	t.Helper()
	requireProgram(t, "redis-cli")
	s := &Sentinels{Primary: StartRedis(t, settings...)}
	s.Replica = StartRedis(
		t,
		append(
			[]string{"--replicaof", "127.0.0.1 " + portOf(s.Primary.Addr), "--repl-diskless-sync-delay", "0"},
			settings...)...)
	addr, folder := FreeAddress(t), t.TempDir()
	file := filepath.Join(folder, "sentinel.conf")
	// The sentinel writes into the file what it finds out.
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `port %s
bind 127.0.0.1
dir %s
sentinel monitor %[3]s 127.0.0.1 %[4]s 1
sentinel down-after-milliseconds %[3]s 500
sentinel failover-timeout %[3]s 10000
%[5]s`, portOf(addr), folder, sentinelName, portOf(s.Primary.Addr), lines), 0o600))
	s.sentinel = runRedis(t, addr, folder, []string{file, "--sentinel"})
	require.Eventually(t, func() bool {
		return redisSays(t.Context(), s.Replica, "info", "replication", "master_link_status:up") &&
			redisSays(t.Context(), s.sentinel, "info", "sentinel", "status=ok", "slaves=1")
	}, formingPatience, 50*time.Millisecond, "see %s and %s", s.Replica.log, s.sentinel.log)
	return s
}

// URL leads to the sentinel.
func (s *Sentinels) URL() string {
	query := url.Values{"master_name": {sentinelName}}
	maps.Copy(query, s.parameters)
	address := url.URL{Scheme: "redis", User: s.user, Host: s.sentinel.Addr, RawQuery: query.Encode()}
	return address.String()
}

// AwaitFailover waits until the replica is the primary.
func (s *Sentinels) AwaitFailover(t testing.TB) {
	t.Helper()
	require.Eventually(
		t,
		func() bool { return redisSays(t.Context(), s.Replica, "info", "replication", "role:master") },
		formingPatience,
		20*time.Millisecond,
		"see %s",
		s.sentinel.log,
	)
}

// redisSays runs a command of two words with redis-cli. It tells whether the output holds every one of the texts.
func redisSays(ctx context.Context, of *Redis, command, argument string, texts ...string) bool {
	ask := exec.CommandContext(ctx, "redis-cli", "-p", portOf(of.Addr), command, argument)
	// A server without passwords ignores this one.
	ask.Env = append(os.Environ(), "REDISCLI_AUTH="+among)
	printed, err := ask.Output()
	for _, text := range texts {
		if !strings.Contains(string(printed), text) {
			return false
		}
	}
	return err == nil
}
