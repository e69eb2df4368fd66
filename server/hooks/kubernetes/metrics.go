package kubernetes

import "github.com/prometheus/client_golang/prometheus"

// metrics are what a Watcher measures of itself.
type metrics struct {
	reachable *prometheus.GaugeVec
	waiting   prometheus.Gauge
	reports   *prometheus.CounterVec
}

// newMetrics registers the metrics, unless there is no registerer.
func newMetrics(registerer prometheus.Registerer) *metrics {
	m := &metrics{
		reachable: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "tidegate_watch_reachable",
			Help: "Whether the Deployments of the namespace can be followed; the empty namespace stands for all.",
		}, []string{"namespace"}),
		waiting: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "tidegate_watch_reports_waiting", Help: "Rollouts whose last report has not been taken in yet.",
		}),
		reports: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_watch_reports_total",
			Help: "Reports of rollouts by outcome: taken, refused or unreachable.",
		}, []string{"outcome"}),
	}
	if registerer != nil {
		registerer.MustRegister(m.reachable, m.waiting, m.reports)
	}
	return m
}
