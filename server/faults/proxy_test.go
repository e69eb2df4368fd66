package faults_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// haproxyConfig is how an operator would put HAProxy in front of flagd. HAProxy asks /readyz often. It has no other
// way to learn that a replica is going to stop.
const haproxyConfig = `
global
  maxconn 5000
defaults
  mode http
  timeout connect 5s
  timeout client 2m
  timeout server 2m
  timeout check 5s
  option httpchk GET /readyz
  default-server check inter 200ms fall 1 rise 1
frontend flags
  bind %s
  stats uri /haproxy
  default_backend replicas
backend replicas
`

// proxy is a running HAProxy.
type proxy struct{ URL string }

// startHAProxy puts an HAProxy in front of the addresses.
func startHAProxy(t *testing.T, addresses ...string) *proxy {
	t.Helper()
	program := flagdtest.Need(t, "HAPROXY", "the path of an HAProxy")
	addr := flagdtest.FreeAddress(t)
	folder := t.TempDir()
	var config strings.Builder
	fmt.Fprintf(&config, haproxyConfig, addr)
	for n, address := range addresses {
		fmt.Fprintf(&config, "  server replica-%d %s\n", n, address)
	}
	path := filepath.Join(folder, "haproxy.cfg")
	require.NoError(t, os.WriteFile(path, []byte(config.String()), 0o600))
	log, err := os.Create(filepath.Join(folder, "log"))
	require.NoError(t, err)
	process := exec.Command(program, "-db", "-f", path)
	process.Stdout, process.Stderr = log, log
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		require.NoError(t, process.Process.Kill())
		_ = process.Wait() // it was killed, and says so
		require.NoError(t, log.Close())
		if t.Failed() {
			printed, err := os.ReadFile(log.Name())
			t.Logf("haproxy printed (%v):\n%s", err, printed)
		}
	})
	p := &proxy{URL: "http://" + addr}
	p.awaitUp(t, len(addresses))
	return p
}

// awaitUp waits until the proxy has found the given number of replicas ready. An orchestrator, too, stops the next
// replica only when the one before is in service.
func (p *proxy) awaitUp(t *testing.T, replicas int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var last string
	up := flagdtest.Poll(ctx, func() bool {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/haproxy;csv", nil)
		if err != nil {
			return false
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			last = err.Error()
			return false
		}
		defer response.Body.Close()
		table, err := csv.NewReader(response.Body).ReadAll()
		last = fmt.Sprint(table, err)
		return upServers(table) == replicas
	})
	require.True(t, up, "haproxy does not find %d replicas ready; it says %s", replicas, last)
}

// upServers counts the servers that HAProxy's table calls up.
func upServers(table [][]string) int {
	up := 0
	for _, row := range table {
		const name, status = 1, 17
		if len(row) > status && strings.HasPrefix(row[name], "replica-") && strings.HasPrefix(row[status], "UP") {
			up++
		}
	}
	return up
}
