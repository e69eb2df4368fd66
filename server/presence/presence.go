// Package presence knows which processes are alive. A process is alive if it has a stream open, if it announces
// itself again and again, or if it asks for evaluations under its name. The package reports these processes to a
// place where all replicas find them.
package presence

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

const (
	// reportEvery is how often every process is reported. It is a third of the TTL.
	reportEvery = store.PresenceTTL / 3
	// moveEvery is how often processes are reported whose revision has changed.
	moveEvery = 2 * time.Second
	// maxMoved bounds how many processes one such report names. In a larger fleet, the others wait for the next
	// report.
	maxMoved = 500
	// maxAnnounced bounds how many processes without a stream are remembered.
	maxAnnounced = 20_000
	// reportTimeout bounds one report.
	reportTimeout = 5 * time.Second
)

// Announcer tells other replicas that there is something to look at. A store.Bus is one.
type Announcer interface {
	Announce(ctx context.Context, a store.Announcement) error
}

// ErrFull says that no more processes without a stream can be remembered.
var ErrFull = errors.New("as many instances are known here as may be; try again later")

// Reporter records which processes are alive.
type Reporter interface {
	PutInstances(ctx context.Context, instances []store.Instance) error
}

// Presence holds the processes that this replica knows to be alive. A process that leaves is not deleted: it expires
// later, because it may be on its way to another replica. A Presence is safe for concurrent use.
type Presence struct {
	reporter Reporter
	bus      Announcer
	log      *slog.Logger
	fresh    chan struct{} // somebody new has come
	touched  *touched

	mu        sync.Mutex
	known     map[key]*process
	announced int // how many of them have no stream
}

// key names a process.
type key struct {
	store.EnvironmentRef
	service, instance string
}

// process is what is known of one process that is alive.
type process struct {
	version  string
	started  time.Time
	shadow   bool
	streams  int
	seen     time.Time // when it last said so by itself; with a stream it is seen all the time
	revision int64
	fresh    bool // not reported yet
	moved    bool // serves another revision than was reported
}

// New returns a Presence that reports while it runs. It announces newcomers on bus: then those who open and close
// flags see them before their next regular look. Bus may be nil.
func New(reporter Reporter, bus Announcer, log *slog.Logger) *Presence {
	return &Presence{
		reporter: reporter,
		bus:      bus,
		log:      log,
		fresh:    make(chan struct{}, 1),
		touched:  newTouched(),
		known:    make(map[key]*process),
	}
}

// Run reports until ctx ends. It reports newcomers at once, changed revisions soon, and every process every few
// seconds.
func (p *Presence) Run(ctx context.Context) {
	everybody, moved := time.NewTicker(reportEvery), time.NewTicker(moveEvery)
	defer everybody.Stop()
	defer moved.Stop()
	failing := false
	for {
		var batch []store.Instance
		newcomers := false
		select {
		case <-ctx.Done():
			return
		case <-p.fresh:
			newcomers = true
			batch = p.batch(time.Now(), func(who *process) bool { return who.fresh }, math.MaxInt)
		case <-moved.C:
			p.collect(time.Now())
			batch = p.batch(time.Now(), func(who *process) bool { return who.fresh || who.moved }, maxMoved)
		case <-everybody.C:
			p.expire(time.Now())
			batch = p.batch(time.Now(), func(*process) bool { return true }, math.MaxInt)
		}
		if len(batch) == 0 {
			continue
		}
		err := p.report(ctx, batch)
		if err != nil && !failing && ctx.Err() == nil {
			p.log.Warn(
				"who is alive cannot be recorded; flags that wait for the fleet close when what was recorded expires",
				"error",
				err,
			)
		}
		failing = err != nil
		if newcomers && err == nil {
			p.announce(ctx, batch)
		}
	}
}

