package main

import (
	"fmt"
	"math"
	"strings"
)

// curve is how the delays of one scenario are distributed.
type curve struct {
	name     string
	delays   []int // rising
	releases int
	fixed    float64 // the sample of the test that looks once
}

// The plot, in user units: a logarithmic axis of trials and a linear one of the share that was caught.
const (
	plotWidth, plotHeight   = 760, 420
	plotLeft, plotRight     = 60, 20
	plotTop, plotBottom     = 40, 50
	plotFewest, plotMost    = 100.0, 1_000_000.0
	innerWidth, innerHeight = plotWidth - plotLeft - plotRight, plotHeight - plotTop - plotBottom
)

var colors = []string{"#e8590c", "#1971c2", "#2f9e44"}

func plotX(trials float64) float64 {
	return plotLeft + innerWidth*math.Log(trials/plotFewest)/math.Log(plotMost/plotFewest)
}

func plotY(share float64) float64 { return plotTop + innerHeight*(1-share) }

// draw is an SVG of the curves.
func draw(curves []curve) string {
	var b strings.Builder
	fmt.Fprintf(
		&b,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n",
		plotWidth,
		plotHeight,
	)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", plotWidth, plotHeight)
	fmt.Fprintf(
		&b,
		`<text x="%d" y="20" font-size="14">Harmful releases that were caught, of an error rate of 1 %% at 5 %% exposure</text>`+"\n",
		plotLeft,
	)
	for share := 0.0; share <= 1; share += 0.25 {
		fmt.Fprintf(
			&b,
			`<path d="M%d %.1fH%d" stroke="#dee2e6"/><text x="%d" y="%.1f" text-anchor="end">%.0f %%</text>`+"\n",
			plotLeft,
			plotY(share),
			plotWidth-plotRight,
			plotLeft-6,
			plotY(share)+4,
			100*share,
		)
	}
	for trials := plotFewest; trials <= plotMost; trials *= 10 {
		fmt.Fprintf(
			&b,
			`<path d="M%.1f %dV%d" stroke="#dee2e6"/><text x="%.1f" y="%d" text-anchor="middle">%.0f</text>`+"\n",
			plotX(trials),
			plotTop,
			plotHeight-plotBottom,
			plotX(trials),
			plotHeight-plotBottom+18,
			trials,
		)
	}
	fmt.Fprintf(
		&b,
		`<text x="%d" y="%d" text-anchor="middle">attempts, of the exposed and the rest together; dashed: a test that looks once, with the same errors (5 %%, 5 %%)</text>`+"\n",
		plotLeft+innerWidth/2,
		plotHeight-10,
	)
	for i, c := range curves {
		c.draw(&b, colors[i%len(colors)], i)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// draw adds the curve and its legend.
func (c curve) draw(b *strings.Builder, color string, index int) {
	fmt.Fprintf(b, `<path fill="none" stroke="%s" stroke-width="2" d="M%d %.1f`, color, plotLeft, plotY(0))
	every := max(1, len(c.delays)/200)
	for i := 0; i < len(c.delays); i += every {
		fmt.Fprintf(b, "L%.1f %.1f", plotX(float64(c.delays[i])), plotY(float64(i+1)/float64(c.releases)))
	}
	b.WriteString(`"/>` + "\n")
	fmt.Fprintf(
		b,
		`<path stroke="%s" stroke-dasharray="4 4" d="M%.1f %dV%d"/>`+"\n",
		color,
		plotX(c.fixed),
		plotTop,
		plotHeight-plotBottom,
	)
	y := plotTop + 16 + 18*index
	fmt.Fprintf(
		b,
		`<path stroke="%s" stroke-width="2" d="M%d %dh20"/><text x="%d" y="%d">%s</text>`+"\n",
		color,
		plotLeft+12,
		y-4,
		plotLeft+38,
		y,
		c.name,
	)
}
