// Package supervise owns the goroutines of the process. A panic in one of them is a failure of one piece of work: it is
// logged, counted and named, and the piece is tried again after a pause. The process and all other pieces go on.
//
// The context of a goroutine carries the goroutine's owner. Goroutines that it starts with this context have the same
// owner.
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
	// memory is how long a piece that has panicked stays among the failures, unless it succeeds earlier.
	memory = 15 * time.Minute
)

// Piece names a piece of work. Name is a label of a metric, so it must come from a fixed list in the program. Detail
// says what the work was for, such as an environment. It may be empty.
type Piece struct {
	Name, Detail string
}

// Failure is a piece that has panicked and has not succeeded since.
type Failure struct {
	Piece
	// Count is how often the piece has panicked in a row. Last is when it last panicked.
	Count int
	Last  time.Time
}

// PanicError says that a piece of work has panicked, now or at its last attempt.
type PanicError struct {
	Piece
	// Reason is the value of the panic as text.
	Reason string
}

// Error names the piece.
func (e *PanicError) Error() string {
	return strings.TrimSpace("panic in "+e.Name+" "+e.Detail) + ": " + e.Reason
}

// Supervisor owns goroutines. It is safe for concurrent use. Only New makes one.
type Supervisor struct {
	log *slog.Logger

	mu     sync.Mutex
	counts map[string]int // of the panics of all pieces of a name
	failed map[Piece]*failure
}

// failure is what is remembered about a piece that has panicked.
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

// With returns a context whose goroutines belong to s.
func With(ctx context.Context, s *Supervisor) context.Context {
	return context.WithValue(ctx, owner{}, s)
}

// Owner returns the supervisor that With put into ctx, or nil if there is none.
func Owner(ctx context.Context) *Supervisor {
	s, _ := ctx.Value(owner{}).(*Supervisor)
	return s
}

// From returns the supervisor that owns the goroutines of ctx. If there is none, it returns one that reports to
// slog's default logger.
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

// Begin runs work once, in a goroutine of its own. It is for work that must not be repeated, such as writing to one
// connection.
func (s *Supervisor) Begin(piece Piece, work func()) {
	s.expect(piece.Name)
	go s.survives(piece, work)
}

// Keep runs work. If work panics, Keep runs it again after a pause, as often as it panics. Keep returns when work has
// returned, or when ctx ends during a pause.
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

// Try runs work once. A panic becomes a PanicError. During the pause after a panic, Try does not run work and returns
// the same error.
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

// Try calls Supervisor.Try of the owner of ctx.
func Try(ctx context.Context, piece Piece, work func() error) error {
	return From(ctx).Try(piece, work)
}

// Recovered counts a panic that other code has recovered and logged, such as the server of a request.
func (s *Supervisor) Recovered(piece Piece, reason any) { s.note(piece, reason) }

// Failures returns the pieces that have panicked and not succeeded since, in order.
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

// Counts returns the number of panics by the name of the piece. It includes every name that was ever run.
func (s *Supervisor) Counts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := make(map[string]int, len(s.counts))
	for name, count := range s.counts {
		counts[name] = count
	}
	return counts
}

// survives runs work and returns true if it did not panic.
func (s *Supervisor) survives(piece Piece, work func()) (survived bool) {
	defer func() {
		if survived {
			return
		}
		// A nil reason means runtime.Goexit, which a failed test calls.
		if reason := recover(); reason != nil {
			s.panicked(piece, reason, debug.Stack())
		}
	}()
	work()
	return true
}

// expect begins the count of a name at zero, so that a rate in Prometheus includes the first panic.
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

// note counts a panic and sets the pause after it. row is the number of panics in a row.
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

// pause is how long Keep waits. If the piece ran for long before it panicked, the pause is the first one again.
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

// resting returns the error of a piece during its pause, and nil otherwise.
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

// forget drops old failures. A piece that no longer exists never succeeds, so its failure would otherwise stay.
func (s *Supervisor) forget(now time.Time) {
	for piece, f := range s.failed {
		if now.Sub(f.last) > memory {
			delete(s.failed, piece)
		}
	}
}
