// Package supervise owns the goroutines of the process. A panic in one of them is a failure of one piece of work: it is
// logged, counted and named, and the piece is tried again after a pause. The process and all other pieces go on.
//
// The context of a goroutine carries its owner, so that whatever it starts has the same one.
package supervise

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// firstPause is the pause after the first panic of a piece. It doubles with every further one, up to longestPause.
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	// memory is how long a piece that has panicked is named, unless it succeeds before.
	memory = 15 * time.Minute
)

// Piece names a piece of work. Name comes from a list that the program has, since it labels a metric. Detail tells
// what the work was for, such as an environment; it may be empty.
type Piece struct {
	Name, Detail string
}

// Failure is a piece that has panicked and has not succeeded since.
type Failure struct {
	Piece
	// Count is how often it has panicked in a row, Last when it did so last.
	Count int
	Last  time.Time
}

// PanicError says that a piece of work has panicked, now or when it was last tried.
type PanicError struct {
	Piece
	// Reason is what the panic said.
	Reason string
}

// Error names the piece.
func (e *PanicError) Error() string {
	return strings.TrimSpace("panic in "+e.Name+" "+e.Detail) + ": " + e.Reason
}

// Supervisor owns goroutines. It is safe for concurrent use. It is made by New.
type Supervisor struct {
	log *slog.Logger

	mu     sync.Mutex
	counts map[string]int // of the panics of all pieces of a name
	failed map[Piece]*failure
}

// failure is what is remembered of a piece that panics.
type failure struct {
	count   int
	last    time.Time
	retryAt time.Time
	reason  string
}

// New returns a supervisor that reports panics to log.
func New(log *slog.Logger) *Supervisor {
	return &Supervisor{log: log, counts: make(map[string]int), failed: make(map[Piece]*failure)}
}

// owner is the key of the supervisor in a context.
type owner struct{}

// With gives a context whose goroutines belong to s.
func With(ctx context.Context, s *Supervisor) context.Context {
	return context.WithValue(ctx, owner{}, s)
}

// Owner gives the supervisor that With put into ctx, nil where there is none.
func Owner(ctx context.Context) *Supervisor {
	s, _ := ctx.Value(owner{}).(*Supervisor)
	return s
}

// From gives the owner of the goroutines of ctx. One that reports to slog's default logger stands in where there is
// none.
func From(ctx context.Context) *Supervisor {
	if s := Owner(ctx); s != nil {
		return s
	}
	return New(slog.Default())
}

// Start runs Keep in a goroutine of group.
func Start(ctx context.Context, group *sync.WaitGroup, piece Piece, work func(context.Context)) {
	group.Go(func() { From(ctx).Keep(ctx, piece, work) })
}

// Begin runs work once, in a goroutine of its own. It is for what is not tried again, such as one connection's end.
func (s *Supervisor) Begin(piece Piece, work func()) {
	s.expect(piece.Name)
	go s.survives(piece, work)
}

// Keep runs work, again and again as long as it panics, with a pause in between. It returns once work has returned,
// or when ctx ends during a pause.
func (s *Supervisor) Keep(ctx context.Context, piece Piece, work func(context.Context)) {
	s.expect(piece.Name)
	for {
		began := time.Now()
		if s.survives(piece, func() { work(ctx) }) {
			return
		}
		pause := time.NewTimer(s.pause(piece, began))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return
		}
	}
}

// Try runs work once. A panic becomes a PanicError. While the pause after a panic lasts, work is not run and the
// error is the same.
func (s *Supervisor) Try(piece Piece, work func() error) error {
	s.expect(piece.Name)
	if err := s.resting(piece); err != nil {
		return err
	}
	var err error
	if !s.survives(piece, func() { err = work() }) {
		return s.lastPanic(piece)
	}
	s.succeeded(piece)
	return err
}

// Try is Supervisor.Try by the owner of ctx.
func Try(ctx context.Context, piece Piece, work func() error) error {
	return From(ctx).Try(piece, work)
}

// Recovered counts a panic that somebody else has recovered and logged, such as the server of a request.
func (s *Supervisor) Recovered(piece Piece, reason any) { s.note(piece, reason) }

// Failures are the pieces that have panicked and not succeeded since, in order.
func (s *Supervisor) Failures() []Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(time.Now())
	failures := make([]Failure, 0, len(s.failed))
	for piece, f := range s.failed {
		failures = append(failures, Failure{Piece: piece, Count: f.count, Last: f.last})
	}
	slices.SortFunc(failures, func(a, b Failure) int {
		return strings.Compare(a.Name+"\x00"+a.Detail, b.Name+"\x00"+b.Detail)
	})
	return failures
}

// Counts are the numbers of panics, by the names of pieces that were ever run.
func (s *Supervisor) Counts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := make(map[string]int, len(s.counts))
	for name, count := range s.counts {
		counts[name] = count
	}
	return counts
}

// survives runs work and tells whether it did not panic.
func (s *Supervisor) survives(piece Piece, work func()) (survived bool) {
	defer func() {
		if survived {
			return
		}
		// A nil reason is a goroutine that was told to exit, which a failed test is.
		if reason := recover(); reason != nil {
			s.panicked(piece, reason, debug.Stack())
		}
	}()
	work()
	return true
}

// expect begins the count of a name at zero, so that a rate sees the first panic.
func (s *Supervisor) expect(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[name] += 0
}

func (s *Supervisor) panicked(piece Piece, reason any, stack []byte) {
	row, pause := s.note(piece, reason)
	s.log.Error(
		"panic; this piece of work is tried again after a pause, and everything else goes on",
		"piece",
		piece.Name,
		"of",
		piece.Detail,
		"panic",
		fmt.Sprint(reason),
		"row",
		row,
		"pause",
		pause,
		"stack",
		string(stack),
	)
}

// note counts a panic and sets the pause that follows it. row is how many there were in a row.
func (s *Supervisor) note(piece Piece, reason any) (row int, pause time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.forget(now)
	s.counts[piece.Name]++
	f := s.failed[piece]
	if f == nil {
		f = &failure{}
		s.failed[piece] = f
	}
	f.count++
	f.last, f.reason = now, fmt.Sprint(reason)
	pause = longestPause
	if f.count < 9 {
		pause = min(firstPause<<(f.count-1), longestPause)
	}
	f.retryAt = now.Add(pause)
	return f.count, pause
}

// pause is how long Keep waits. A piece that had run for long before it panicked begins anew.
func (s *Supervisor) pause(piece Piece, began time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.failed[piece]
	if f == nil {
		return firstPause
	}
	if f.last.Sub(began) > memory {
		f.count, f.retryAt = 1, f.last.Add(firstPause)
	}
	return time.Until(f.retryAt)
}

// resting is the error of a piece whose pause lasts.
func (s *Supervisor) resting(piece Piece) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.failed[piece]; f != nil && time.Now().Before(f.retryAt) {
		return &PanicError{piece, f.reason}
	}
	return nil
}

func (s *Supervisor) lastPanic(piece Piece) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.failed[piece]; f != nil {
		return &PanicError{piece, f.reason}
	}
	return &PanicError{piece, "the goroutine was told to exit"}
}

func (s *Supervisor) succeeded(piece Piece) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failed, piece)
}

// forget drops what is long past: a piece that is gone never succeeds.
func (s *Supervisor) forget(now time.Time) {
	for piece, f := range s.failed {
		if now.Sub(f.last) > memory {
			delete(s.failed, piece)
		}
	}
}
