package measure

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

const (
	// refreshEvery is how old what is known of new measurements may be.
	refreshEvery = 100 * time.Millisecond
	// A look begins overlap before the newest measurement, since replicas have different clocks and a write may take a
	// while; of those within searchEvery of each other, all but the first begin only just before it.
	overlap, searchEvery = store.LeaseTolerance, time.Second
	justBefore           = 2 * time.Second
	// bookMemory is how long a release is kept that nobody asks for.
	bookMemory = 10 * time.Minute
)

// Book knows where the guards of releases stand, from what all replicas have stored. It reads everything of a release when
// it is first asked for it, and from then on what is new of all of them at once. It is safe for concurrent use.
type Book struct {
	store Store
	now   func() time.Time

	mu        sync.Mutex // guards what follows
	ledgers   map[string]*ledger
	newest    time.Time // of what was written
	refreshed time.Time // when it was looked last, and
	searched  time.Time // when for all that may have been missed
}

// ledger is that of one release.
type ledger struct {
	*release.Ledger
	since time.Time
	asked time.Time
	known map[measurementKey]time.Time // when the measurements that may be read again were written
}

type measurementKey struct {
	observer string
	from     int64
	step     int
}

// NewBook returns an empty Book.
func NewBook(s Store, now func() time.Time) *Book {
	return &Book{store: s, now: now, ledgers: make(map[string]*ledger)}
}

// Standing of a release in the step that it serves. One that has not started has none.
func (b *Book) Standing(ctx context.Context, r store.Release) (standing release.Standing, err error) {
	err = b.look(ctx, r, func(l *release.Ledger) { standing = l.Standing(r.State.Step) })
	return standing, err
}

// Breached tells whether a guard of the release that compares or checks was ever breached since it measures. It costs
// less than Standing and says nothing of the sample ratio.
func (b *Book) Breached(ctx context.Context, r store.Release) (is bool, err error) {
	err = b.look(ctx, r, func(l *release.Ledger) { is = l.Breached() })
	return is, err
}

// Series are the points of each guard of a release, for plots.
func (b *Book) Series(ctx context.Context, r store.Release) (map[string][]release.Point, error) {
	var series map[string][]release.Point
	err := b.look(ctx, r, func(l *release.Ledger) { series = l.Series() })
	return series, err
}

// look calls with the ledger of the release, brought up to date, if there is anything to measure.
func (b *Book) look(ctx context.Context, r store.Release, with func(*release.Ledger)) error {
	if r.State.StartedAt == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if err := b.refresh(ctx, now); err != nil {
		return err
	}
	since := *r.State.StartedAt
	if r.State.MeasuredSince != nil {
		since = *r.State.MeasuredSince
	}
	l := b.ledgers[r.ID]
	if l == nil || !l.since.Equal(since) {
		var err error
		if l, err = b.open(ctx, r, since); err != nil {
			return err
		}
	}
	l.asked = now
	with(l.Ledger)
	return nil
}

// open reads everything of a release.
func (b *Book) open(ctx context.Context, r store.Release, since time.Time) (*ledger, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	all, err := b.store.ListMeasurements(ctx, r.EnvironmentRef, r.ID)
	if err != nil {
		return nil, err
	}
	l := &ledger{Ledger: release.NewLedger(r.Spec), since: since, known: make(map[measurementKey]time.Time)}
	for _, m := range all {
		l.add(m)
	}
	if b.newest.IsZero() {
		b.newest = b.now()
	}
	b.ledgers[r.ID] = l
	return l, nil
}

// refresh takes in what is new.
func (b *Book) refresh(ctx context.Context, now time.Time) error {
	if age := now.Sub(b.refreshed); len(b.ledgers) == 0 || age >= 0 && age < refreshEvery {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	since := b.newest.Add(-justBefore)
	age := now.Sub(b.searched)
	search := age < 0 || age >= searchEvery
	if search {
		since = b.newest.Add(-overlap)
	}
	fresh, err := b.store.ListNewMeasurements(ctx, since)
	if err != nil {
		return err
	}
	b.refreshed = now
	if search {
		b.searched = now
	}
	for _, m := range fresh {
		if m.WrittenAt.After(b.newest) && !m.WrittenAt.After(now) { // one whose clock is ahead must not hide the others
			b.newest = m.WrittenAt
		}
		if l := b.ledgers[m.Release]; l != nil {
			l.add(m)
		}
	}
	maps.DeleteFunc(b.ledgers, func(_ string, l *ledger) bool {
		l.forget(b.newest.Add(-overlap))
		return now.Sub(l.asked) > bookMemory
	})
	return nil
}

// add takes in a measurement, once, unless it is from before.
func (l *ledger) add(m store.Measurement) {
	key := measurementKey{observer: m.Observer, from: m.From.UnixMicro(), step: m.Step}
	if _, known := l.known[key]; known || m.From.Before(l.since) {
		return
	}
	l.known[key] = m.WrittenAt
	l.Add(m.Measurement)
}

// forget drops what will not be read again.
func (l *ledger) forget(before time.Time) {
	maps.DeleteFunc(l.known, func(_ measurementKey, written time.Time) bool { return written.Before(before) })
}
