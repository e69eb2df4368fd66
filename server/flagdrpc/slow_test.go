package flagdrpc_test

import (
	"encoding/binary"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/flagdrpc"
	"github.com/tidegate-io/tidegate/server/ofrep"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// A client that reads nothing is dropped. The connection has no buffer, so it behaves like one whose buffer is full.
func TestAClientThatReadsNothingIsDropped(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	for _, f := range shopFlags() {
		shop.AddFlag(t, f)
	}
	replica := streamtest.Start(t, shop, streamtest.Options{Streams: stream.StreamsOptions{WriteTimeout: 20 * time.Millisecond}})
	handler := flagdrpc.NewHandler(flagdrpc.Options{
		Replica: replica.Replica, Keys: replica.Keys, Presence: replica.Presence, Streams: replica.Streams, Limits: ofrep.NewLimits(0), Log: slog.New(slog.DiscardHandler),
		Metrics: flagdrpc.NewMetrics(nil), Now: time.Now,
	})
	client, connection := net.Pipe()
	listener := &pipeListener{connections: make(chan net.Conn, 1), closed: make(chan struct{})}
	listener.connections <- connection
	server := &http.Server{Handler: handler.Sync()}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-served, http.ErrServerClosed)
	})

	message := fmt.Sprintf(`{"selector":%q}`, shop.ServerKey)
	envelope := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
	_, err := fmt.Fprintf(client, "POST /flagd.sync.v1.FlagSyncService/SyncFlags HTTP/1.1\r\nHost: flagd\r\n"+
		"Content-Type: application/connect+json\r\nContent-Length: %d\r\n\r\n%s", len(envelope), envelope)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return droppedSyncs(t, replica) == 1 }, patience, 5*time.Millisecond)
	require.NoError(t, client.Close())
}

// droppedSyncs is the number of dropped streams of flagd.sync.
func droppedSyncs(t *testing.T, replica *streamtest.Server) float64 {
	t.Helper()
	families, err := replica.Metrics.Gather()
	require.NoError(t, err)
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if family.GetName() == "tidegate_streams_dropped_total" && metric.GetLabel()[0].GetValue() == "flagd-sync" {
				return metric.GetCounter().GetValue()
			}
		}
	}
	return 0
}

// pipeListener accepts connections that the test has made beforehand.
type pipeListener struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	close(l.closed)
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }
