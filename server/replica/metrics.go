package replica

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/store"
)

// Metrics are the measurements of a replica.
type Metrics struct {
	revision *prometheus.GaugeVec
	kept     *prometheus.CounterVec
	behind   *prometheus.CounterVec
	refusals *prometheus.CounterVec
	failures *prometheus.CounterVec
	stale    *prometheus.GaugeVec
}

// NewMetrics registers the measurements. If reg is nil, they are not visible to anybody.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	environment := []string{"project", "environment"}
	m := &Metrics{
		revision: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "tidegate_snapshot_revision", Help: "Revision that this replica serves.",
		}, environment),
		stale: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "tidegate_snapshot_stale", Help: "1 while what is served could not be compared with the store.",
		}, environment),
		kept: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_snapshot_problems_total",
			Help: "Flags and segments that did not compile and were kept out of a snapshot.",
		}, environment),
		behind: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_snapshot_ignored_total",
			Help: "Times the store was behind the revision served, which was kept.",
		}, environment),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_snapshot_refused_total",
			Help: "Snapshots refused: too large, of an unknown format, or invalid. The one before is served on.",
		}, append(environment, "reason")),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_snapshot_failures_total", Help: "Failed operations of the snapshot loader.",
		}, []string{"operation"}),
	}
	// The counters begin at zero, so that a rate in Prometheus includes the first event.
	for _, operation := range []string{"poll", "listen", "load", "save"} {
		m.failures.WithLabelValues(operation)
	}
	if reg != nil {
		reg.MustRegister(m.revision, m.stale, m.kept, m.behind, m.refusals, m.failures)
	}
	return m
}

// expectEnvironment begins the counters of one environment at zero.
func (m *Metrics) expectEnvironment(ref store.EnvironmentRef) {
	m.behind.WithLabelValues(ref.Project, ref.Environment)
	m.kept.WithLabelValues(ref.Project, ref.Environment)
	for _, reason := range []string{refusedSize, refusedFormat, refusedInvalid} {
		m.refusals.WithLabelValues(ref.Project, ref.Environment, reason)
	}
}
