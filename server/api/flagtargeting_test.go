package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const expression = `{"targets": null, "rules": null, "fallthrough": null, "enabled": true,
	"targeting": {"if": [{"==": [{"var": "plan"}, null]}, null, "on"]}}`

func TestAnExpressionIsReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	response := server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, expression)
	assert.Contains(t, string(response.Body), `"fallthrough":{}`)
	explained := server.Must(t, http.StatusOK, http.MethodPost, helloInProduction+"/explain", `{"context": {"plan": "pro"}}`)
	assert.Contains(t, string(explained.Body), `"value":true`)
	assert.Contains(t, string(explained.Body), `{"pointer":"/if/0/==","value":false}`)

	response = server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"targeting": {"or": [{"var": ["plan", null]}, "off"]}}`)
	assert.Contains(t, string(response.Body), `"targeting":{"or":[{"var":["plan",null]},"off"]}`)
	flags := server.Must(t, http.StatusOK, http.MethodGet, project+"/flags/hello", nil)
	assert.Contains(t, string(flags.Body), `"expression":true`)

	response = server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, `{"targeting": null, "fallthrough": {"variation": "off"}}`)
	assert.NotContains(t, string(response.Body), "targeting")
}

// TestTheSameInAnotherFormIsNoChange writes again what is there, with other spaces, other escapes and another order
// of names.
func TestTheSameInAnotherFormIsNoChange(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	write := func(body string) string {
		return server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, body).Header.Get("ETag")
	}
	const cleared = `{"targets": null, "rules": null, "fallthrough": null, `
	first := write(cleared + `"targeting": {"$evaluators": {"e": {"var": "x"}}, "if": [{">": [{"$ref": "e"}, 1]}, "on"]}}`)
	assert.Equal(t, first, write(cleared+`"targeting": {"if":[{"\u003e":[{"$ref":"e"},1]},"\u006fn"],"$evaluators":{"e":{"var":"x"}}}}`))
	assert.Equal(t, first, write(`{"offVariation": "off"}`))
	assert.NotEqual(t, first, write(cleared+`"targeting": {"$evaluators": {"e": {"var": "x"}}, "if": [{">": [{"$ref": "e"}, 2]}, "on"]}}`))

	rule := func(value string) string {
		return `{"targeting": null, "fallthrough": {"variation": "off"}, "rules": [{"id": "r", "serve": {"variation": "on"},
			"clauses": [{"attribute": "tag", "operator": "in", "values": [` + value + `]}]}]}`
	}
	assert.Equal(t, write(rule(`"<b>"`)), write(rule(`"\u003cb\u003e"`)))
}

// nested is an expression with the given number of nested operators around a variable.
func nested(operators int) string {
	return `{"fallthrough": null, "targeting": ` + strings.Repeat(`{"!":`, operators) + `{"var": "x"}` + strings.Repeat("}", operators) + `}`
}

func TestTheDeepestExpression(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, nested(98))
	refused := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, helloInProduction, nested(99))
	assert.Contains(t, readProblem(t, refused).Errors[0].Detail, "nested at most 100 deep")
}

func TestExpressionsThatAreRefused(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	for body, pointer := range map[string]string{
		`{"targeting": {"or": ["on"]}}`:                                    "/fallthrough",
		`{"fallthrough": null, "targeting": {"between": [1, 2]}}`:          "/targeting/between",
		`{"fallthrough": null, "targeting": {"if": [{"==": [1]}, "on"]}}`:  "/targeting/if/0/==",
		`{"fallthrough": null, "targeting": "on"}`:                         "/targeting",
		`{"fallthrough": null, "targeting": {"or": [{"$ref": "nobody"}]}}`: "/targeting/or/0/$ref",
	} {
		response := server.Must(t, http.StatusUnprocessableEntity, http.MethodPatch, helloInProduction, body)
		assert.Equal(t, pointer, readProblem(t, response).Errors[0].Pointer, body)
	}
}

func TestNoReleaseOfAnExpression(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusOK, http.MethodPatch, helloInProduction, expression)
	response := server.Must(t, http.StatusUnprocessableEntity, http.MethodPut, production+"/flags/hello/release",
		`{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 100000}]}`)
	assert.Equal(t, "/target", readProblem(t, response).Errors[0].Pointer)
}
