package stream

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// The headers, or query parameters, by which a process says what it is.
const (
	HeaderService  = "X-Tidegate-Service"
	HeaderVersion  = "X-Tidegate-Version"
	HeaderInstance = "X-Tidegate-Instance"
)

const (
	// reportEvery is how often the instances that are connected are reported, three times within the TTL.
	reportEvery = store.PresenceTTL / 3
	// maxIdentity bounds each part of an identity.
	maxIdentity = 256
)

// Fleet is the part of a store.Store that keeps instances.
type Fleet interface {
	PutInstances(ctx context.Context, instances []store.Instance) error
}

// Presence reports the processes that are connected by streams as the live instances of their services. A process
// that goes is left to expire, for it may be reconnecting. It is safe for concurrent use.
type Presence struct {
	fleet Fleet
	log   *slog.Logger
	fresh chan struct{} // somebody new has come

	mu        sync.Mutex
	connected map[instanceKey]*present
}

type instanceKey struct {
	store.EnvironmentRef
	service, instance string
}

type present struct {
	version string
	since   time.Time
	streams int
	fresh   bool
}

// NewPresence returns a Presence that reports to fleet while it runs.
func NewPresence(fleet Fleet, log *slog.Logger) *Presence {
	return &Presence{
		fleet: fleet, log: log, fresh: make(chan struct{}, 1), connected: make(map[instanceKey]*present),
	}
}

// Run reports who is connected until ctx ends: newcomers at once, everybody every few seconds.
func (p *Presence) Run(ctx context.Context) {
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	failing := false
	for {
		var batch []store.Instance
		select {
		case <-ctx.Done():
			return
		case <-p.fresh:
			batch = p.batch(time.Now(), false)
		case <-tick.C:
			batch = p.batch(time.Now(), true)
		}
		if len(batch) == 0 {
			continue
		}
		err := p.report(ctx, batch)
		if err != nil && !failing && ctx.Err() == nil {
			p.log.Warn("the fleet cannot be recorded; flags that wait for it stay as they are", "error", err)
		}
		failing = err != nil
	}
}

func (p *Presence) report(ctx context.Context, batch []store.Instance) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return p.fleet.PutInstances(ctx, batch)
}

// batch lists everybody, or only those that were never reported.
func (p *Presence) batch(now time.Time, everybody bool) []store.Instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	var batch []store.Instance
	for key, who := range p.connected {
		if !everybody && !who.fresh {
			continue
		}
		who.fresh = false
		batch = append(batch, store.Instance{
			EnvironmentRef: key.EnvironmentRef, Service: key.service, InstanceID: key.instance,
			Version: who.version, StartedAt: who.since, SeenAt: now,
		})
	}
	return batch
}

// enter records the process that makes the request, if it says what it is, until leave is called.
func (p *Presence) enter(ref store.EnvironmentRef, r *http.Request) (leave func(), err error) {
	service, version, instance := identity(r)
	for _, part := range []string{service, version, instance} {
		if len(part) > maxIdentity {
			return nil, problem.BadRequest("The service, version and instance of a process may have 256 bytes each.")
		}
	}
	if service == "" || instance == "" {
		return func() {}, nil
	}
	key := instanceKey{EnvironmentRef: ref, service: service, instance: instance}
	p.mu.Lock()
	who := p.connected[key]
	if who == nil || who.version != version {
		streams := 0
		if who != nil {
			streams = who.streams
		}
		who = &present{version: version, since: time.Now(), streams: streams, fresh: true}
		p.connected[key] = who
	}
	who.streams++
	p.mu.Unlock()
	select {
	case p.fresh <- struct{}{}:
	default:
	}
	return func() { p.leave(key) }, nil
}

func (p *Presence) leave(key instanceKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who := p.connected[key]
	who.streams--
	if who.streams == 0 {
		delete(p.connected, key)
	}
}

// identity reads what the process says of itself; a header goes before a query parameter.
func identity(r *http.Request) (service, version, instance string) {
	query := r.URL.Query()
	read := func(header, parameter string) string {
		if value := r.Header.Get(header); value != "" {
			return value
		}
		return query.Get(parameter)
	}
	return read(HeaderService, "service"), read(HeaderVersion, "version"), read(HeaderInstance, "instance")
}
