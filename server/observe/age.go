package observe

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/server/replica"
)

// Statuses tells how every environment is served.
type Statuses interface {
	Statuses() []replica.Status
}

// ages tells, at each collection, how long ago each environment was last the same as in the store.
type ages struct {
	replica Statuses
	now     func() time.Time
	start   time.Time
	desc    *prometheus.Desc
}

// NewAges returns a collector of the ages of the served environments. An age is a duration, not a time. So the clocks
// of the replica and of Prometheus need not agree.
func NewAges(replica Statuses, now func() time.Time) prometheus.Collector {
	return &ages{
		replica: replica, now: now, start: now(),
		desc: prometheus.NewDesc(
			"tidegate_snapshot_age_seconds",
			"Time since what this replica serves was last found to be what the store has; if it never was, since the start.",
			[]string{"project", "environment"},
			nil,
		),
	}
}

// Describe sends the one description.
func (a *ages) Describe(descs chan<- *prometheus.Desc) { descs <- a.desc }

// Collect sends one age for each environment.
func (a *ages) Collect(metrics chan<- prometheus.Metric) {
	now := a.now()
	for _, status := range a.replica.Statuses() {
		since := status.AgreedAt
		if since.IsZero() {
			since = a.start
		}
		age := max(now.Sub(since), 0).Seconds()
		metrics <- prometheus.MustNewConstMetric(a.desc, prometheus.GaugeValue, age, status.Project, status.Environment)
	}
}
