package observe

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/store"
)

// These bounds limit the questions to the store: at most one small query for each environment and interval.
const (
	propagationInterval = time.Second
	propagationTimeout  = 2 * time.Second
)

// Changes is the part of a store.Store that lists changes.
type Changes interface {
	ListChanges(ctx context.Context, ref store.EnvironmentRef, filter store.ChangeFilter) ([]store.Change, error)
}

// Propagation measures the time from a change until this replica serves it. If several changes come close together,
// it measures the last. The time of a change is from the clock of the replica that wrote it.
type Propagation struct {
	changes  Changes
	now      func() time.Time
	log      *slog.Logger
	delay    *prometheus.HistogramVec
	interval time.Duration
	moved    chan struct{}

	mu      sync.Mutex
	arrived map[store.EnvironmentRef]arrival
}

// arrival is a revision that an environment has reached, and the time when it did.
type arrival struct {
	revision int64
	at       time.Time
}

// NewPropagation registers the measurement with reg. Run must be running.
func NewPropagation(changes Changes, now func() time.Time, log *slog.Logger, reg prometheus.Registerer) *Propagation {
	p := &Propagation{
		changes:  changes,
		now:      now,
		log:      log,
		interval: propagationInterval,
		moved:    make(chan struct{}, 1),
		arrived:  make(map[store.EnvironmentRef]arrival),
		delay: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "tidegate_propagation_delay_seconds",
			Help:    "Time from a change to this replica's serving it, sampled at most once a second for each environment.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30},
		}, []string{"project", "environment"}),
	}
	reg.MustRegister(p.delay)
	return p
}

// Moved notes that another revision of an environment is served. It never blocks. It ignores a start and a database
// that was restored, because they say nothing about propagation.
func (p *Propagation) Moved(ref store.EnvironmentRef, from, to store.Cursor) {
	if from.Epoch != to.Epoch {
		return
	}
	p.mu.Lock()
	p.arrived[ref] = arrival{revision: to.Revision, at: p.now()}
	p.mu.Unlock()
	select {
	case p.moved <- struct{}{}:
	default:
	}
}

// Run measures until ctx ends.
func (p *Propagation) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.moved:
		}
		p.mu.Lock()
		arrived := p.arrived
		p.arrived = make(map[store.EnvironmentRef]arrival)
		p.mu.Unlock()
		for ref, a := range arrived {
			p.measure(ctx, ref, a)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(p.interval):
		}
	}
}

func (p *Propagation) measure(ctx context.Context, ref store.EnvironmentRef, a arrival) {
	ctx, cancel := context.WithTimeout(ctx, propagationTimeout)
	defer cancel()
	changes, err := p.changes.ListChanges(ctx, ref, store.ChangeFilter{Before: a.revision + 1, Limit: 1})
	if err != nil {
		p.log.DebugContext(
			ctx,
			"a propagation delay cannot be measured",
			"project",
			ref.Project,
			"environment",
			ref.Environment,
			"error",
			err,
		)
		return
	}
	if len(changes) == 0 || changes[0].Revision != a.revision {
		return
	}
	delay := max(a.at.Sub(changes[0].At), 0)
	p.delay.WithLabelValues(ref.Project, ref.Environment).Observe(delay.Seconds())
}
