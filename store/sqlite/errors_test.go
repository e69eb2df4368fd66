package sqlite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

// The codes are those of https://www.sqlite.org/rescode.html.
func TestFailureError(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]error{
		2067: store.ErrExists, 1555: store.ErrExists, 787: store.ErrNotFound,
		5: store.ErrUnavailable, 517: store.ErrUnavailable, 6: store.ErrUnavailable, 13: store.ErrUnavailable, 778: store.ErrUnavailable,
	} {
		require.ErrorIs(t, failureError(store.ErrConflict, code), want, "code %d", code)
	}
	require.ErrorIs(t, failureError(store.ErrConflict, 13), store.ErrFull)
	for _, code := range []int{1, 11, 26, 1299} {
		require.Equal(t, store.ErrConflict, failureError(store.ErrConflict, code), "code %d", code)
	}
}
