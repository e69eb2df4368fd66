package stream

import (
	"math/rand/v2"
	"time"
)

// Admission is the place of one stream that is written by its own protocol rather than by Serve. It counts like any
// other: for the capacity, the metrics and Close.
type Admission struct {
	streams *Streams
	kind    string
}

// Admit lets a stream in; kind names it in the metrics. It fails with ErrAtCapacity or ErrClosing. The stream must end
// soon after Closing, and Leave then.
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

// KeepAlive is the time between signs of life on a stream that has nothing else to say.
func (a *Admission) KeepAlive() time.Duration { return a.streams.options.KeepAlive }

// Spread is how long after Closing the stream is to end, at random: clients that cannot be told when to come back
// shall not all come at once.
func (a *Admission) Spread() time.Duration { return rand.N(a.streams.options.DrainSpread) }

// Dropped counts the stream as one whose client did not take what was written.
func (a *Admission) Dropped() { a.streams.metrics.dropped.WithLabelValues(a.kind).Inc() }

// Closing is closed when all streams are to end.
func (s *Streams) Closing() <-chan struct{} { return s.closing }

// WriteTimeout is how long a client may take nothing of what is written to it.
func (s *Streams) WriteTimeout() time.Duration { return s.options.WriteTimeout }
