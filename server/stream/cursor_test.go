package stream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

func FuzzParseCursor(f *testing.F) {
	for _, seed := range []string{"", ".", "a.", ".1", "a.1", "a.b.2", "a.-1", "a.99999999999999999999", "a.01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		cursor, ok := stream.ParseCursor(id)
		if !ok {
			require.Zero(t, cursor)
			return
		}
		again, ok := stream.ParseCursor(stream.FormatCursor(cursor))
		require.True(t, ok)
		require.Equal(t, cursor, again)
		require.NotEqual(t, store.Cursor{}, cursor)
	})
}
