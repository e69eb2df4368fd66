package tidegate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/open-feature/go-sdk/openfeature"
)

// The contracts of OpenFeature that the provider keeps.
var (
	_ openfeature.FeatureProvider          = (*Provider)(nil)
	_ openfeature.ContextAwareStateHandler = (*Provider)(nil)
	_ openfeature.EventHandler             = (*Provider)(nil)
)

const providerName = "tidegate"

// Provider evaluates the flags of one environment. It is safe for concurrent use.
type Provider struct {
	url, key string
	options  options
	view     atomic.Pointer[view]
	events   chan openfeature.Event

	mu      sync.Mutex // guards what follows
	running *run
}

// run is what lasts from Init to Shutdown.
type run struct {
	stop  context.CancelFunc
	done  chan struct{} // closed when the stream's goroutine has ended
	ready chan struct{} // closed with the first snapshot
	fatal chan struct{} // closed when there is no point in going on

	mu   sync.Mutex
	late bool // Init has given up waiting: being ready must be told as an event
}

// NewProvider returns a provider for the environment of the server SDK key; url is where the server is, for instance
// "https://flags.example.com". Nothing happens before Init.
func NewProvider(url, key string, opts ...Option) *Provider {
	return &Provider{url: url, key: key, options: newOptions(opts), events: make(chan openfeature.Event, eventBacklog)}
}

// Metadata names the provider.
func (p *Provider) Metadata() openfeature.Metadata { return openfeature.Metadata{Name: providerName} }

// Hooks returns none.
func (p *Provider) Hooks() []openfeature.Hook { return nil }

// Init is InitWithContext without a context: it waits no longer than the time of WithInitTimeout.
func (p *Provider) Init(evalCtx openfeature.EvaluationContext) error {
	return p.InitWithContext(context.Background(), evalCtx)
}

// InitWithContext opens the stream and waits for the first snapshot, but not beyond ctx or WithInitTimeout. The error is
// PROVIDER_FATAL if the server refuses the key or the URL is none; otherwise the provider goes on trying, serves code
// defaults meanwhile and emits PROVIDER_READY when it is.
func (p *Provider) InitWithContext(ctx context.Context, _ openfeature.EvaluationContext) error {
	r, err := p.start()
	if err != nil {
		return &openfeature.ProviderInitError{ErrorCode: openfeature.ProviderFatalCode, Message: err.Error()}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.options.initTimeout, errInitTimeout)
	defer cancel()
	select {
	case <-r.ready:
		return nil
	case <-r.fatal:
		return &openfeature.ProviderInitError{ErrorCode: openfeature.ProviderFatalCode, Message: refused}
	case <-r.done:
		return errors.New("the provider was shut down")
	case <-ctx.Done():
		if r.giveUp() {
			return nil
		}
		return fmt.Errorf("no snapshot from %s yet, trying on: %w", p.url, context.Cause(ctx))
	}
}

var errInitTimeout = errors.New("the time for initialization is over")

// giveUp ends the wait for being ready; true means that the provider has become ready just now.
func (r *run) giveUp() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.ready:
		return true
	default:
		r.late = true
		return false
	}
}

// becomeReady tells whoever waits; late means that nobody does any more.
func (r *run) becomeReady() (late bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.ready)
	return r.late
}

// start begins to follow the stream, unless that has begun already.
func (p *Provider) start() (*run, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		return p.running, nil
	}
	s, err := newSource(p)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &run{stop: stop, done: make(chan struct{}), ready: make(chan struct{}), fatal: make(chan struct{})}
	p.running = r
	go func() {
		defer close(r.done)
		s.follow(ctx, r)
	}()
	return r, nil
}

// Shutdown closes the stream and waits until that is done.
func (p *Provider) Shutdown() {
	// Without a deadline there is no error: nothing that is waited for ignores the end of its context.
	_ = p.ShutdownWithContext(context.Background())
}

// ShutdownWithContext closes the stream and waits until that is done, but not beyond ctx. Evaluations serve code
// defaults afterwards.
func (p *Provider) ShutdownWithContext(ctx context.Context) error {
	p.mu.Lock()
	r := p.running
	p.running = nil
	p.mu.Unlock()
	if r == nil {
		return nil
	}
	r.stop()
	select {
	case <-r.done:
		p.view.Store(nil)
		return nil
	case <-ctx.Done():
		return fmt.Errorf("shut down: %w", ctx.Err())
	}
}
