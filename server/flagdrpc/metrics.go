package flagdrpc

import (
	"context"
	"time"

	"connectrpc.com/connect"
	"github.com/prometheus/client_golang/prometheus"
)

// Metrics measures requests that get one answer. Streams are measured when they are admitted. Metrics is an
// interceptor.
type Metrics struct {
	duration *prometheus.HistogramVec
}

// NewMetrics registers the measurements. If reg is nil, they are not visible to anybody.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "tidegate_flagd_duration_seconds",
		Help:    "How long requests of flagd's protocols took, by procedure and gRPC code.",
		Buckets: []float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1},
	}, []string{"procedure", "code"})}
	if reg != nil {
		reg.MustRegister(m.duration)
	}
	return m
}

// refusedBefore is the procedure of requests that are refused before their procedure is known.
const refusedBefore = "other"

// refused measures a request that was refused before it was read.
func (m *Metrics) refused(began time.Time, err *connect.Error) {
	m.duration.WithLabelValues(refusedBefore, err.Code().String()).Observe(time.Since(began).Seconds())
}

// WrapUnary measures.
func (m *Metrics) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		began := time.Now()
		response, err := next(ctx, request)
		code := "ok"
		if err != nil {
			code = connect.CodeOf(err).String()
		}
		m.duration.WithLabelValues(request.Spec().Procedure, code).Observe(time.Since(began).Seconds())
		return response, err
	}
}

// WrapStreamingClient does nothing: there are no clients here.
func (m *Metrics) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

// WrapStreamingHandler does nothing.
func (m *Metrics) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}
