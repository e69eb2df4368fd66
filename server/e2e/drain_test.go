package e2e_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

func TestSIGTERMFinishesRequestsAndEndsStreams(t *testing.T) {
	t.Parallel()
	settings := flagdtest.Settings{DataDir: t.TempDir()}
	server := flagdtest.Start(t, settings)
	stream := openStream(t, server)
	request := beginRequest(t, server, http.MethodPut, flagdtest.Project+"/flags/late")

	server.Terminate(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	draining := flagdtest.Poll(ctx, func() bool { return server.Ready(ctx) != nil })
	require.True(t, draining, "flagd still calls itself ready after SIGTERM")

	require.Equal(t, http.StatusCreated, request.finish(t, `{"type": "boolean"}`), "the request that was under way")
	_, err := io.Copy(io.Discard, stream)
	require.NoError(t, err, "the stream was cut rather than ended")
	require.NoError(t, server.AwaitExit(t))

	server = flagdtest.Start(t, settings)
	server.MustCall(t, http.MethodGet, flagdtest.Project+"/flags/late", nil, nil)
}

// openStream opens the SDK stream of production and reads the beginning of its first event.
func openStream(t *testing.T, server *flagdtest.Server) io.Reader {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/sdk/v1/stream", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+server.SDKKey(t, "production", "server"))
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	require.Equal(t, http.StatusOK, response.StatusCode)
	_, err = io.ReadFull(response.Body, make([]byte, 1))
	require.NoError(t, err, "read the first event")
	return response.Body
}

// openRequest is a request whose headers have reached the server. The server is waiting for its body.
type openRequest struct {
	body   *io.PipeWriter
	status chan int
	failed chan error
}

// beginRequest sends the headers of a request and waits until the server asks for the body. Then a handler is at
// work.
func beginRequest(t *testing.T, server *flagdtest.Server, method, path string) openRequest {
	t.Helper()
	body, write := io.Pipe()
	asked := make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(asked) }})
	request, err := http.NewRequestWithContext(ctx, method, server.URL+path, body)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+flagdtest.Token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Expect", "100-continue")

	open := openRequest{body: write, status: make(chan int, 1), failed: make(chan error, 1)}
	transport := &http.Transport{ExpectContinueTimeout: time.Minute}
	t.Cleanup(transport.CloseIdleConnections)
	go func() {
		response, err := (&http.Client{Transport: transport}).Do(request)
		if err != nil {
			open.failed <- err
			return
		}
		response.Body.Close()
		open.status <- response.StatusCode
	}()
	select {
	case <-asked:
	case err := <-open.failed:
		require.NoError(t, err, "begin %s %s", method, path)
	case status := <-open.status:
		require.Fail(t, "answered before the body was sent", "%s %s: %d", method, path, status)
	}
	return open
}

// finish sends the body and gives the status of the answer.
func (r openRequest) finish(t *testing.T, body string) int {
	t.Helper()
	_, err := io.Copy(r.body, strings.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, r.body.Close())
	select {
	case err := <-r.failed:
		require.NoError(t, err)
		return 0
	case status := <-r.status:
		return status
	}
}
