// Package feed tells the web app what has changed, as a source of server-sent events.
package feed

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/supervise"
)

const (
	// feedBacklog is how many events may wait for a subscriber. A subscriber that is further behind is told to load
	// everything again.
	feedBacklog = 64
	// readTimeout bounds reading changes from the store.
	readTimeout = 5 * time.Second
	// feedBatch is the greatest number of changes that are read at once. If there are more, a resync is sent instead.
	feedBatch = 100
)

// Changes is the part of a store.Store that lists changes.
type Changes interface {
	ListChanges(ctx context.Context, ref store.EnvironmentRef, filter store.ChangeFilter) ([]store.Change, error)
}

// Feed tells the web app what has changed, in all environments of a project. It reads each change from the store
// once, however many listeners there are. It reads nothing while nobody listens. It is safe for concurrent use.
type Feed struct {
	changes Changes
	log     *slog.Logger
	moved   chan struct{}

	mu          sync.Mutex
	subscribers map[string]map[*Subscription]struct{} // by project
	moves       map[store.EnvironmentRef]move
}

// move is the step of an environment since its changes were last read.
type move struct {
	from, to store.Cursor
}

// New returns a feed that reads from changes. The caller must call Moved for each move, and must run Run.
func New(changes Changes, log *slog.Logger) *Feed {
	return &Feed{
		changes: changes, log: log, moved: make(chan struct{}, 1),
		subscribers: make(map[string]map[*Subscription]struct{}),
		moves:       make(map[store.EnvironmentRef]move),
	}
}

// Moved notes that an environment has moved. It never blocks.
func (f *Feed) Moved(ref store.EnvironmentRef, from, to store.Cursor) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.subscribers[ref.Project]) == 0 {
		return
	}
	if pending, ok := f.moves[ref]; ok {
		from = pending.from
	}
	f.moves[ref] = move{from: from, to: to}
	select {
	case f.moved <- struct{}{}:
	default:
	}
}

// Run reads changes and sends them to the listeners until ctx ends.
func (f *Feed) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.moved:
		}
		f.mu.Lock()
		moves := f.moves
		f.moves = make(map[store.EnvironmentRef]move)
		f.mu.Unlock()
		for ref, m := range moves {
			events := [][]byte{resync()}
			of := supervise.Piece{Name: "feed", Detail: ref.Project + "/" + ref.Environment}
			// If the changes cannot be read, pages load everything again, as after a lost connection.
			_ = supervise.Try(ctx, of, func() error {
				events = f.read(ctx, ref, m)
				return nil
			})
			f.publish(ref.Project, events)
		}
	}
}

// read returns the events of a move, oldest first. If the changes cannot be told one by one, it returns a resync.
func (f *Feed) read(ctx context.Context, ref store.EnvironmentRef, m move) [][]byte {
	count := m.to.Revision - m.from.Revision
	if m.from.Epoch != m.to.Epoch || count < 1 || count > feedBatch {
		return [][]byte{resync()}
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	changes, err := f.changes.ListChanges(ctx, ref, store.ChangeFilter{Before: m.to.Revision + 1, Limit: int(count)})
	if err != nil {
		f.log.Warn("changes cannot be read; open pages are told to look at everything again", "error", err)
		return [][]byte{resync()}
	}
	events := make([][]byte, 0, len(changes))
	for i := len(changes) - 1; i >= 0; i-- {
		if changes[i].Revision <= m.from.Revision {
			continue
		}
		data, err := json.Marshal(announced(changes[i]))
		if err != nil {
			f.log.Error("a change cannot be encoded", "error", err)
			return [][]byte{resync()}
		}
		events = append(
			events,
			stream.Frame(
				stream.FormatCursor(store.Cursor{Epoch: m.to.Epoch, Revision: changes[i].Revision}),
				"change",
				data,
			),
		)
	}
	return events
}

// resync tells a listener that anything may have changed.
func resync() []byte { return stream.Frame("", "resync", []byte("{}")) }

// announced is a change without its states before and after, which may be large.
func announced(c store.Change) openapi.Change {
	return openapi.Change{
		Environment: c.Environment, Revision: c.Revision, At: c.At,
		Actor: openapi.Actor{Kind: openapi.ActorKind(c.Actor.Kind), Name: c.Actor.Name},
		Kind:  openapi.ChangeKind(c.Kind), Key: c.Key, Reason: c.Reason,
	}
}

// Subscription is one listener's view of a Feed. It is a stream.Source.
type Subscription struct {
	feed    *Feed
	project string

	mu      sync.Mutex // guards what follows
	waiting [][]byte
	more    chan struct{}
}

// Subscribe listens to a project until Close. The first event is a resync: the listener must load everything that
// happened before.
func (f *Feed) Subscribe(project string) *Subscription {
	s := &Subscription{
		feed: f, project: project, more: make(chan struct{}),
		waiting: [][]byte{stream.Retry(stream.BrowserRetry), resync()},
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subscribers[project] == nil {
		f.subscribers[project] = make(map[*Subscription]struct{})
	}
	f.subscribers[project][s] = struct{}{}
	return s
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	delete(s.feed.subscribers[s.project], s)
	if len(s.feed.subscribers[s.project]) == 0 {
		delete(s.feed.subscribers, s.project)
	}
}

// Next returns the events that have come since the last call.
func (s *Subscription) Next() ([][]byte, <-chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := s.waiting
	s.waiting = nil
	s.more = make(chan struct{})
	return events, s.more, nil
}

func (f *Feed) publish(project string, events [][]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subscribers[project] {
		s.offer(events)
	}
}

// offer queues events. If the queue would become too long, a resync replaces it.
func (s *Subscription) offer(events [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(events) == 0 {
		return
	}
	if len(s.waiting) == 0 {
		close(s.more)
	}
	if len(s.waiting)+len(events) > feedBacklog {
		events, s.waiting = [][]byte{resync()}, nil
	}
	s.waiting = append(s.waiting, events...)
}
