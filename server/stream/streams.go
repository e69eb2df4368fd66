package stream

import (
	"cmp"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/supervise"
)

// The defaults of StreamsOptions.
const (
	defaultKeepAlive    = 15 * time.Second
	defaultWriteTimeout = 10 * time.Second
	defaultMaxAge       = time.Hour
	defaultCapacity     = 20_000
	defaultDrainSpread  = 3 * time.Second
	// ageSpread is short: streams that end of age do so at different moments anyway.
	ageSpread = 100 * time.Millisecond
)

// BrowserRetry is about how long browsers wait after an outage.
const BrowserRetry = 3 * time.Second

// ErrAtCapacity says that the process has as many streams as it may; no stream is evicted for a new one.
var ErrAtCapacity = errors.New("this server has as many streams as it may have; try again later")

// ErrClosing says that the process is going to stop.
var ErrClosing = errors.New("this server is going to stop; try again")

// StreamsOptions are the limits of Streams. Zero values mean the defaults.
type StreamsOptions struct {
	// KeepAlive is the time between comments on a stream without events.
	KeepAlive time.Duration
	// WriteTimeout is how long a client may take nothing of what is written to it.
	WriteTimeout time.Duration
	// MaxAge is about how long a stream lasts: each one ends at a random moment between it and a quarter less.
	MaxAge time.Duration
	// Capacity is the greatest number of streams at a time.
	Capacity int
	// DrainSpread is the time over which clients come back after Close, at random.
	DrainSpread time.Duration
	// Owner owns the goroutines of streams; one that reports to slog's default logger unless set.
	Owner *supervise.Supervisor
}

// Streams owns the server-sent event streams of a process: their number, age, keep-alives and end. It is safe for
// concurrent use.
type Streams struct {
	options StreamsOptions
	metrics *Metrics
	closing chan struct{}

	mu     sync.Mutex
	closed bool
	open   int
	gone   sync.Cond
}

// NewStreams returns Streams that report to metrics.
func NewStreams(options StreamsOptions, metrics *Metrics) *Streams {
	options.KeepAlive = cmp.Or(options.KeepAlive, defaultKeepAlive)
	options.WriteTimeout = cmp.Or(options.WriteTimeout, defaultWriteTimeout)
	options.MaxAge = cmp.Or(options.MaxAge, defaultMaxAge)
	options.Capacity = cmp.Or(options.Capacity, defaultCapacity)
	options.DrainSpread = cmp.Or(options.DrainSpread, defaultDrainSpread)
	if options.Owner == nil {
		options.Owner = supervise.New(slog.Default())
	}
	s := &Streams{options: options, metrics: metrics, closing: make(chan struct{})}
	s.gone.L = &s.mu
	return s
}

// Source gives one stream its events. Only the goroutine of the stream calls it.
type Source interface {
	// Next returns the events to write now, encoded, and a channel that is closed once there may be more. It must
	// not block. An error ends the stream, after the events have been written.
	Next() (events [][]byte, more <-chan struct{}, err error)
	// Close is called once, after everything else: the stream has ended, or was not let in.
	Close()
}

// Acknowledged is a Source that is told once the events of the last Next were written to the client's connection.
type Acknowledged interface {
	Source
	Written()
}

// Serve begins a stream that writes the events of source until the client goes, stops reading or the stream ends. Once
// forbidden is closed no more of them are written; a nil one never is. It fails with ErrAtCapacity or ErrClosing before
// anything is written; afterwards there is nobody left to tell.
//
// The stream takes its connection over from net/http and goes on when Serve has returned. The request, its context
// and the buffers of the server are then gone: most of what ten thousand streams that wait would hold.
func (s *Streams) Serve(
	w http.ResponseWriter,
	r *http.Request,
	kind string,
	source Source,
	forbidden <-chan struct{},
) error {
	admission, err := s.Admit(kind)
	if err != nil {
		source.Close()
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-cache, no-transform")
	header.Set("X-Accel-Buffering", "no")
	if r.Method == http.MethodHead {
		source.Close()
		admission.Leave()
		return nil
	}
	c, err := takeOver(w, s.options.Owner, s.options.WriteTimeout, s.closing)
	if err != nil {
		source.Close()
		admission.Leave()
		return err
	}
	// A panic ends one stream, as net/http has it end one request, and not the process with all the others.
	s.options.Owner.Begin(supervise.Piece{Name: "stream", Detail: kind}, func() {
		defer admission.Leave()
		defer source.Close()
		var err error
		defer func() {
			if c.close(); err != nil && c.unread(err) {
				admission.Dropped()
			}
		}()
		err = s.follow(c, source, forbidden)
	})
	return nil
}

// follow returns an error only if the client did not take what was written, be it that it has gone.
func (s *Streams) follow(c *connection, source Source, forbidden <-chan struct{}) error {
	maxAge := s.options.MaxAge
	age := time.NewTimer(maxAge - rand.N(maxAge/4+1))
	defer age.Stop()
	keepAlive := time.NewTimer(s.options.KeepAlive)
	defer keepAlive.Stop()
	if err := c.begin(); err != nil {
		return err
	}
	for {
		events, more, sourceErr := source.Next()
		// After Next, not before: what happened once it was forbidden may be among the events.
		if isClosed(forbidden) {
			return nil
		}
		if err := c.write(events...); err != nil {
			return err
		}
		if told, is := source.(Acknowledged); is {
			told.Written()
		}
		if sourceErr != nil {
			return nil
		}
		if len(events) > 0 {
			keepAlive.Reset(s.options.KeepAlive)
		}
		select {
		case <-more:
		case <-forbidden:
			return nil
		case <-keepAlive.C:
			if err := c.write([]byte(":\n\n")); err != nil {
				return err
			}
			keepAlive.Reset(s.options.KeepAlive)
		case <-age.C:
			return c.write(Retry(rand.N(ageSpread)))
		case <-s.closing:
			return c.write(Retry(rand.N(s.options.DrainSpread)))
		case <-c.gone:
			return c.lost
		}
	}
}

// Retry is the line that tells a client how long to wait before it comes back. A browser keeps to the last one it has
// seen, without any backoff: its streams begin with one that suits an outage.
func Retry(wait time.Duration) []byte {
	return []byte("retry: " + strconv.FormatInt(wait.Milliseconds()+1, 10) + "\n\n")
}

func (s *Streams) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		s.Refused(reasonStopping)
		return ErrClosing
	case s.open >= s.options.Capacity:
		s.Refused(reasonCapacity)
		return ErrAtCapacity
	}
	s.open++
	return nil
}

func (s *Streams) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	if s.open == 0 {
		s.gone.Broadcast()
	}
}

// Close ends every stream, telling each client to come back at a random moment soon, refuses new ones, and waits until
// all are gone, which takes no longer than the write timeout.
func (s *Streams) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		close(s.closing)
	}
	for s.open > 0 {
		s.gone.Wait()
	}
}
