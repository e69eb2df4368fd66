package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func drawn(alive bool) string {
	var out strings.Builder
	bar := progressBar{out: &out, alive: alive}
	for _, done := range []int64{0, 5, 10} {
		bar.show("flags", done, 10)
	}
	bar.show("users", 0, 0)
	return out.String()
}

func TestProgressOnATerminalIsDrawnOverItself(t *testing.T) {
	lines := strings.Split(drawn(true), "\n")
	require.Len(t, lines, 3)
	assert.Contains(t, lines[0], "[###############...............] 5/10\r")
	assert.True(t, strings.HasSuffix(lines[0], "10/10"))
	assert.True(t, strings.HasSuffix(lines[1], "0/0"))
}

func TestProgressInALogIsALineForEach(t *testing.T) {
	assert.Equal(t, "flags              [##############################] 10/10\nusers              [##############################] 0/0\n", drawn(false))
}
