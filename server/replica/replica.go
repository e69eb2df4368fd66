package replica

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/supervise"
)

// Truth is the part of a store.Store that a replica follows.
type Truth interface {
	ListEnvironments(ctx context.Context, project string) ([]store.Environment, error)
	Cursor(ctx context.Context, ref store.EnvironmentRef) (store.Cursor, error)
	Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error)
	Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error)
}

// ErrNotReady says that the snapshot of an environment has not been loaded yet, or that there is no such environment.
var ErrNotReady = errors.New("snapshot not ready")

// The defaults of Options and the limits of the loader.
const (
	defaultPoll       = time.Second
	storeTimeout      = 5 * time.Second
	loadsAtATime      = 4
	defaultSaveEvery  = time.Second
	staleAfterSilence = 5 * time.Second
)

// Options configure a Replica.
type Options struct {
	// Bus carries hints of changes. Without one, the poll alone finds them.
	Bus store.Bus
	// Cache, if set, gives snapshots while the store is away. The replica writes the snapshots that it has loaded to
	// it.
	Cache store.SnapshotCache
	// If Keys and Directory are set, the SDK keys are remembered too.
	Keys      KeyLister
	Directory store.DirectoryCache
	// Dir, unless empty, is the folder of the last good definitions. With them, a replica can start without store and
	// cache.
	Dir string
	// MaxSnapshot is the greatest size of a snapshot, as JSON; a larger one is refused. 128 MiB unless set.
	MaxSnapshot int64
	// Poll is about how often the store is asked for changes of which no hint came. It is a second unless set.
	Poll time.Duration
	// Moved, if set, is called each time when the served state of an environment changes. At the first call for an
	// environment, from is the zero Cursor. Moved must not block.
	Moved   func(ref store.EnvironmentRef, from, to store.Cursor)
	Log     *slog.Logger
	Metrics *Metrics
	// Tracer makes a span of every load. Without it there are no spans.
	Tracer trace.Tracer
}

// Replica keeps the current state of every environment. Reading from it takes no lock and does no I/O. It is safe for
// concurrent use.
type Replica struct {
	truth   Truth
	options Options
	disk    disk
	loads   chan struct{} // a slot for each load under way
	poll    chan struct{} // asks for a poll now

	environments atomic.Pointer[environments]
	confirmed    atomic.Int64 // when the store last answered a poll, in Unix nanoseconds
	found        atomic.Pointer[listing]

	savedDirectory store.Cursor // belongs to the goroutine that saves
	resave         atomic.Bool  // whether the directory is to be saved although nothing has changed

	running sync.WaitGroup

	mu       sync.Mutex // guards what follows, and writing environments
	problem  error      // why the environments were never listed; nil once they were
	lastPoll error
}

// environments is an immutable table; superseded is closed when there is a newer one.
type environments struct {
	byRef      map[store.EnvironmentRef]*environment
	superseded chan struct{}
}

// New returns a replica that serves nothing until Run has loaded it.
func New(truth Truth, options Options) *Replica {
	options.Poll = cmp.Or(options.Poll, defaultPoll)
	options.MaxSnapshot = cmp.Or(options.MaxSnapshot, defaultMaxSnapshot)
	if options.Tracer == nil {
		options.Tracer = noop.NewTracerProvider().Tracer("")
	}
	r := &Replica{
		truth:   truth,
		options: options,
		disk:    disk{dir: options.Dir, most: options.MaxSnapshot},
		loads:   make(chan struct{}, loadsAtATime),
		poll:    make(chan struct{}, 1),
		problem: errors.New("the environments have not been listed yet"),
	}
	r.environments.Store(&environments{superseded: make(chan struct{})})
	return r
}

// Run follows the store until ctx ends. Then it waits for everything that it has started. It must be called only
// once.
func (r *Replica) Run(ctx context.Context) {
	defer r.running.Wait()
	if bus := r.options.Bus; bus != nil {
		supervise.Start(
			ctx,
			&r.running,
			supervise.Piece{Name: "replica", Detail: "bus"},
			func(ctx context.Context) { r.listen(ctx, bus) },
		)
	}
	supervise.Start(ctx, &r.running, supervise.Piece{Name: "replica", Detail: "memory"}, r.save)
	supervise.From(ctx).Keep(ctx, supervise.Piece{Name: "replica", Detail: "poll"}, r.followForEver)
}

// followForEver follows the store until ctx ends.
func (r *Replica) followForEver(ctx context.Context) {
	for {
		r.follow(ctx)
		r.measure()
		// The random wait keeps replicas that started together from asking at the same moments.
		wait := time.NewTimer(r.options.Poll*3/4 + rand.N(r.options.Poll/2+1))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-r.poll:
			wait.Stop()
		case <-wait.C:
		}
	}
}

// listen turns announcements into wake-ups. If the bus fails, listen tries again; meanwhile the poll finds the
// changes.
func (r *Replica) listen(ctx context.Context, bus store.Bus) {
	for ctx.Err() == nil {
		err := bus.Listen(ctx, r.heard)
		if ctx.Err() != nil {
			return
		}
		r.options.Metrics.failures.WithLabelValues("listen").Inc()
		r.options.Log.Warn("listening for changes failed; polling finds them meanwhile", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(r.options.Poll + rand.N(r.options.Poll+1)):
		}
	}
}

// heard handles a hint. The zero announcement means two things: anything may have changed, and the bus is back. The
// cache beside the bus may have come back empty, so it is filled again.
func (r *Replica) heard(a store.Announcement) {
	if a == (store.Announcement{}) {
		r.saveAgain()
	}
	if e := r.environments.Load().byRef[a.EnvironmentRef]; e != nil {
		e.wakeUp()
		return
	}
	select {
	case r.poll <- struct{}{}:
	default:
	}
}

