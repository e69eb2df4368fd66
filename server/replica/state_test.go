package replica

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

func TestStateSince(t *testing.T) {
	t.Parallel()
	snapshot, _, err := evaluator.Compile(evaluator.Definition{FormatVersion: evaluator.FormatVersion, Epoch: "a", Revision: 4})
	require.NoError(t, err)
	patch := evaluator.Patch{FormatVersion: evaluator.FormatVersion, Epoch: "a", From: 4, Revision: 5}
	next, _, err := snapshot.Apply(patch)
	require.NoError(t, err)
	st := newState(snapshot, time.Unix(1, 0)).patched(next, patch, []byte("patch"), time.Unix(2, 0))
	require.Equal(t, int64(4), st.ContentRevision, "a patch that changes nothing but the revision")
	require.Equal(t, time.Unix(1, 0), st.At)
	full, err := st.full()
	require.NoError(t, err)

	for name, test := range map[string]struct {
		at   store.Cursor
		want [][]byte
	}{
		"one behind":            {store.Cursor{Epoch: "a", Revision: 4}, [][]byte{[]byte("patch")}},
		"up to date":            {store.Cursor{Epoch: "a", Revision: 5}, nil},
		"ahead of this replica": {store.Cursor{Epoch: "a", Revision: 6}, nil},
		"too far behind":        {store.Cursor{Epoch: "a", Revision: 3}, [][]byte{full.event}},
		"of another epoch":      {store.Cursor{Epoch: "b", Revision: 9}, [][]byte{full.event}},
		"new":                   {store.Cursor{}, [][]byte{full.event}},
	} {
		events, err := st.Since(test.at)
		require.NoError(t, err)
		require.Equal(t, test.want, events, name)
	}
}
