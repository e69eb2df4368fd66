package measure

import (
	"maps"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// ledger is the ledger of one release in a Book.
type ledger struct {
	since time.Time
	asked time.Time // the Book's

	mu sync.Mutex // guards what follows; it is held for additions and sums, never for reads
	*release.Ledger
	known map[measurementKey]time.Time // when the measurements that may be read again were written
	// early are the new measurements that came before everything older had been read.
	early  []store.Measurement
	filled bool
}

type measurementKey struct {
	observer string
	from     int64
	step     int
}

func newLedger(r store.Release, since time.Time) *ledger {
	return &ledger{Ledger: release.NewLedger(r.Spec), since: since, known: make(map[measurementKey]time.Time)}
}

// complete tells whether everything older has been read.
func (l *ledger) complete() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.filled
}

// fill takes in everything that was stored before, and then the new measurements that came meanwhile.
func (l *ledger) fill(all []store.Measurement) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range all {
		l.add(m)
	}
	for _, m := range l.early {
		l.add(m)
	}
	l.early, l.filled = nil, true
}

// take takes in what is new.
func (l *ledger) take(m store.Measurement) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.filled {
		l.early = append(l.early, m)
		return
	}
	l.add(m)
}

// add takes in a measurement once. It ignores a measurement from before the ledger begins.
func (l *ledger) add(m store.Measurement) {
	key := measurementKey{observer: m.Observer, from: m.From.UnixMicro(), step: m.Step}
	if _, known := l.known[key]; known || m.From.Before(l.since) {
		return
	}
	l.known[key] = m.WrittenAt
	l.Add(m.Measurement)
}

// forget drops what is remembered of measurements that will not be read again.
func (l *ledger) forget(before time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.known, func(_ measurementKey, written time.Time) bool { return written.Before(before) })
}
