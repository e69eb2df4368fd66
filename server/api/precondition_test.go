package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParsePrecondition(t *testing.T) {
	t.Parallel()
	for header, holds := range map[string]bool{
		"": true, "*": true, `"7"`: true, `"6", "7"`: true, `"6"`: false, `W/"7"`: false, `"x"`: false, `"""7"""`: false,
	} {
		guard, err := parsePrecondition(header)
		require.NoError(t, err, header)
		assert.Equal(t, holds, guard.Check("it", 7) == nil, header)
	}
	_, err := parsePrecondition("7")
	assert.Error(t, err)
}

func TestParsePageRefusesCursorsThatAreNoText(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	for _, cursor := range []string{"YQBi", "__4", "?"} { // a, U+0000, b; bytes that are not UTF-8; no base64
		_, err := parsePage(r, cursor, 0)
		assert.Error(t, err, cursor)
	}
	page, err := parsePage(r, "YWI", 0)
	require.NoError(t, err)
	assert.Equal(t, "ab", page.after)
}
