package measure

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

const (
	// refreshEvery is the greatest age of what the Book knows of new measurements.
	refreshEvery = 100 * time.Millisecond
	// A look for new measurements begins earlier than the newest measurement, by overlap. Replicas have different
	// clocks, and a write may take a while. Such a long look is made once in searchEvery. The looks in between begin
	// only justBefore the newest measurement.
	overlap, searchEvery = store.LeaseTolerance, time.Second
	justBefore           = 2 * time.Second
	// bookMemory is how long a release is kept after somebody last asked for it.
	bookMemory = 10 * time.Minute
)

// Book knows where the guards of releases stand, from what all replicas have stored. When somebody first asks for a
// release, the Book reads everything of it. From then on it reads what is new, of all releases at once. It is safe
// for concurrent use. It holds no lock while it reads, so a release whose measurements are slow to read does not
// delay the others.
type Book struct {
	store Store
	now   func() time.Time
	reads singleflight.Group // those under way, which all who need them share

	mu        sync.Mutex // guards what follows
	ledgers   map[string]*ledger
	newest    time.Time // of what was written
	refreshed time.Time // when it was looked last, and
	searched  time.Time // when for all that may have been missed
}

// NewBook returns an empty Book.
func NewBook(s Store, now func() time.Time) *Book {
	return &Book{store: s, now: now, ledgers: make(map[string]*ledger)}
}

// Standing gives where the guards of a release stand in the step that it serves. A release that has not started has
// no standing.
func (b *Book) Standing(ctx context.Context, r store.Release) (standing release.Standing, err error) {
	err = b.look(ctx, r, func(l *release.Ledger) { standing = l.Standing(r.State.Step) })
	return standing, err
}

// Breached tells whether any guard of the release was breached since its measurements began, be it one that compares
// or one that checks a value elsewhere. It costs less than Standing. It ignores the sample ratio.
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

// look brings the ledger of the release up to date and calls with on it. It does nothing if there is nothing to
// measure.
func (b *Book) look(ctx context.Context, r store.Release, with func(*release.Ledger)) error {
	if r.State.StartedAt == nil {
		return nil
	}
	if err := b.refresh(ctx); err != nil {
		return err
	}
	l := b.ledger(r)
	if !l.complete() {
		if err := b.open(ctx, r, l); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	with(l.Ledger)
	return nil
}

// ledger is the ledger of the release. It may be new, and then it has to be opened.
func (b *Book) ledger(r store.Release) *ledger {
	since := *r.State.StartedAt
	if r.State.MeasuredSince != nil {
		since = *r.State.MeasuredSince
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.ledgers[r.ID]
	if l == nil || !l.since.Equal(since) {
		l = newLedger(r, since)
		b.ledgers[r.ID] = l
		if b.newest.IsZero() {
			b.newest = b.now()
		}
	}
	l.asked = b.now()
	return l
}

// open reads everything of a release into its ledger. The ledger began to take in new measurements before this read,
// so nothing is missed in between.
func (b *Book) open(ctx context.Context, r store.Release, l *ledger) error {
	_, err, _ := b.reads.Do(fmt.Sprintf("release %s since %d", r.ID, l.since.UnixNano()), func() (any, error) {
		ctx, cancel := shared(ctx)
		defer cancel()
		all, err := b.store.ListMeasurements(ctx, r.EnvironmentRef, r.ID)
		if err == nil {
			l.fill(all)
		}
		return nil, err
	})
	return err
}

// refresh takes in what is new.
func (b *Book) refresh(ctx context.Context) error {
	if _, _, due := b.due(); !due {
		return nil
	}
	_, err, _ := b.reads.Do("what is new", func() (any, error) {
		since, search, due := b.due()
		if !due {
			return nil, nil
		}
		now := b.now()
		ctx, cancel := shared(ctx)
		defer cancel()
		fresh, err := b.store.ListNewMeasurements(ctx, since)
		if err == nil {
			b.takeIn(fresh, now, search)
		}
		return nil, err
	})
	return err
}

// due tells whether it is time to look for what is new, and from when on. Search tells whether the look is a long
// one, for everything that may have been missed.
func (b *Book) due() (since time.Time, search, due bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if age := now.Sub(b.refreshed); len(b.ledgers) == 0 || age >= 0 && age < refreshEvery {
		return since, false, false
	}
	if age := now.Sub(b.searched); age < 0 || age >= searchEvery {
		return b.newest.Add(-overlap), true, true
	}
	return b.newest.Add(-justBefore), false, true
}

// takeIn adds to the ledgers what was read at the time now.
func (b *Book) takeIn(fresh []store.Measurement, now time.Time, searched bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refreshed = now
	if searched {
		b.searched = now
	}
	for _, m := range fresh {
		if m.WrittenAt.After(b.newest) && !m.WrittenAt.After(now) { // one whose clock is ahead must not hide the others
			b.newest = m.WrittenAt
		}
		if l := b.ledgers[m.Release]; l != nil {
			l.take(m)
		}
	}
	maps.DeleteFunc(b.ledgers, func(_ string, l *ledger) bool {
		l.forget(b.newest.Add(-overlap))
		return now.Sub(l.asked) > bookMemory
	})
}

// shared is the context of a read whose result others may wait for too. It does not end when the context of the first
// who asked ends.
func shared(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
}
