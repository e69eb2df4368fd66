package observe

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/store"
)

// Latched knows the flags with availability of scope fleet. It tells whether the fleet contradicts this availability.
// It runs on the replica that drives the releases.
type Latched interface {
	Latched() map[store.FlagRef]bool
}

// availability collects which flags the fleet contradicts.
type availability struct {
	latched Latched
	desc    *prometheus.Desc
}

// RegisterAvailability registers a collector with reg that reads from latched.
func RegisterAvailability(latched Latched, reg prometheus.Registerer) {
	reg.MustRegister(&availability{latched: latched, desc: prometheus.NewDesc(
		"tidegate_availability_warnings",
		"1 for a flag whose availability of scope fleet the fleet contradicts, 0 for the others of that scope, as the leading replica sees it; none elsewhere.",
		[]string{"project", "environment", "flag"},
		nil,
	)})
}

// Describe sends the description.
func (a *availability) Describe(descs chan<- *prometheus.Desc) { descs <- a.desc }

// Collect sends the result of the leader's last turn.
func (a *availability) Collect(metrics chan<- prometheus.Metric) {
	for ref, warned := range a.latched.Latched() {
		value := 0.0
		if warned {
			value = 1
		}
		metrics <- prometheus.MustNewConstMetric(a.desc, prometheus.GaugeValue, value, ref.Project, ref.Environment, ref.Flag)
	}
}