// follow compares the served states with the store once.
func (r *Replica) follow(ctx context.Context) {
	listed, epoch, err := r.ask(ctx)
	if ctx.Err() != nil {
		return
	}
	recovered := r.reportPoll(err)
	if err != nil {
		r.fallBack(ctx)
		return
	}
	r.confirmed.Store(time.Now().UnixNano())
	found := newListing(epoch, listed)
	r.found.Store(found)
	r.add(ctx, found.refs)
	r.listed()
	if len(listed) > 0 {
		r.forget(found)
	}
	table := r.environments.Load()
	for _, e := range listed {
		known := table.byRef[e.EnvironmentRef]
		if recovered {
			known.tryNow()
		}
		if st := known.current(); st == nil || known.unconfirmed.Load() ||
			st.Cursor() != (store.Cursor{Epoch: epoch, Revision: e.Revision}) {
			known.wakeUp()
		} else {
			known.agree()
		}
	}
}

// ask lists the environments with their revisions, and the epoch that is the same for all of them.
func (r *Replica) ask(ctx context.Context) ([]store.Environment, string, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	listed, err := r.truth.ListEnvironments(ctx, "")
	if err != nil {
		return nil, "", fmt.Errorf("list environments: %w", err)
	}
	if len(listed) == 0 {
		return nil, "", nil
	}
	cursor, err := r.truth.Cursor(ctx, listed[0].EnvironmentRef)
	if err != nil {
		return nil, "", fmt.Errorf("read epoch: %w", err)
	}
	return listed, cursor.Epoch, nil
}

// reportPoll logs an outage of the store twice: when it begins and when it ends. It returns true if the outage has
// just ended.
func (r *Replica) reportPoll(err error) (recovered bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.options.Metrics.failures.WithLabelValues("poll").Inc()
	}
	recovered = err == nil && r.lastPoll != nil
	switch {
	case err != nil && r.lastPoll == nil:
		r.options.Log.Warn("the store does not answer; serving what was last known", "error", err)
	case recovered:
		r.options.Log.Info("the store answers again")
	}
	r.lastPoll = err
	if err != nil && r.problem != nil {
		r.problem = err
	}
	return recovered
}

// listed notes that every environment is in the table. Only after that may an empty table count as ready.
func (r *Replica) listed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problem = nil
}

// fallBack adds the environments that are remembered. It is for the time in which the store has never answered.
func (r *Replica) fallBack(ctx context.Context) {
	if len(r.environments.Load().byRef) > 0 {
		return
	}
	refs, err := r.disk.list()
	if err != nil {
		r.options.Log.Warn("the last good snapshots cannot be listed", "error", err)
	}
	directory, err := r.recallDirectory(ctx)
	if unlessNotFound(err) != nil {
		r.options.Log.Warn("the directory of the last good snapshots cannot be read", "error", err)
	}
	for _, ref := range directory.Environments {
		if !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	r.add(ctx, refs)
}

// add starts a loader for each environment that is not known yet.
func (r *Replica) add(ctx context.Context, refs []store.EnvironmentRef) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.environments.Load()
	refs = slices.DeleteFunc(slices.Clone(refs), func(ref store.EnvironmentRef) bool { return old.byRef[ref] != nil })
	if len(refs) == 0 {
		return
	}
	next := &environments{byRef: maps.Clone(old.byRef), superseded: make(chan struct{})}
	if next.byRef == nil {
		next.byRef = make(map[store.EnvironmentRef]*environment, len(refs))
	}
	for _, ref := range refs {
		e := newEnvironment(r, ref)
		next.byRef[ref] = e
		running, stop := context.WithCancel(ctx)
		e.stop = stop
		r.running.Add(1)
		of, owner := supervise.Piece{
			Name:   "replica",
			Detail: ref.Project + "/" + ref.Environment,
		}, supervise.From(
			running,
		)
		owner.Begin(of, func() {
			defer r.running.Done()
			defer close(e.stopped)
			owner.Keep(running, of, e.run)
		})
	}
	r.environments.Store(next)
	close(old.superseded)
}

// State returns the served state of the environment. If there is none, the error wraps ErrNotReady.
func (r *Replica) State(ref store.EnvironmentRef) (*State, error) {
	if e := r.environments.Load().byRef[ref]; e != nil {
		if st := e.current(); st != nil {
			return st, nil
		}
		return nil, fmt.Errorf("%w: environment %s/%s is being loaded", ErrNotReady, ref.Project, ref.Environment)
	}
	return nil, fmt.Errorf("%w: environment %s/%s is not known here yet", ErrNotReady, ref.Project, ref.Environment)
}

// Snapshot returns the served snapshot of the environment. If there is none, the error wraps ErrNotReady.
func (r *Replica) Snapshot(ref store.EnvironmentRef) (*evaluator.Snapshot, error) {
	st, err := r.State(ref)
	if err != nil {
		return nil, err
	}
	return st.Snapshot, nil
}

// Await waits until the replica serves this revision of the environment, or a later one. It fails only when ctx ends.
func (r *Replica) Await(ctx context.Context, ref store.EnvironmentRef, revision int64) error {
	for {
		table := r.environments.Load()
		var more <-chan struct{} = table.superseded
		if e := table.byRef[ref]; e != nil {
			st, arrived := e.await()
			if st != nil && st.Snapshot.Revision() >= revision {
				return nil
			}
			more = arrived
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("await revision %d of %s/%s: %w", revision, ref.Project, ref.Environment, ctx.Err())
		}
	}
}
