package ofrep_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

func TestMain(m *testing.M) {
	// After net/http has refused a body that is too large, it keeps the connection for half a second, so that the
	// client can read the answer.
	goleak.VerifyTestMain(m, goleak.Cleanup(func(int) { http.DefaultClient.CloseIdleConnections() }),
		goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

const (
	flagsPath = "/ofrep/v1/evaluate/flags"
	alice     = `{"context":{"targetingKey":"alice"}}`
)

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// post sends a request; headers are pairs of name and value.
func post(t testing.TB, server *streamtest.Server, path, key, body string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return send(t, request)
}

func send(t testing.TB, request *http.Request) answer {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	a := answer{status: response.StatusCode, header: response.Header, text: string(text)}
	if len(text) > 0 && strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		require.NoError(t, json.Unmarshal(text, &a.body), a.text)
	}
	requireDescribed(t, request, a.status, a.header, text)
	return a
}

// flags is the flags of a bulk answer by key.
func (a answer) flags(t testing.TB) map[string]map[string]any {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, a.text)
	byKey := make(map[string]map[string]any)
	for _, item := range a.body["flags"].([]any) {
		flag := item.(map[string]any)
		byKey[flag["key"].(string)] = flag
	}
	return byKey
}

// events opens the event stream that a bulk answer names. It returns the lines of the stream without empty ones.
func (a answer) events(t testing.TB, server *streamtest.Server, headers ...string) <-chan string {
	t.Helper()
	endpoint := a.body["eventStreams"].([]any)[0].(map[string]any)["endpoint"].(map[string]any)
	return listen(t, server.URL+endpoint["requestUri"].(string), headers...)
}

func listen(t testing.TB, url string, headers ...string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	protocol := description(t)
	lines, done := make(chan string, 100), make(chan struct{})
	go func() {
		defer close(done)
		defer close(lines)
		var event []string
		for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
			switch line := scanner.Text(); line {
			case ":":
			case "":
				checkEvent(t, protocol, event)
				event = nil
			default:
				event = append(event, line)
				lines <- line
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		require.NoError(t, response.Body.Close())
	})
	return lines
}

// next is the next line of a stream; "" means that the stream has ended.
func next(t testing.TB, lines <-chan string) string {
	t.Helper()
	select {
	case line := <-lines:
		return line
	case <-time.After(10 * time.Second):
		require.FailNow(t, "no line")
		return ""
	}
}
