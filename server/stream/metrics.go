package stream

import "github.com/prometheus/client_golang/prometheus"

// Reason is why a stream is refused with 503, as a label of the metric.
type Reason string

// These are the reasons that only the protocol of a stream can detect. Streams counts its own reasons.
const (
	ReasonNotReady     Reason = "not_ready"
	ReasonKeyUnchecked Reason = "key_unchecked"

	reasonCapacity Reason = "capacity"
	reasonStopping Reason = "stopping"
)

// Metrics are the measurements of streams.
type Metrics struct {
	streams *prometheus.GaugeVec
	dropped *prometheus.CounterVec
	refused *prometheus.CounterVec
}

// NewMetrics registers the measurements. If reg is nil, they are not visible to anybody.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		streams: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "tidegate_streams", Help: "Open streams: server-sent events, and those of flagd's protocols.",
		}, []string{"kind"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_streams_dropped_total",
			Help: "Streams ended because the client did not take what was written.",
		}, []string{"kind"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_streams_refused_total",
			Help: "Streams answered with 503: at capacity, while stopping, without a snapshot yet, or while a key cannot be checked.",
		}, []string{"reason"}),
	}
	m.expect()
	if reg != nil {
		reg.MustRegister(m.streams, m.dropped, m.refused)
	}
	return m
}

// expect begins the known counters at zero, so that a rate in Prometheus includes the first event.
func (m *Metrics) expect() {
	for _, kind := range []string{"sdk", "ofrep", "events", "flagd-events", "flagd-sync"} {
		m.streams.WithLabelValues(kind)
		m.dropped.WithLabelValues(kind)
	}
	for _, reason := range []Reason{reasonCapacity, reasonStopping, ReasonNotReady, ReasonKeyUnchecked} {
		m.refused.WithLabelValues(string(reason))
	}
}

// Refused counts a stream that its protocol has refused with 503 before it called Admit or Serve.
func (s *Streams) Refused(reason Reason) { s.metrics.refused.WithLabelValues(string(reason)).Inc() }