// announce names the environments that have newcomers. It is a hint: the next look finds the newcomers without it.
func (p *Presence) announce(ctx context.Context, batch []store.Instance) {
	if p.bus == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, reportTimeout)
	defer cancel()
	told := make(map[store.EnvironmentRef]bool)
	for _, i := range batch {
		if told[i.EnvironmentRef] {
			continue
		}
		told[i.EnvironmentRef] = true
		if err := p.bus.Announce(ctx, store.Announcement{EnvironmentRef: i.EnvironmentRef}); err != nil {
			p.log.DebugContext(ctx, "newcomers cannot be announced", "error", err)
		}
	}
}

func (p *Presence) report(ctx context.Context, batch []store.Instance) error {
	ctx, cancel := context.WithTimeout(ctx, reportTimeout)
	defer cancel()
	return p.reporter.PutInstances(ctx, batch)
}

// batch lists the processes for which wanted is true, at most so many.
func (p *Presence) batch(now time.Time, wanted func(*process) bool, most int) []store.Instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	var batch []store.Instance
	for key, who := range p.known {
		if !wanted(who) {
			continue
		}
		if len(batch) == most {
			break
		}
		who.fresh, who.moved = false, false
		seen := now
		if who.streams == 0 {
			seen = who.seen
		}
		batch = append(batch, store.Instance{
			EnvironmentRef: key.EnvironmentRef, Service: key.service, InstanceID: key.instance,
			Version: who.version, StartedAt: who.started, SeenAt: seen, Revision: who.revision, Shadow: who.shadow,
		})
	}
	return batch
}

// expire forgets processes without a stream that have not announced themselves for long.
func (p *Presence) expire(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, who := range p.known {
		if who.streams == 0 && now.Sub(who.seen) > store.PresenceTTL {
			delete(p.known, key)
			p.announced--
		}
	}
}

// Announce notes that a process is alive now. The process is remembered for store.PresenceTTL. It fails with ErrFull.
func (p *Presence) Announce(ref store.EnvironmentRef, i Identity, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := key{EnvironmentRef: ref, service: i.Service, instance: i.Instance}
	if p.known[at] == nil && p.announced >= maxAnnounced {
		return ErrFull
	}
	p.know(at, i, now).seen = now
	return nil
}

// know returns the process, and updates how it describes itself.
func (p *Presence) know(at key, i Identity, now time.Time) *process {
	who := p.known[at]
	if who == nil {
		who = &process{}
		p.known[at] = who
		p.announced++
	}
	if who.started.IsZero() || who.version != i.Version || who.shadow != i.Shadow {
		who.version, who.shadow, who.started, who.fresh = i.Version, i.Shadow, now, true
		p.tell()
	}
	if !i.StartedAt.IsZero() {
		who.started = i.StartedAt
	}
	return who
}

// tell asks Run to report newcomers.
func (p *Presence) tell() {
	select {
	case p.fresh <- struct{}{}:
	default:
	}
}

// Visit is a stream that a process has open.
type Visit struct {
	presence *Presence
	key      key
}

// Enter notes that a process has a stream open, until Leave. A process that does not say what it is gets a Visit too,
// but it is not counted.
func (p *Presence) Enter(ref store.EnvironmentRef, i Identity, now time.Time) *Visit {
	if !i.named() {
		return &Visit{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at := key{EnvironmentRef: ref, service: i.Service, instance: i.Instance}
	who := p.know(at, i, now)
	if who.streams == 0 {
		p.announced-- // streams have a limit of their own
	}
	who.streams++
	return &Visit{presence: p, key: at}
}

// Served notes the revision that was written to the stream.
func (v *Visit) Served(revision int64) {
	if v.presence == nil {
		return
	}
	v.presence.mu.Lock()
	defer v.presence.mu.Unlock()
	if who := v.presence.known[v.key]; who != nil && who.revision != revision {
		who.revision, who.moved = revision, true
	}
}

// Leave ends the visit.
func (v *Visit) Leave() {
	if v.presence == nil {
		return
	}
	v.presence.mu.Lock()
	defer v.presence.mu.Unlock()
	who := v.presence.known[v.key]
	who.streams--
	if who.streams > 0 {
		return
	}
	if who.seen.IsZero() {
		delete(v.presence.known, v.key)
		return
	}
	v.presence.announced++
}
