package main

import (
	"fmt"
	"math"
	"strings"
)

// The plot, in pixels. The size has a logarithmic scale, the cost a linear one.
const (
	plotWidth, plotHeight            = 720, 400
	marginLeft, marginTop            = 60, 40
	innerWidth, innerHeight          = 620, 240
	smallestExponent, decades        = 1, 5
	legendTop, legendStep, legendGap = marginTop + innerHeight + 50, 18, 30
)

// draw returns the series as an SVG picture that reads on light and dark backgrounds.
func draw(all []series) string {
	top := 100.0
	for _, s := range all {
		for _, p := range s.points {
			top = math.Max(top, math.Ceil(p.nanoseconds/100)*100)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#777">`+"\n",
		plotWidth, plotHeight)
	fmt.Fprintf(&b, `<title>Cost of an evaluation by number of flags and of segment keys</title>`+"\n")
	fmt.Fprintf(&b, `<text x="%d" y="%d">processor time of an evaluation, ns</text>`+"\n", marginLeft, marginTop-16)
	for i := range 5 {
		value := top * float64(i) / 4
		y := yOf(value, top)
		fmt.Fprintf(&b, `<path d="M%d %.1fh%d" stroke="#777" stroke-opacity=".3"/><text x="%d" y="%.1f" text-anchor="end">%.0f</text>`+"\n",
			marginLeft, y, innerWidth, marginLeft-8, y+4, value)
	}
	for e := smallestExponent; e <= smallestExponent+decades; e++ {
		size := int(math.Pow10(e))
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`+"\n", xOf(size), marginTop+innerHeight+20, size)
	}
	colours := []string{"#2b8a3e", "#1971c2", "#e67700", "#c2255c"}
	for i, s := range all {
		var line []string
		for _, p := range s.points {
			line = append(line, fmt.Sprintf("%.1f,%.1f", xOf(p.size), yOf(p.nanoseconds, top)))
		}
		colour, y := colours[i%len(colours)], legendTop+i*legendStep
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(line, " "), colour)
		fmt.Fprintf(&b, `<path d="M%d %dh%d" stroke="%s" stroke-width="2"/><text x="%d" y="%d">%s</text>`+"\n",
			marginLeft, y-4, legendGap-8, colour, marginLeft+legendGap, y, s.name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func xOf(size int) float64 {
	return marginLeft + innerWidth*(math.Log10(float64(size))-smallestExponent)/decades
}

func yOf(value, top float64) float64 { return marginTop + innerHeight*(1-value/top) }
