package replica

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// retryFirst and retryMost bound the waits between failed attempts to read an environment. loadTimeout bounds one
// attempt.
const (
	retryFirst  = 250 * time.Millisecond
	retryMost   = 10 * time.Second
	loadTimeout = 30 * time.Second
)

// environment is one environment of a replica. One goroutine, run, writes its state; everybody reads it.
type environment struct {
	replica *Replica
	ref     store.EnvironmentRef
	state   atomic.Pointer[State]
	loaded  chan struct{} // closed with the first state
	wake    chan struct{}
	now     chan struct{} // ends the wait after a failure
	stop    func()        // ends run
	stopped chan struct{} // closed when run has ended

	// unconfirmed is true while the state came from the cache or the disk, and the store has not been asked yet.
	unconfirmed atomic.Bool
	unsaved     atomic.Bool
	agreed      atomic.Int64 // when the state was last found to be the store's, in Unix nanoseconds; 0: never

	mu      sync.Mutex
	failure string
	behind  int64 // the revision of the store that was last found to be behind what is served; 0: none
}

func newEnvironment(r *Replica, ref store.EnvironmentRef) *environment {
	r.options.Metrics.expectEnvironment(ref)
	return &environment{
		replica: r, ref: ref, loaded: make(chan struct{}), wake: make(chan struct{}, 1), now: make(chan struct{}, 1),
		stopped: make(chan struct{}),
	}
}

// current is nil until something was loaded.
func (e *environment) current() *State { return e.state.Load() }

// await returns the current state and a channel that is closed when there is another.
func (e *environment) await() (*State, <-chan struct{}) {
	if st := e.current(); st != nil {
		return st, st.superseded
	}
	return nil, e.loaded
}

// wakeUp never blocks. Several wake-ups at about the same time count as one.
func (e *environment) wakeUp() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// agree notes that the served state is the state of the store.
func (e *environment) agree() {
	e.unconfirmed.Store(false)
	e.agreed.Store(time.Now().UnixNano())
}

// tryNow ends the wait after a failure, because the store answers again.
func (e *environment) tryNow() {
	select {
	case e.now <- struct{}{}:
	default:
	}
}

// reason says why the last attempt to read the environment failed. It is "" if the attempt did not fail.
func (e *environment) reason() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.failure == "" && e.current() == nil {
		return "being loaded"
	}
	return e.failure
}

// run keeps the state current until ctx ends.
func (e *environment) run(ctx context.Context) {
	wait := retryFirst
	for {
		err := e.refresh(ctx)
		if ctx.Err() != nil {
			return
		}
		e.report(err)
		if err == nil {
			wait = retryFirst
			select {
			case <-ctx.Done():
				return
			case <-e.wake:
			case <-e.now:
			}
			continue
		}
		// Hints are ignored while the store fails. Otherwise all environments would ask it at once.
		again := time.NewTimer(rand.N(wait) + wait/2)
		select {
		case <-ctx.Done():
		case <-again.C:
		case <-e.now:
		}
		again.Stop()
		wait = min(2*wait, retryMost)
	}
}

// report keeps the reason of a failure. It logs the failure unless the reason is the same as before.
func (e *environment) report(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err == nil {
		e.failure = ""
		return
	}
	e.replica.options.Metrics.failures.WithLabelValues("load").Inc()
	var refused refusal
	if errors.As(err, &refused) {
		e.replica.options.Metrics.refusals.WithLabelValues(e.ref.Project, e.ref.Environment, refused.kind()).Inc()
	}
	if reason := err.Error(); reason != e.failure {
		e.failure = reason
		e.replica.options.Log.Warn("reading an environment failed; serving what was last known",
			"project", e.ref.Project, "environment", e.ref.Environment, "error", err)
	}
}

func (e *environment) refresh(ctx context.Context) error {
	ctx, span := e.replica.options.Tracer.Start(ctx, "replica load", trace.WithAttributes(
		attribute.String(
			"tidegate.project",
			e.ref.Project,
		),
		attribute.String("tidegate.environment", e.ref.Environment),
	))
	defer span.End()
	err := e.read(ctx)
	if st := e.current(); st != nil {
		span.SetAttributes(attribute.Int64("tidegate.revision", st.Snapshot.Revision()))
	}
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	return err
}

// read brings the state up to date. It starts from the served state, or from nothing if there is none.
func (e *environment) read(ctx context.Context) error {
	st := e.current()
	if st == nil {
		err := e.load(ctx)
		if err != nil && ctx.Err() == nil {
			return errors.Join(err, e.recall(ctx))
		}
		return err
	}
	return e.catchUp(ctx, st)
}

// catchUp applies what has changed since st.
func (e *environment) catchUp(ctx context.Context, st *State) error {
	asking, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	patch, err := e.replica.truth.Patch(asking, e.ref, st.Snapshot.Revision())
	if errors.Is(err, store.ErrNotFound) {
		return e.compare(ctx, st)
	}
	if err != nil {
		return fmt.Errorf("read patch after revision %d: %w", st.Snapshot.Revision(), err)
	}
	next, problems, err := st.Snapshot.Apply(patch)
	if errors.Is(err, evaluator.ErrEpoch) || errors.Is(err, evaluator.ErrGap) {
		return e.load(ctx)
	}
	if err != nil {
		return refusal{fmt.Errorf("apply patch to revision %d: %w", patch.Revision, err)}
	}
	if next == st.Snapshot {
		e.agree()
		return nil
	}
	frame, err := encodePatch(patch)
	if err != nil {
		return err
	}
	size, err := st.sizeAfter(next, len(frame), e.replica.options.MaxSnapshot)
	if err != nil {
		return refusal{fmt.Errorf("apply patch to revision %d: %w", patch.Revision, err)}
	}
	e.agree()
	after := st.patched(next, patch, frame, time.Now())
	after.size = size
	e.swap(after, problems)
	return nil
}

// compare decides what to do when the store does not know the revision that is served. If the store is in another
// epoch, the environment is loaded anew. If it is in the same epoch, the store is behind: the served state stays.
func (e *environment) compare(ctx context.Context, st *State) error {
	asking, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	cursor, err := e.replica.truth.Cursor(asking, e.ref)
	if err != nil {
		return fmt.Errorf("read cursor: %w", err)
	}
	if cursor.Epoch != st.Snapshot.Epoch() {
		return e.load(ctx)
	}
	e.replica.options.Metrics.behind.WithLabelValues(e.ref.Project, e.ref.Environment).Inc()
	e.reportBehind(cursor.Revision, st.Snapshot.Revision())
	return nil
}

// reportBehind logs that the store is behind the served state. It logs this once for each revision of the store.
func (e *environment) reportBehind(revision, served int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if revision == e.behind {
		return
	}
	e.behind = revision
	e.replica.options.Log.Warn(
		"the database is behind what is served, which is kept; if it was restored from a backup, run flagd new-epoch",
		"project",
		e.ref.Project,
		"environment",
		e.ref.Environment,
		"revision",
		revision,
		"served",
		served,
	)
}
