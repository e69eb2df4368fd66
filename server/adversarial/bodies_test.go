package adversarial_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
)

// routes are the routes of every listener that read a body. None may wait for the body without end.
func routes(main, evaluation, sync string) map[string]string {
	return map[string]string{
		main + " POST /ofrep/v1/evaluate/flags":                          "application/json",
		main + " POST /ofrep/v1/evaluate/flags/hello":                    "application/json",
		main + " POST /sdk/v1/events":                                    "application/json",
		main + " POST /sdk/v1/instances":                                 "application/json",
		main + " POST /api/v1/session":                                   "application/json",
		main + " PUT /api/v1/projects/default/flags/x":                   "application/json",
		main + " POST /hooks/github":                                     "application/json",
		main + " POST /nowhere":                                          "application/json",
		main + " GET /livez":                                             "text/plain",
		evaluation + " POST /flagd.evaluation.v1.Service/ResolveBoolean": "application/json",
		evaluation + " POST /flagd.evaluation.v2.Service/ResolveBoolean": "application/grpc",
		evaluation + " POST /flagd.evaluation.v1.Service/EventStream":    "application/connect+json",
		sync + " POST /flagd.sync.v1.FlagSyncService/FetchAllFlags":      "application/json",
		sync + " POST /flagd.sync.v1.FlagSyncService/SyncFlags":          "application/grpc-web",
	}
}

// TestABodyThatNeverComesIsEnded begins a request on every route, with and without a length, and never sends the
// rest.
func TestABodyThatNeverComesIsEnded(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{})
	open := make(map[string]net.Conn)
	for route, contentType := range routes(s.URL, s.EvaluationURL, s.SyncURL) {
		address, request, _ := strings.Cut(route, " ")
		u, err := url.Parse(address)
		require.NoError(t, err)
		for _, length := range []string{"Content-Length: 1000", "Transfer-Encoding: chunked"} {
			conn, err := net.Dial("tcp", u.Host)
			require.NoError(t, err)
			defer conn.Close()
			_, err = fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n%s\r\n\r\n", request, contentType, length)
			require.NoError(t, err)
			open[route+" "+length] = conn
		}
	}
	deadline := time.Now().Add(patience)
	for request, conn := range open {
		require.NoError(t, conn.SetReadDeadline(deadline))
		_, err := io.Copy(io.Discard, conn)
		assert.NoError(t, err, "the server ends the connection of %s", request)
	}
}

func TestTheKeyIsCheckedBeforeTheMessageIsRead(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{})
	u, err := url.Parse(s.EvaluationURL)
	require.NoError(t, err)
	for _, header := range []string{"", "Authorization: Bearer tgs_made-up\r\n", "X-API-Key: x\r\n", "Flagd-Selector: key=tgs_made-up\r\n"} {
		conn, err := net.Dial("tcp", u.Host)
		require.NoError(t, err)
		defer conn.Close()
		_, err = fmt.Fprintf(conn, "POST /flagd.evaluation.v1.Service/ResolveBoolean HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%sContent-Length: 1000\r\n\r\n", header)
		require.NoError(t, err)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err, "the answer comes although the body does not")
		require.Equal(t, http.StatusUnauthorized, response.StatusCode)
		require.NoError(t, response.Body.Close())
	}
}

// endless gives a gRPC message that claims the greatest length. It counts how much of the message is read.
type endless struct {
	head  *bytes.Reader
	taken int
}

func (e *endless) Read(p []byte) (int, error) {
	if n, err := e.head.Read(p); err == nil {
		return n, nil
	}
	e.taken += len(p)
	return len(p), nil
}

func TestMessagesThatAreTooLongAreCutOff(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{})
	secret := key(t, s, "server")
	for name, length := range map[string]uint32{"claims to be long": 1<<32 - 1, "claims to be short": 10} {
		for _, address := range []string{
			s.EvaluationURL + "/flagd.evaluation.v1.Service/ResolveBoolean", s.SyncURL + "/flagd.sync.v1.FlagSyncService/SyncFlags",
		} {
			head := binary.BigEndian.AppendUint32([]byte{0}, length)
			body := &endless{head: bytes.NewReader(head)}
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, body)
			require.NoError(t, err)
			request.Header.Set("Content-Type", "application/grpc")
			request.Header.Set("Authorization", "Bearer "+secret)
			protocols := new(http.Protocols)
			protocols.SetUnencryptedHTTP2(true)
			transport := &http.Transport{Protocols: protocols}
			response, err := (&http.Client{Transport: transport, Timeout: patience}).Do(request)
			if err == nil {
				_, _ = io.Copy(io.Discard, response.Body)
				require.NoError(t, response.Body.Close())
			}
			transport.CloseIdleConnections()
			require.Less(t, body.taken, 4<<20, name)
		}
	}
}

// TestADeepPatchIsDecodedOnce counts what a patch of the greatest depth and size allocates. This must be a multiple
// of the size, and must not grow with the depth.
func TestADeepPatchIsDecodedOnce(t *testing.T) {
	s := start(t, server.Config{})
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/segments/beta", `{}`)
	const size = 4 << 20
	deep := strings.Repeat(`{"a":`, 121) + `"` + strings.Repeat("x", size) + `"` + strings.Repeat("}", 121)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	response := s.Call(t, http.MethodPatch, "/projects/default/segments/beta", `{"deep": `+deep+`}`, "If-Match", "*", "Content-Type", "application/merge-patch+json")
	runtime.ReadMemStats(&after)
	require.Equal(t, http.StatusBadRequest, response.Status)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(40*size))
}
