package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// progressWidth is the number of characters of a bar.
const progressWidth = 30

// progressBar shows the progress of several things, one line for each. The work goes on even if a bar cannot be
// drawn.
type progressBar struct {
	out io.Writer
	// alive is for a terminal: a bar is drawn again and again over itself. Otherwise a bar is drawn once, when it is
	// full, so that a log holds one line for each.
	alive bool
}

// show draws the bar of one thing. When all of it is done, the line ends.
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

// isTerminal tells whether the output is a terminal.
func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
