package replica

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func frame(from, to int64, size int) patchFrame {
	event := make([]byte, size)
	copy(event, strconv.FormatInt(to, 10))
	return patchFrame{from: from, revision: to, event: event}
}

func TestWindowReplaysWhatItHolds(t *testing.T) {
	t.Parallel()
	var w window
	_, ok := w.after(0)
	require.False(t, ok)
	w = w.with(frame(3, 4, 8)).with(frame(4, 7, 8)).with(frame(7, 8, 8))
	for revision, want := range map[int64]int{3: 3, 4: 2, 5: 2, 6: 2, 7: 1, 8: 0} {
		events, ok := w.after(revision)
		require.True(t, ok, revision)
		require.Len(t, events, want, "after %d", revision)
	}
	for _, revision := range []int64{2, 9} {
		_, ok := w.after(revision)
		require.False(t, ok, revision)
	}
}

func TestWindowIsBounded(t *testing.T) {
	t.Parallel()
	var many, large window
	for i := range int64(2 * windowPatches) {
		many = many.with(frame(i, i+1, 8))
		large = large.with(frame(i, i+1, windowBytes/4))
	}
	require.Len(t, many.frames, windowPatches)
	require.Len(t, large.frames, 4)
	require.Equal(t, windowBytes, large.bytes)
	_, ok := large.after(2*windowPatches - 4)
	require.True(t, ok)
	_, ok = large.after(2*windowPatches - 5)
	require.False(t, ok)
}

func TestWindowBeginsAnewAfterAGap(t *testing.T) {
	t.Parallel()
	w := window{}.with(frame(1, 2, 8)).with(frame(5, 6, 8))
	_, ok := w.after(1)
	require.False(t, ok)
	_, ok = w.after(5)
	require.True(t, ok)
}
