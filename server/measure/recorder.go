package measure

import (
	"context"
	"fmt"
	"hash/maphash"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

const (
	// flushEvery is how often the spans that have ended are stored. retryEvery is how often that is tried while the
	// store is away.
	flushEvery, retryEvery = 100 * time.Millisecond, 2 * time.Second
	// maxUnstored bounds the spans that wait while the store is away. Above it the oldest are dropped.
	maxUnstored = 10_000
	// flushBatch is how many spans are written at once.
	flushBatch = 500
)

// Source is the process that reports; each part may be empty.
type Source struct{ Service, Version, Instance string }

// TrackingEvent is what an application tracked, in the words of OpenFeature. Attributes are the evaluation context;
// they are not kept.
type TrackingEvent struct {
	Name       string
	Value      float64
	Attributes map[string]any
}

// Evaluations tell how often a flag served a variation.
type Evaluations struct {
	Flag, Variation string
	Count           int64
}

// Recorder counts events for the guards of releases. It is safe for concurrent use.
type Recorder struct {
	store     Store
	snapshots Snapshots
	now       func() time.Time
	log       *slog.Logger
	observer  string
	seed      maphash.Seed
	reads     singleflight.Group // of watches, by what they are of

	mu       sync.Mutex // guards what follows
	watches  map[store.EnvironmentRef]*watch
	open     map[spanKey]*span
	seen     map[spanKey]*seen
	unstored []store.Measurement
}

// NewRecorder returns a Recorder that stores what it counts while it runs.
func NewRecorder(s Store, snapshots Snapshots, now func() time.Time, log *slog.Logger) *Recorder {
	return &Recorder{
		store: s, snapshots: snapshots, now: now, log: log, observer: uuid.NewString(), seed: maphash.MakeSeed(),
		watches: make(map[store.EnvironmentRef]*watch),
		open:    make(map[spanKey]*span), seen: make(map[spanKey]*seen),
	}
}

// Record counts what a process of the environment reports. It tells how many of the events a guard asks for. It fails
// if it does not know yet what guards ask for. Then it has counted nothing.
func (r *Recorder) Record(
	ctx context.Context,
	ref store.EnvironmentRef,
	from Source,
	events []TrackingEvent,
	evaluations []Evaluations,
) (measured int, err error) {
	snapshot, err := r.snapshots.Snapshot(ref)
	if err != nil {
		return 0, err
	}
	w, err := r.watch(ctx, ref, snapshot)
	if err != nil || len(w.releases) == 0 {
		return 0, err
	}
	if is, err := w.shadow(ctx, from); err != nil || is {
		return 0, err
	}
	// Evaluating needs no lock, so it comes first.
	found := make([]finding, 0, len(events))
	budget := evaluator.NewBudget(ctx.Done())
	for _, e := range events {
		asked := w.byMetric[e.Name]
		if len(asked) == 0 {
			continue
		}
		measured++
		c := evaluator.MapContext(e.Attributes)
		if from.Service != "" {
			c = c.WithInstance(from.Service, from.Version, from.Instance)
		}
		for _, i := range asked {
			found = append(
				found,
				finding{&w.releases[i], e, w.snapshot.EvaluateWithin(&budget, w.releases[i].flag, &c)},
			)
		}
	}
	r.count(ref, from, w, found, evaluations)
	return measured, nil
}

// finding is an event, and what a release serves to its context.
type finding struct {
	release *watched
	event   TrackingEvent
	result  evaluator.Result
}

// count adds what was found to the open spans.
func (r *Recorder) count(ref store.EnvironmentRef, from Source, w *watch, found []finding, evaluations []Evaluations) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for _, f := range found {
		s := r.span(ref, f.release, now)
		arm := f.release.arm(f.result)
		s.add(f.release, arm, f.result.Variation, from.Version, f.event)
		unit, is := f.release.units[f.event.Name]
		if arm == release.ArmOutside || !is {
			continue
		}
		s.units[unit]++
		if !r.step(s).first(r.seed, bucketKey(f.event.Attributes, f.release.bucketBy)) {
			continue
		}
		if arm == release.ArmExposed {
			s.assigned.Exposed++
		} else {
			s.assigned.Unexposed++
		}
	}
	for _, e := range evaluations {
		for i := range w.releases {
			if o := &w.releases[i]; o.flag == e.Flag && o.variation == e.Variation {
				r.span(ref, o, now).exposures += e.Count
			}
		}
	}
}

// span is the open span for the step of the release. If there is none, it opens one.
func (r *Recorder) span(ref store.EnvironmentRef, o *watched, now time.Time) *span {
	key := spanKey{EnvironmentRef: ref, release: o.id, step: o.step, share: o.share}
	s := r.open[key]
	if s != nil && !s.over(now) {
		return s
	}
	if s != nil {
		r.close(s)
	}
	s = newSpan(key, o, now)
	r.open[key] = s
	return s
}

// close moves a span to those that will be stored.
func (r *Recorder) close(s *span) {
	delete(r.open, s.key)
	r.unstored = append(r.unstored, s.measurement(r.observer))
	for unit, count := range s.units {
		r.step(s).units[unit] += count
	}
}

// step is what is remembered of the step to which the span belongs.
func (r *Recorder) step(s *span) *seen {
	known := r.seen[s.key]
	if known == nil {
		known = &seen{units: make([]int64, len(s.units))}
		r.seen[s.key] = known
	}
	return known
}

// watch is what is measured in the environment. It is read again when the environment has changed. While the store is
// away, nothing can move a release, so the last watch still serves.
func (r *Recorder) watch(ctx context.Context, ref store.EnvironmentRef, snapshot *evaluator.Snapshot) (*watch, error) {
	r.mu.Lock()
	w := r.watches[ref]
	r.mu.Unlock()
	if w != nil && w.current(snapshot, r.now()) {
		return w, nil
	}
	// All who report meanwhile share one read. If it fails, it fails for all of them.
	of := fmt.Sprintf("%s/%s %s.%d", ref.Project, ref.Environment, snapshot.Epoch(), snapshot.Revision())
	fresh, err, _ := r.reads.Do(of, func() (any, error) { return r.renew(ctx, ref, snapshot) })
	switch {
	case err == nil:
		return fresh.(*watch), nil
	case w != nil:
		return w, nil
	default:
		return nil, err
	}
}

// renew reads what is measured at the revision of the snapshot.
func (r *Recorder) renew(ctx context.Context, ref store.EnvironmentRef, snapshot *evaluator.Snapshot) (*watch, error) {
	r.mu.Lock()
	w := r.watches[ref]
	r.mu.Unlock()
	if w != nil && w.current(snapshot, r.now()) { // one that has just ended has read it
		return w, nil
	}
	ctx, cancel := shared(ctx)
	defer cancel()
	fresh, err := newWatch(ctx, r.store, ref, snapshot, r.now())
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if w := r.watches[ref]; w != nil && w.newer(fresh) {
		return w, nil
	}
	r.watches[ref] = fresh
	r.forget(ref, fresh)
	return fresh, nil
}

// forget drops what is remembered of steps that are over.
func (r *Recorder) forget(ref store.EnvironmentRef, w *watch) {
	maps.DeleteFunc(r.seen, func(key spanKey, _ *seen) bool {
		if key.EnvironmentRef != ref {
			return false
		}
		for _, o := range w.releases {
			if o.id == key.release && o.step == key.step && o.share == key.share {
				return false
			}
		}
		return true
	})
}
