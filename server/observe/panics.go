package observe

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/supervise"
)

// Panics collects how often each piece of work of the process has panicked.
type Panics struct {
	owner  *supervise.Supervisor
	panics *prometheus.Desc
}

// NewPanics collects from owner, which owns the goroutines of the process.
func NewPanics(owner *supervise.Supervisor) *Panics {
	return &Panics{owner, prometheus.NewDesc("tidegate_panics_total",
		"Panics, by the piece of work that failed and is tried again; the process goes on.", []string{"piece"}, nil)}
}

// Describe sends the description.
func (p *Panics) Describe(descs chan<- *prometheus.Desc) { descs <- p.panics }

// Collect sends the counts.
func (p *Panics) Collect(metrics chan<- prometheus.Metric) {
	for piece, count := range p.owner.Counts() {
		metrics <- prometheus.MustNewConstMetric(p.panics, prometheus.CounterValue, float64(count), piece)
	}
}
