package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSegments(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	segment := project + "/segments/vip"
	server.Must(t, http.StatusNotFound, http.MethodGet, segment, nil)
	server.Must(t, http.StatusCreated, http.MethodPut, segment, `{"included": ["user-1"]}`)
	server.Must(t, http.StatusConflict, http.MethodPut, segment, `{}`)
	server.Must(t, http.StatusOK, http.MethodPatch, segment, `{"excluded": ["user-2"], "name": "VIPs"}`, "If-Match", `"1"`)
	server.Must(t, http.StatusPreconditionFailed, http.MethodPatch, segment, `{"excluded": []}`, "If-Match", `"1"`)

	looped := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, segment,
		`{"rules": [{"id": "a", "clauses": [{"operator": "inSegment", "values": ["vip"]}]}]}`)
	assert.Contains(t, string(looped.Body), "vip")

	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction,
		`{"enabled": true, "fallthrough": {"variation": "off"}, "rules": [{"id": "a", "serve": {"variation": "on"},
		  "clauses": [{"any": [{"operator": "inSegment", "values": ["vip"]}]}]}]}`)
	used := server.Must(t, http.StatusOK, http.MethodGet, segment, nil)
	assert.Contains(t, string(used.Body), `"usedBy":["hello"]`)
	refused := server.Must(t, http.StatusConflict, http.MethodDelete, segment, nil)
	assert.Contains(t, readProblem(t, refused).Detail, "hello")

	explained := server.Must(t, http.StatusOK, http.MethodPost, helloInProduction+"/explain", `{"context": {"targetingKey": "user-1"}}`)
	assert.Contains(t, string(explained.Body), `"value":true`)

	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"rules": null}`)
	server.Must(t, http.StatusNoContent, http.MethodDelete, segment, nil)
	server.Must(t, http.StatusNotFound, http.MethodGet, segment, nil)
	gone := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, helloInProduction,
		`{"rules": [{"id": "a", "serve": {"variation": "on"}, "clauses": [{"operator": "inSegment", "values": ["vip"]}]}]}`)
	assert.Equal(t, []string{"/rules/0/clauses/0/values/0"}, readProblem(t, gone).pointers())
}

func TestSegmentsMayBeLarge(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	key := `"` + strings.Repeat("x", 64) + `",`
	body := `{"included": [` + strings.Repeat(key, 40_000) + `"last"]}`
	server.Must(t, http.StatusCreated, http.MethodPut, project+"/segments/large", body)
}
