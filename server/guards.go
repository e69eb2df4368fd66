package server

import (
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/measure"
)

// probes are what guards ask besides applications.
type probes map[release.GuardKind]measure.Probe

func newProbes(config *Config) probes {
	return probes{
		release.GuardPrometheus: measure.NewPrometheus(config.PrometheusURL, config.Now),
		release.GuardWeb:        measure.NewWeb(config.GuardHosts),
	}
}

// refuses tells what is wrong with a guard that this server cannot check.
func (p probes) refuses(guard release.Guard) (field, reason string) {
	if probe := p[guard.Kind]; probe != nil {
		return probe.Refuses(guard)
	}
	return "", ""
}
