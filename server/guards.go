package server

import (
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/measure"
)

// probes are the sources that guards can ask, other than applications.
type probes map[release.GuardKind]measure.Probe

func newProbes(config *Config) probes {
	return probes{
		release.GuardPrometheus: measure.NewPrometheus(config.PrometheusURL, config.Now),
		release.GuardWeb:        measure.NewWeb(config.GuardHosts),
	}
}

// refuses tells why this server cannot check a guard.
func (p probes) refuses(guard release.Guard) (field, reason string) {
	if probe := p[guard.Kind]; probe != nil {
		return probe.Refuses(guard)
	}
	return "", ""
}
