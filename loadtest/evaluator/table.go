package main

import (
	"fmt"
	"io"
)

// printTable writes the costs as a Markdown table. Ratios are to the first implementation.
func printTable(out io.Writer, all []implementation, costs [][workloadCount]cost) {
	fmt.Fprintf(out, "| ns of processor time, B, allocations; ×: times the first row |")
	for w := range workloadCount {
		fmt.Fprintf(out, " %s |", w)
	}
	fmt.Fprintf(out, "\n|---|---|---|---|---|\n")
	for i := range all {
		fmt.Fprintf(out, "| %s |", all[i].name)
		for w := range workloadCount {
			c := costs[i][w]
			fmt.Fprintf(out, " %.1f, %.0f, %.0f; ×%.1f |", c.nanoseconds, c.bytes, c.allocations,
				c.nanoseconds/costs[0][w].nanoseconds)
		}
		fmt.Fprintln(out)
	}
}
