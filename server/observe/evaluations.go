package observe

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The paths of evaluation in OFREP.
const (
	bulkPath   = "/ofrep/v1/evaluate/flags"
	singlePath = bulkPath + "/"
)

// Evaluations measures evaluation requests. Each request costs two readings of the clock and two atomic additions.
// Evaluations does not log. It traces only requests that the caller has sampled.
type Evaluations struct {
	tracing  *Tracing
	duration *prometheus.HistogramVec
	single   statusObservers
	bulk     statusObservers
	pool     sync.Pool
}

// statusObservers are the histograms of the usual statuses. Reading them takes no lock, because they never change.
type statusObservers struct {
	endpoint string
	byStatus map[int]prometheus.Observer
}

// usualStatuses are the statuses of OFREP's answers.
var usualStatuses = [...]int{
	http.StatusOK,
	http.StatusNotModified,
	http.StatusBadRequest,
	http.StatusUnauthorized,
	http.StatusForbidden,
	http.StatusNotFound,
	http.StatusTooManyRequests,
	http.StatusServiceUnavailable,
}

// NewEvaluations registers the measurements with reg. Tracing may be nil.
func NewEvaluations(tracing *Tracing, reg prometheus.Registerer) *Evaluations {
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "tidegate_evaluation_duration_seconds",
		Help:    "How long evaluation requests took; endpoint is single or bulk.",
		Buckets: []float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1},
	}, []string{"endpoint", "status"})
	reg.MustRegister(duration)
	e := &Evaluations{
		tracing:  tracing,
		duration: duration,
		single:   newStatusObservers(duration, "single"),
		bulk:     newStatusObservers(duration, "bulk"),
	}
	e.pool.New = func() any { return new(statusRecorder) }
	return e
}

func newStatusObservers(duration *prometheus.HistogramVec, endpoint string) statusObservers {
	o := statusObservers{endpoint: endpoint, byStatus: make(map[int]prometheus.Observer, len(usualStatuses))}
	for _, status := range usualStatuses {
		o.byStatus[status] = duration.WithLabelValues(endpoint, strconv.Itoa(status))
	}
	return o
}

// Middleware measures evaluation requests. It passes on all requests.
func (e *Evaluations) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		observers := e.observers(r)
		if observers == nil {
			next.ServeHTTP(w, r)
			return
		}
		start := time.Now()
		recorder := e.pool.Get().(*statusRecorder)
		recorder.ResponseWriter, recorder.status = w, http.StatusOK
		if e.tracing.sampled(r) {
			e.tracing.evaluate(recorder, r, observers.endpoint, next)
		} else {
			next.ServeHTTP(recorder, r)
		}
		e.observe(observers, recorder.status, time.Since(start))
		// After a panic this line is not reached: the garbage collector frees the recorder.
		recorder.ResponseWriter = nil
		e.pool.Put(recorder)
	})
}

// observers returns nil for requests that are not evaluations: streams of events and preflight requests.
func (e *Evaluations) observers(r *http.Request) *statusObservers {
	switch {
	case r.Method != http.MethodPost:
		return nil
	case r.URL.Path == bulkPath:
		return &e.bulk
	case strings.HasPrefix(r.URL.Path, singlePath):
		return &e.single
	default:
		return nil
	}
}

func (e *Evaluations) observe(observers *statusObservers, status int, took time.Duration) {
	observer, usual := observers.byStatus[status]
	if !usual {
		observer = e.duration.WithLabelValues(observers.endpoint, strconv.Itoa(status))
	}
	observer.Observe(took.Seconds())
}

// statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the status.
func (w *statusRecorder) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
