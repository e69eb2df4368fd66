package sdkapi_test

import (
	"bufio"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// dial opens n streams. It costs the client as little as possible.
func dial(b testing.TB, server *streamtest.Server, key string, n int) []net.Conn {
	b.Helper()
	connections := make([]net.Conn, n)
	for i := range connections {
		var dialer net.Dialer
		connection, err := dialer.DialContext(b.Context(), "tcp", server.Addr)
		require.NoError(b, err)
		b.Cleanup(func() { _ = connection.Close() }) // the server may have closed it first
		_, err = fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", sdkStream, key)
		require.NoError(b, err)
		connections[i] = connection
	}
	require.Eventually(b, func() bool { return server.Metric(b, "tidegate_streams") == float64(n) }, 30*time.Second, 10*time.Millisecond)
	return connections
}

// inUse returns the memory in use, stacks included. The first collection shrinks stacks that were large only once.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// BenchmarkStreamMemory reports the memory of an open stream, including the client's end of the connection.
func BenchmarkStreamMemory(b *testing.B) {
	const streams = 2000
	shop := streamtest.NewShop(b)
	shop.AddFlag(b, streamtest.Switch("checkout", false))
	server := streamtest.Start(b, shop, streamtest.Options{})
	for b.Loop() {
		before := inUse()
		connections := dial(b, server, shop.ServerKey, streams)
		b.ReportMetric(float64(inUse()-before)/streams, "bytes/stream")
		runtime.KeepAlive(connections)
		b.StopTimer()
		for _, c := range connections {
			require.NoError(b, c.Close())
		}
		require.Eventually(b, func() bool { return server.Metric(b, "tidegate_streams") == 0 }, 30*time.Second, 10*time.Millisecond)
		b.StartTimer()
	}
}

// BenchmarkFanOut measures the time from a commit until every one of many streams has the patch.
func BenchmarkFanOut(b *testing.B) {
	const streams = 1000
	shop := streamtest.NewShop(b)
	shop.AddFlag(b, streamtest.Switch("checkout", false))
	server := streamtest.Start(b, shop, streamtest.Options{Replica: replica.Options{Poll: 2 * time.Millisecond}})
	var arrived sync.WaitGroup
	for _, connection := range dial(b, server, shop.ServerKey, streams) {
		go func() {
			for lines := bufio.NewScanner(connection); lines.Scan(); {
				if strings.HasPrefix(lines.Text(), "event: patch") {
					arrived.Done()
				}
			}
		}()
	}
	for on := true; b.Loop(); on = !on {
		arrived.Add(streams)
		shop.Configure(b, "checkout", streamtest.SwitchConfig(on))
		arrived.Wait()
	}
}
