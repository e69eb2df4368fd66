package tidegate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
)

// The provider implements these interfaces of OpenFeature.
var (
	_ openfeature.FeatureProvider          = (*Provider)(nil)
	_ openfeature.ContextAwareStateHandler = (*Provider)(nil)
	_ openfeature.EventHandler             = (*Provider)(nil)
	_ openfeature.Tracker                  = (*Provider)(nil)
)

const providerName = "tidegate"

// Provider evaluates the flags of one environment. It is safe for concurrent use.
type Provider struct {
	url, key string
	options  options
	started  time.Time
	view     atomic.Pointer[view]
	events   chan openfeature.Event
	reports  *reports               // nil where nothing is reported
	keeper   *keeper                // nil where no snapshot is kept
	server   atomic.Pointer[server] // nil before Init, and where no server is asked

	mu      sync.Mutex // guards running
	running *run
}

// NewProvider returns a provider for the environment of the SDK key; url is where the server is, for instance
// "https://flags.example.com". Nothing happens before Init.
func NewProvider(url, key string, opts ...Option) *Provider {
	p := &Provider{
		url: url, key: key, options: newOptions(opts), started: time.Now(),
		events: make(chan openfeature.Event, eventBacklog),
	}
	if o := &p.options; !o.offline && o.definitions == nil {
		if !o.withoutReports {
			p.reports = newReports(p)
		}
		if o.snapshotFile != "" && !o.remote {
			p.keeper = newKeeper(p, o.snapshotFile)
		}
	}
	return p
}

// Metadata names the provider.
func (p *Provider) Metadata() openfeature.Metadata { return openfeature.Metadata{Name: providerName} }

// Hooks returns none.
func (p *Provider) Hooks() []openfeature.Hook { return nil }

// Init is InitWithContext without a context: it waits no longer than the time of WithInitTimeout.
func (p *Provider) Init(evalCtx openfeature.EvaluationContext) error {
	return p.InitWithContext(context.Background(), evalCtx)
}

// InitWithContext opens the stream and waits for the first snapshot, but not beyond ctx or WithInitTimeout. If the
// server is away, and the process has a definition of its own, that definition is served at once. The error is
// PROVIDER_FATAL if the server refuses the key, or if something that was configured cannot work. After any other
// error the provider goes on trying. It serves code defaults meanwhile, and it emits PROVIDER_READY when it is ready.
func (p *Provider) InitWithContext(ctx context.Context, _ openfeature.EvaluationContext) error {
	r, err := p.start()
	if err != nil {
		return &openfeature.ProviderInitError{ErrorCode: openfeature.ProviderFatalCode, Message: err.Error()}
	}
	if r.isReady() {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.options.initTimeout, errInitTimeout)
	defer cancel()
	select {
	case <-r.ready:
		return nil
	case <-r.fatal:
		return &openfeature.ProviderInitError{ErrorCode: openfeature.ProviderFatalCode, Message: p.refusal()}
	case <-r.done:
		return errors.New("the provider was shut down")
	case <-ctx.Done():
		if r.giveUp() || p.view.Load() != nil {
			return nil
		}
		return fmt.Errorf("no flags from %s yet, trying on: %w", p.url, context.Cause(ctx))
	}
}

func (p *Provider) refusal() string {
	if p.options.remote {
		return refusedRemote
	}
	return refused
}

// Shutdown is ShutdownWithContext without a context. The last report bounds the time that it takes.
func (p *Provider) Shutdown() {
	// Without a deadline there is no error: everything that is waited for ends when its context ends.
	_ = p.ShutdownWithContext(context.Background())
}

// ShutdownWithContext closes the stream, sends the reports that are left, and waits until all that is done, but not
// beyond ctx. The reports take 13 seconds at most if the server does not answer. Evaluations serve code defaults
// afterwards.
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
		p.forget()
		return nil
	case <-ctx.Done():
		return fmt.Errorf("shut down: %w", ctx.Err())
	}
}

// forget makes evaluations serve code defaults, unless the provider has been initialized again meanwhile.
func (p *Provider) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		return
	}
	p.view.Store(nil)
	if s := p.server.Swap(nil); s != nil {
		s.close() // an evaluation that still asks does so when it is done
	}
}
