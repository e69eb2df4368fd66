package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func TestParsePrecondition(t *testing.T) {
	t.Parallel()
	for header, holds := range map[string]bool{
		"": true, "*": true, `"7"`: true, `"6", "7"`: true, `"6"`: false, `W/"7"`: false, `"x"`: false, `"""7"""`: false,
	} {
		guard, err := parsePrecondition(header)
		require.NoError(t, err, header)
		assert.Equal(t, holds, guard.check("it", 7) == nil, header)
	}
	_, err := parsePrecondition("7")
	assert.Error(t, err)
}

func TestWriteTriesAgain(t *testing.T) {
	t.Parallel()
	conflict := &store.ConflictError{What: "it", Current: 2}
	for name, test := range map[string]struct {
		guard     precondition
		conflicts int
		cancelled bool
		attempts  int
		err       error
	}{
		"others are faster":          {conflicts: maxAttempts - 1, attempts: maxAttempts},
		"others never cease":         {conflicts: maxAttempts, attempts: maxAttempts, err: conflict},
		"the caller named a version": {guard: precondition{given: true}, conflicts: 1, attempts: 1, err: conflict},
		"the caller has gone":        {conflicts: 1, cancelled: true, attempts: 1, err: conflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				attempts := 0
				_, err := write(ctx, test.guard, func() (int, error) {
					attempts++
					if test.cancelled {
						cancel()
					}
					if attempts <= test.conflicts {
						return 0, conflict
					}
					return attempts, nil
				})
				assert.Equal(t, test.attempts, attempts)
				assert.True(t, errors.Is(err, test.err), err)
			})
		})
	}
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
