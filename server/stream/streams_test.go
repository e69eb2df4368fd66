package stream_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

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
	var logged shared
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
	streams.Close() // waits for the stream, but not for what is said of it
	require.Eventually(t, func() bool { return strings.Contains(logged.String(), "out of order") },
		10*time.Second, time.Millisecond, "the panic is not logged")
	require.Contains(t, logged.String(), "Next", "with its stack")
}

// shared is a text that one goroutine writes and another reads.
type shared struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the text.
func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// String is the text.
func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}
