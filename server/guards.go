package server

import (
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/measure"
)

// guards are what watches over releases.
type guards struct {
	book    *measure.Book
	checker *measure.Checker
}

// newGuards has the loop decide by what is measured, and guards be refused that this server cannot check.
func newGuards(config *Config, truth measure.Store, loop *control.Loop, releases *control.Releases) guards {
	probes := map[release.GuardKind]measure.Probe{
		release.GuardPrometheus: measure.NewPrometheus(config.PrometheusURL, config.Now),
		release.GuardWeb:        measure.NewWeb(config.GuardHosts),
	}
	g := guards{book: measure.NewBook(truth, config.Now), checker: measure.NewChecker(truth, probes, loop.Leads, config.Now, config.Log)}
	loop.Consult(g.book)
	releases.Consult(g.book, func(guard release.Guard) (field, reason string) {
		if probe := probes[guard.Kind]; probe != nil {
			return probe.Refuses(guard)
		}
		return "", ""
	})
	return g
}
