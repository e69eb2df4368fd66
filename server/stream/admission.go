package stream

import (
	"math/rand/v2"
	"time"
)

// Admission is the place of one stream that its own protocol writes, not Serve. Such a stream counts like any other:
// for the capacity, the metrics and Close.
type Admission struct {
	streams *Streams
	kind    string
}

// Admit lets a stream in. kind is its label in the metrics. Admit fails with ErrAtCapacity or ErrClosing. After
// Closing, the stream must end soon and then call Leave.
func (s *Streams) Admit(kind string) (*Admission, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	s.metrics.streams.WithLabelValues(kind).Inc()
	return &Admission{streams: s, kind: kind}, nil
}

// Leave gives the place up.
func (a *Admission) Leave() {
	a.streams.metrics.streams.WithLabelValues(a.kind).Dec()
	a.streams.leave()
}

// KeepAlive is the time between keep-alives on a stream without events.
func (a *Admission) KeepAlive() time.Duration { return a.streams.options.KeepAlive }

// Spread is a random wait: the stream ends that long after Closing. Its clients cannot be told when to come back, and
// they must not all come at once.
func (a *Admission) Spread() time.Duration { return rand.N(a.streams.options.DrainSpread) }

// Dropped counts the stream as dropped: its client did not read what was written.
func (a *Admission) Dropped() { a.streams.metrics.dropped.WithLabelValues(a.kind).Inc() }

// Closing returns a channel that is closed when all streams must end.
func (s *Streams) Closing() <-chan struct{} { return s.closing }

// WriteTimeout is how long a client may stop reading before its stream is dropped.
func (s *Streams) WriteTimeout() time.Duration { return s.options.WriteTimeout }
