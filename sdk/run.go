package tidegate

import (
	"context"
	"errors"
	"sync"
)

// run is the state between Init and Shutdown.
type run struct {
	stop  context.CancelFunc
	done  chan struct{} // closed when all goroutines have ended
	ready chan struct{} // closed once evaluations have something to go by
	fatal chan struct{} // closed when there is no point in going on

	mu   sync.Mutex
	late bool // Init has given up waiting: being ready, or refused, must be told as an event
}

var errInitTimeout = errors.New("the time for initialization is over")

// giveUp ends the wait for readiness. It returns true if the provider has become ready just now.
func (r *run) giveUp() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.isReady() {
		return true
	}
	r.late = true
	return false
}

// becomeReady tells the waiting Init, the first time that it is called. Late means that nothing waits any more.
func (r *run) becomeReady() (late bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.isReady() {
		return false
	}
	close(r.ready)
	return r.late
}

// becomeFatal tells the waiting Init that it is useless to go on. Late means that nothing waits any more. It is
// called once.
func (r *run) becomeFatal() (late bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.fatal)
	return r.late || r.isReady()
}

func (r *run) isReady() bool {
	select {
	case <-r.ready:
		return true
	default:
		return false
	}
}

// start begins a run, unless there is one already.
func (p *Provider) start() (*run, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		return p.running, nil
	}
	if err := p.prepare(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &run{stop: stop, done: make(chan struct{}), ready: make(chan struct{}), fatal: make(chan struct{})}
	p.running = r
	var work sync.WaitGroup
	for _, job := range p.jobs(r) {
		work.Go(func() { job(ctx) })
	}
	own := p.server.Load()
	go func() {
		defer close(r.done)
		work.Wait()
		if own != nil {
			own.close()
		}
	}()
	return r, nil
}

// prepare makes what a run needs, and shows the definition that the process has of its own.
func (p *Provider) prepare() error {
	if err := p.loadLocal(); err != nil {
		return err
	}
	if p.options.offline || p.options.definitions != nil {
		return nil
	}
	s, err := newServer(p)
	if err != nil {
		return err
	}
	p.server.Store(s)
	return nil
}

// jobs are the goroutines of a run.
func (p *Provider) jobs(r *run) []func(context.Context) {
	if p.options.offline {
		r.becomeReady()
		return nil
	}
	if p.options.definitions != nil {
		return []func(context.Context){func(ctx context.Context) { p.followDefinitions(ctx, r) }}
	}
	f := &follower{
		provider: p, server: p.server.Load(), run: r, refusal: refused, session: &source{provider: p, fromStart: true},
		backoff: backoff{first: p.options.firstRetry, most: p.options.mostRetry},
	}
	if p.options.remote {
		f.session, f.refusal = &remoteSession{provider: p}, refusedRemote
	}
	jobs := []func(context.Context){f.follow}
	if p.keeper != nil {
		jobs = append(jobs, p.keeper.run)
	}
	if p.reports != nil {
		jobs = append(jobs, p.reports.run)
	}
	return jobs
}
