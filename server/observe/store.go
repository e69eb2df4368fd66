package observe

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// The reasons of failures that are of interest to operators.
const (
	reasonConflict    = "conflict"
	reasonUnavailable = "unavailable"
	reasonFull        = "full"
	reasonOther       = "other"
)

// Store is a store.Store that measures its operations. In a request that is traced, each operation is also a span.
// Methods that do no more than this are generated: see internal/decorate.
type Store struct {
	inner    store.Store
	tracer   trace.Tracer
	duration *prometheus.HistogramVec
	errors   *prometheus.CounterVec
	finished *prometheus.CounterVec
}

var _ store.Store = (*Store)(nil)

// NewStore registers the measurements of s with reg. Closing it closes s.
func NewStore(s store.Store, reg prometheus.Registerer, tracer trace.Tracer) *Store {
	o := &Store{
		inner: s, tracer: tracer,
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "tidegate_store_operation_duration_seconds",
			Help:    "How long operations of the store took, failed ones too.",
			Buckets: []float64{0.001, 0.005, 0.02, 0.1, 0.5, 2, 10},
		}, []string{"operation"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_store_errors_total",
			Help: "Operations of the store that failed; what does not exist, or exists already, is no failure.",
		}, []string{"reason"}),
		finished: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_releases_finished_total",
			Help: "Releases that this replica has completed or reverted, by itself or for a person.",
		}, []string{"project", "environment", "phase"}),
	}
	for _, reason := range []string{reasonConflict, reasonUnavailable, reasonFull, reasonOther} {
		o.errors.WithLabelValues(reason)
	}
	reg.MustRegister(o.duration, o.errors, o.finished)
	return o
}

// Close closes the store. It is not measured.
func (s *Store) Close() error { return s.inner.Close() }

// PutRelease also counts the ends of releases.
func (s *Store) PutRelease(
	ctx context.Context,
	r store.Release,
	config *store.ConfigWrite,
	ifVersion int64,
	by store.Attribution,
) (store.Release, error) {
	var stored store.Release
	err := s.do(ctx, "PutRelease", func(ctx context.Context) (err error) {
		stored, err = s.inner.PutRelease(ctx, r, config, ifVersion, by)
		return err
	})
	if err != nil {
		return stored, err
	}
	for _, end := range []release.Phase{release.PhaseCompleted, release.PhaseReverted} {
		// The counter begins with the first step of a release, so that a rate in Prometheus includes the end of the
		// release.
		ended := s.finished.WithLabelValues(stored.Project, stored.Environment, string(end))
		if stored.State.Phase == end {
			ended.Inc()
		}
	}
	return stored, nil
}

// do runs one operation. It makes a span only inside another span. Otherwise the regular work of the server would
// make useless spans every second.
func (s *Store) do(ctx context.Context, operation string, f func(context.Context) error) error {
	if trace.SpanFromContext(ctx).IsRecording() {
		var span trace.Span
		ctx, span = s.tracer.Start(ctx, "store "+operation, trace.WithSpanKind(trace.SpanKindClient))
		defer span.End()
	}
	start := time.Now()
	err := f(ctx)
	s.duration.WithLabelValues(operation).Observe(time.Since(start).Seconds())
	if reason := failureReason(err); reason != "" {
		s.errors.WithLabelValues(reason).Inc()
		trace.SpanFromContext(ctx).SetStatus(codes.Error, reason)
	}
	return err
}

// failureReason returns the reason of a failure if it is of interest to operators. Otherwise it returns "".
func failureReason(err error) string {
	switch {
	case err == nil,
		errors.Is(err, store.ErrNotFound),
		errors.Is(err, store.ErrExists),
		errors.Is(err, store.ErrRepeated),
		errors.Is(err, store.ErrInvalid),
		errors.Is(err, context.Canceled):
		return ""
	case errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrMoved):
		return reasonConflict
	case errors.Is(err, store.ErrFull):
		return reasonFull
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return reasonUnavailable
	default:
		return reasonOther
	}
}
