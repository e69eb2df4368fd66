package ofrep_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/openapitest"
)

// described is ofrep.yaml. It is read once for all tests.
var described = sync.OnceValues(func() (*openapitest.Description, error) { return openapitest.Read(openapi.OFREP) })

func description(t testing.TB) *openapitest.Description {
	t.Helper()
	d, err := described()
	require.NoError(t, err)
	return d
}

// checkEvent checks the lines of one event against ofrep.yaml. It may be called from another goroutine than the
// test's.
func checkEvent(t testing.TB, d *openapitest.Description, lines []string) {
	if len(lines) == 0 {
		return
	}
	event := map[string]any{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		assert.NotContains(t, event, name)
		event[name] = value
		if name == "data" || name == "retry" {
			event[name] = json.RawMessage(value)
		}
	}
	encoded, err := json.Marshal(event)
	assert.NoError(t, err, "%q", lines)
	d.CheckJSON(t, "Event", encoded)
}

// requireDescribed checks an answer against ofrep.yaml.
func requireDescribed(t testing.TB, request *http.Request, status int, header http.Header, body []byte) {
	t.Helper()
	r := request.Clone(t.Context())
	if strings.HasPrefix(r.URL.Path, flagsPath+"/") {
		// A key may have slashes. Only encoded slashes keep it one segment of the path.
		r.URL.Path, r.URL.RawPath = flagsPath+"/key", ""
	}
	if r.Method == http.MethodOptions {
		return // what browsers ask is not part of the protocol
	}
	if d := description(t); d.Describes(r) {
		d.RequireAnswer(t, r, status, header, body)
		return
	}
	require.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, status, "%s %s is not described", r.Method, r.URL.Path)
	require.Equal(t, "application/problem+json", header.Get("Content-Type"))
}
