package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// progressWidth is the number of characters of a bar.
const progressWidth = 30

// progressBar shows how far each of several things has got, a line for each. That it cannot be drawn is no reason to
// stop.
type progressBar struct {
	out io.Writer
	// alive bars are drawn again and again over themselves, as a terminal can show them. The others are drawn when
	// they are full, so that a log holds a line for each.
	alive bool
}

// show draws the bar of one thing; when all of it is done, its line ends.
func (b progressBar) show(name string, done, total int64) {
	filled := progressWidth
	if total > 0 {
		filled = int(done * progressWidth / total)
	}
	line := fmt.Sprintf(
		"%-18s [%s%s] %d/%d",
		name,
		strings.Repeat("#", filled),
		strings.Repeat(".", progressWidth-filled),
		done,
		total,
	)
	switch {
	case done == total && b.alive:
		_, _ = fmt.Fprintf(b.out, "\r%s\n", line)
	case done == total:
		_, _ = fmt.Fprintln(b.out, line)
	case b.alive:
		_, _ = fmt.Fprintf(b.out, "\r%s", line)
	}
}

// isTerminal tells whether what is written is seen as it is written.
func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
