package sdkapi_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// listener is a client of a stream.
type listener struct {
	status int
	header http.Header
	events chan message
	close  func()
}

// message is one event, or the retry time at the end of a stream.
type message struct{ id, name, data, retry string }

// listen opens a stream; headers are pairs of name and value.
func listen(t testing.TB, url string, headers ...string) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	transport := &http.Transport{}
	response, err := transport.RoundTrip(request)
	require.NoError(t, err)
	l := &listener{status: response.StatusCode, header: response.Header, events: make(chan message, 1000)}
	if l.status != http.StatusOK {
		refusal, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		requireDescribed(t, request, l.status, l.header, refusal)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(l.events)
		receive(response.Body, l.events)
	}()
	l.close = func() {
		cancel()
		<-done
		require.NoError(t, response.Body.Close())
		transport.CloseIdleConnections()
	}
	t.Cleanup(l.close)
	return l
}

func receive(body io.Reader, events chan<- message) {
	lines := bufio.NewReader(body)
	var m message
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "id":
			m.id = value
		case "event":
			m.name = value
		case "data":
			m.data = value
		case "retry":
			m.retry = value
		case "":
			if m != (message{}) {
				events <- m
			}
			m = message{}
		}
	}
}

// next waits for an event; false means that the stream has ended.
func (l *listener) next(t testing.TB) (message, bool) {
	t.Helper()
	select {
	case m, ok := <-l.events:
		if m.name == "snapshot" || m.name == "patch" || m.retry != "" {
			requireDescribedEvent(t, m)
		}
		return m, ok
	case <-time.After(10 * time.Second):
		require.FailNow(t, "no event")
		return message{}, false
	}
}

func (l *listener) must(t testing.TB, name string) message {
	t.Helper()
	m, ok := l.next(t)
	require.True(t, ok, "the stream has ended")
	require.Equal(t, name, m.name)
	return m
}

func bearer(key string) []string { return []string{"Authorization", "Bearer " + key} }
