package tidegate

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

const (
	reportsPath = "/sdk/v1/events"
	// maxQueued is how many tracking events wait to be sent.
	maxQueued = 10_000
	// These are the limits of one request. They are below what the server takes. The second of
	// each pair is for a provider that asks remotely, because only such a provider may have a client SDK key.
	maxBatch, maxRemoteBatch           = 1000, 100
	maxBatchBytes, maxRemoteBatchBytes = 1 << 20, 56 << 10
	// reportTimeout bounds one request. lastReports is how long requests may still begin at shutdown.
	reportTimeout = 10 * time.Second
	lastReports   = 3 * time.Second
)

const (
	kindTrack       = "track"
	kindEvaluations = "evaluations"
)

// reportEvent is one event of a report.
type reportEvent struct {
	Kind string `json:"kind"`
	// Name, Value and Context are those of a tracking event.
	Name    string          `json:"name,omitempty"`
	Value   *float64        `json:"value,omitempty"`
	Context json.RawMessage `json:"context,omitempty"`
	// Flag, Variation ("" is the code default) and Count tell how often a flag served a variation.
	Flag      string `json:"flag,omitempty"`
	Variation string `json:"variation,omitempty"`
	Count     uint64 `json:"count,omitempty"`
}

// size is at least the length of the event as JSON. One byte may become six there.
func (e *reportEvent) size() int {
	return len(e.Context) + 6*(len(e.Name)+len(e.Flag)+len(e.Variation)) + 128
}

type reportBody struct {
	ServiceName       string        `json:"serviceName,omitempty"`
	ServiceVersion    string        `json:"serviceVersion,omitempty"`
	ServiceInstanceID string        `json:"serviceInstanceId,omitempty"`
	Events            []reportEvent `json:"events"`
}

// reports collects tracking events and counts of evaluations, and sends them. Code that adds to it never waits for
// the network: what does not fit is dropped.
type reports struct {
	provider *Provider
	full     chan struct{} // there is a batch to send
	most     int           // events in a batch
	bytes    int           // and their size

	mu      sync.Mutex // guards what follows
	queue   []reportEvent
	dropped int  // for lack of room
	refused int  // that cannot be sent
	off     bool // the server takes none
	current map[string]*flagCounts
}

func newReports(p *Provider) *reports {
	r := &reports{provider: p, full: make(chan struct{}, 1), most: maxBatch, bytes: maxBatchBytes}
	if p.options.remote {
		r.most, r.bytes = maxRemoteBatch, maxRemoteBatchBytes
	}
	return r
}

// count returns counters for the flags of a snapshot. It keeps the counters of the snapshot before where they fit. A
// nil reports counts nothing.
func (r *reports) count(s *evaluator.Snapshot) map[string]*flagCounts {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	next := make(map[string]*flagCounts, s.Len())
	for flag := range s.Flags() {
		if c := r.current[flag.Key]; c != nil && c.fits(&flag) {
			next[flag.Key] = c
			continue
		}
		next[flag.Key] = newFlagCounts(&flag)
	}
	for key, c := range r.current {
		if next[key] != c && !r.off {
			r.queue = c.drain(key, r.queue) // an evaluation that runs just now is lost to the count
		}
	}
	r.current = next
	return next
}

// add queues a tracking event, or drops it.
func (r *reports) add(e reportEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.off {
		return
	}
	if len(r.queue) >= maxQueued {
		r.dropped++
		return
	}
	r.queue = append(r.queue, e)
	if len(r.queue) >= r.most {
		select {
		case r.full <- struct{}{}:
		default:
		}
	}
}

// refuse counts a tracking event that cannot be sent.
func (r *reports) refuse() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused++
}

// run sends what there is every few seconds, or as soon as there is a full batch. When ctx ends, it sends once more.
func (r *reports) run(ctx context.Context) {
	to := r.provider.server.Load()
	tick := time.NewTicker(r.provider.options.reportInterval)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			r.drainCounts()
			r.flush(ctx, to)
		case <-r.full:
			r.flush(ctx, to)
		case <-ctx.Done():
		}
	}
	r.drainCounts()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastReports)
	defer cancel()
	r.flush(last, to)
}

// drainCounts turns the counters into events. While the server is away it does not, because counters can simply grow.
func (r *reports) drainCounts() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.off || len(r.queue) > maxQueued/2 {
		return
	}
	for key, c := range r.current {
		r.queue = c.drain(key, r.queue)
	}
}

// flush sends everything, until ctx ends or a request fails.
func (r *reports) flush(ctx context.Context, to *server) {
	r.complain()
	for ctx.Err() == nil {
		batch := r.take()
		if len(batch) == 0 {
			return
		}
		if err := r.send(ctx, to, batch); err != nil {
			r.failed(batch, err)
			return
		}
	}
}

// complain logs how much was dropped since it last logged that.
func (r *reports) complain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dropped > 0 {
		r.provider.options.log.Warn("tidegate: tracking events were dropped: there were more than could be sent", "events", r.dropped)
	}
	if r.refused > 0 {
		r.provider.options.log.Warn("tidegate: tracking events were dropped: each needs a name, a number and a context that is JSON of at most 16 KiB",
			"events", r.refused)
	}
	r.dropped, r.refused = 0, 0
}

// take removes a batch from the queue.
func (r *reports) take() []reportEvent {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, bytes := 0, 0
	for n < min(len(r.queue), r.most) {
		if bytes += r.queue[n].size(); bytes > r.bytes && n > 0 {
			break
		}
		n++
	}
	batch := r.queue[:n:n]
	if r.queue = r.queue[n:]; len(r.queue) == 0 {
		r.queue = nil
	}
	return batch
}
