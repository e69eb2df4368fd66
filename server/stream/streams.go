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
	// ageSpread is short, because streams reach their greatest age at different moments anyway.
	ageSpread = 100 * time.Millisecond
)

// BrowserRetry is about how long browsers wait after an outage.
const BrowserRetry = 3 * time.Second

// ErrAtCapacity says that the process already has the greatest number of streams. No stream is ended for a new one.
var ErrAtCapacity = errors.New("this server has as many streams as it may have; try again later")

// ErrClosing says that the process is going to stop.
var ErrClosing = errors.New("this server is going to stop; try again")

// StreamsOptions are the limits of Streams. Zero values mean the defaults.
type StreamsOptions struct {
	// KeepAlive is the time between comments on a stream without events.
	KeepAlive time.Duration
	// WriteTimeout is how long a client may stop reading before its stream is dropped.
	WriteTimeout time.Duration
	// MaxAge is the greatest age of a stream. Each stream ends at a random moment in the last quarter before it.
	MaxAge time.Duration
	// Capacity is the greatest number of streams at a time.
	Capacity int
	// DrainSpread is the time after Close within which clients come back. Each client comes back at a random moment
	// in it.
	DrainSpread time.Duration
	// Owner owns the goroutines of streams. Unless set, it is a supervisor that reports to slog's default logger.
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

// Acknowledged is a Source with a method Written. It is called when the events of the last Next were written to the
// client's connection.
type Acknowledged interface {
	Source
	Written()
}

// Serve begins a stream. It writes the events of source until the client goes or stops reading, or until the stream
// ends. When forbidden is closed, no more events are written; a nil channel never forbids. Serve fails with
// ErrAtCapacity or ErrClosing before anything is written. Later errors are not returned, because nobody could answer
// them.
//
// The stream takes over its connection from net/http and continues after Serve has returned. The request, its context
// and the buffers of the server are then released. They would be most of the memory of ten thousand waiting streams.
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
	// A panic ends only this stream, as in net/http it ends only one request. The process and all other streams go
	// on.
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

// follow returns an error only if the client did not read what was written, or has gone.
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
		// This check comes after Next, because the events may include changes from after the moment when forbidden
		// was closed.
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

// Retry is the line that tells a client how long to wait before it comes back. A browser keeps the last such time and
// has no backoff. Therefore the streams of browsers begin with a time that suits an outage.
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

// Close ends every stream, refuses new ones, and waits until all are gone. It tells each client to come back at a
// random moment soon. It takes no longer than the write timeout.
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
