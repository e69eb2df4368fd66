package stream_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/supervise"
)

// faulty is a source with a mistake in it.
type faulty struct{ closed chan struct{} }

func (faulty) Next() ([][]byte, <-chan struct{}, error) { panic("out of order") }
func (f faulty) Close()                                 { close(f.closed) }

func TestAPanicEndsOneStreamAlone(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	streams := stream.NewStreams(stream.StreamsOptions{Owner: supervise.New(slog.New(slog.NewTextHandler(&logged, nil)))}, stream.NewMetrics(nil))
	source := faulty{closed: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, streams.Serve(w, r, "sdk", source, nil))
	}))
	defer server.Close()
	response, err := server.Client().Get(server.URL)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	<-source.closed
	streams.Close() // waits for the stream
	require.Contains(t, logged.String(), "out of order")
	require.Contains(t, logged.String(), "Next", "with its stack")
}
