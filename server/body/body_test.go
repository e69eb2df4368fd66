package body_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

type document struct {
	Name   string    `json:"name"`
	Count  int       `json:"count"`
	At     time.Time `json:"at"`
	Nested struct {
		List []string `json:"list"`
	} `json:"nested"`
}

func TestWhatIsWrongNamesTheField(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`{"name": 1}`:                  "/name: must be a string, not a number",
		`{"nested": {"list": "a"}}`:    "/nested/list: must be an array, not a string",
		`{"nested": {"list": [true]}}`: "/nested/list/0: must be a string, not a boolean",
		`{"at": "yesterday"}`:          "/at: must be a time",
		`[]`:                           ": must be an object, not an array",
		`{"name": "a", "name": "b"}`:   "/name",
		`{"name"`:                      "not JSON",
	} {
		var d document
		err := body.Lenient([]byte(content), &d)
		var refused *problem.Error
		require.ErrorAs(t, err, &refused, content)
		assert.Contains(t, refused.Error(), want, content)
		assert.NotContains(t, refused.Error(), "body_test", "no name of a Go type")
	}
}

func TestOnlyStrictRefusesOtherFields(t *testing.T) {
	t.Parallel()
	content := []byte(`{"name": null, "count": 2, "more": {}}`)
	var d document
	require.NoError(t, body.Lenient(content, &d))
	assert.Equal(t, document{Count: 2}, d)
	require.ErrorContains(t, body.Strict(content, &d), "/more: is not a field that is known here")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	require.NoError(t, body.Check([]byte(`{"a": [1, "b"]}`)))
	for content, want := range map[string]string{
		strings.Repeat("[", 129) + strings.Repeat("]", 129): "deeper than 128",
		`{"a": "\u0000"}`: "/a: must not hold the character U+0000",
		`{} {}`:           "more data",
		`{"a": [1`:        "not JSON",
		``:                "not JSON",
	} {
		require.ErrorContains(t, body.Check([]byte(content)), want, content)
	}
}
