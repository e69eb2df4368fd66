package sdktest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/isolated"

	tidegate "github.com/tidegate-io/tidegate/sdk"
)

// Provider is the provider of package tidegate with Flags instead of a server. It remembers the tracked events. Init
// makes it ready at once.
type Provider struct {
	*tidegate.Provider

	mu      sync.Mutex
	tracked []Tracked
}

// Tracked is one call of OpenFeature's Track.
type Tracked struct {
	Name    string
	Context openfeature.EvaluationContext
	Details openfeature.TrackingEventDetails
}

// NewProvider returns a provider of the flags. Options are those of tidegate.NewProvider. For instance, WithService
// makes flags available that wait for a version.
func NewProvider(flags *Flags, opts ...tidegate.Option) *Provider {
	opts = append(slices.Clone(opts), tidegate.WithDefinitions(flags))
	return &Provider{Provider: tidegate.NewProvider("", "", opts...)}
}

// Track remembers the event.
func (p *Provider) Track(_ context.Context, name string, evalCtx openfeature.EvaluationContext, details openfeature.TrackingEventDetails) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tracked = append(p.tracked, Tracked{Name: name, Context: evalCtx, Details: details})
}

// Tracked returns what was tracked so far, in order.
func (p *Provider) Tracked() []Tracked {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.tracked)
}

// Client returns an OpenFeature client of the flags for one test. It has an API of its own, so that tests may run in
// parallel; it is shut down when the test ends.
func Client(t testing.TB, flags *Flags, opts ...tidegate.Option) *openfeature.Client {
	t.Helper()
	api := isolated.NewAPI()
	t.Cleanup(func() {
		if err := api.Shutdown(context.Background()); err != nil {
			t.Errorf("shut down OpenFeature: %v", err)
		}
	})
	if err := api.SetProviderAndWait(t.Context(), NewProvider(flags, opts...)); err != nil {
		t.Fatalf("set the provider: %v", err)
	}
	return api.NewClient()
}
