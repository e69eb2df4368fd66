package sdkapi_test

import (
	"bufio"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

const (
	// manyStreams is a tenth of the number of streams that loadtest/streams opens.
	manyStreams = 1000
	// mostPerStream bounds the memory of a stream in bytes, the client's end included.
	mostPerStream = 20 << 10
)

// It measures memory, so it does not run beside other tests.
func TestManyStreams(t *testing.T) {
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})
	before := inUse()
	connections := dial(t, server, shop.ServerKey, manyStreams)
	perStream := int64(inUse()-before) / manyStreams
	runtime.KeepAlive(connections)
	t.Logf("%d bytes per stream", perStream)
	if !underRace {
		require.Less(t, perStream, int64(mostPerStream))
	}

	var arrived sync.WaitGroup
	for _, connection := range connections {
		arrived.Add(1)
		go func() {
			defer arrived.Done()
			awaitPatch(connection)
		}()
	}
	shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	arrived.Wait() // the change reaches every one, or the test runs into its time limit
	require.Zero(t, server.Metric(t, "tidegate_streams_dropped_total"))
	require.EqualValues(t, manyStreams, server.Metric(t, "tidegate_streams"))
}

// awaitPatch returns when a patch has come, or the connection has ended.
func awaitPatch(connection net.Conn) {
	for lines := bufio.NewScanner(connection); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "event: patch") {
			return
		}
	}
}

// A change is encoded once for any number of streams. Nothing is queued for a stream.
func TestWritingAnEventAllocatesLittle(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates too")
	}
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})
	lines := make([]*bufio.Scanner, manyStreams)
	for i, connection := range dial(t, server, shop.ServerKey, manyStreams) {
		lines[i] = bufio.NewScanner(connection)
	}
	fanOut := func(on bool) {
		shop.Configure(t, "checkout", streamtest.SwitchConfig(on))
		for _, l := range lines {
			for l.Scan() && !strings.HasPrefix(l.Text(), "event: patch") {
			}
		}
	}
	fanOut(true) // the scanners have their buffers now
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const changes = 5
	for i := range changes {
		fanOut(i%2 == 1)
	}
	runtime.ReadMemStats(&after)
	perEvent := (after.TotalAlloc - before.TotalAlloc) / (changes * manyStreams)
	t.Logf("%d bytes allocated per event and stream, the client's reading included", perEvent)
	require.Less(t, perEvent, uint64(2<<10))
}
