package spec

import (
	"context"
	"fmt"
	"time"

	"github.com/cucumber/godog"
	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"

	tidegate "github.com/tidegate-io/tidegate/sdk"
)

func (w *world) registerLife(scenario *godog.ScenarioContext) {
	scenario.Step(`^a provider that (is ready|waits for its server|cannot reach its server|has a key that is refused)$`, w.setProvider)
	scenario.Step(`^a provider of the domain "([^"]*)" that has a key that is refused$`, w.setRefusedProvider)
	scenario.Step(`^another provider that is ready takes its place$`, func(ctx context.Context) error { return w.setProvider(ctx, "is ready") })
	scenario.Step(`^the server is lost$`, func() { w.gateway.cut() })
	scenario.Step(`^the server is back$`, func() { w.gateway.lost.Store(false) })
	scenario.Step(`^the provider is shut down$`, func() { w.provider.Shutdown() })
	scenario.Step(`^the first provider has no connection any more$`, w.oneStreamIsLeft)
	scenario.Step(`^the state of the client becomes "([^"]*)"$`, func(ctx context.Context, state string) {
		eventually(ctx, "the state "+state, func() bool { return string(w.client.State()) == state })
	})
	scenario.Step(`^the state of the client of the domain "([^"]*)" becomes "([^"]*)"$`, func(ctx context.Context, domain, state string) {
		client := w.api.NewClient(openfeature.WithDomain(domain))
		eventually(ctx, "the state "+state, func() bool { return string(client.State()) == state })
	})
}

func (w *world) setProvider(ctx context.Context, is string) error {
	key, options := w.shop.ServerKey, []tidegate.Option(nil)
	switch is {
	case "waits for its server":
		w.gateway.hold()
		w.provider = w.newProvider(key)
		err := w.api.SetProvider(context.Background(), w.provider)
		// OpenFeature initializes the provider in the background. It does not wait for that when it shuts the
		// provider down.
		eventually(ctx, "a request", func() bool { return w.gateway.waiting.Load() > 0 })
		return err
	case "cannot reach its server":
		w.gateway.cut()
		options = append(options, tidegate.WithInitTimeout(20*time.Millisecond))
	case "has a key that is refused":
		key = "sdk-unknown"
	}
	w.provider = w.newProvider(key, options...)
	w.setError = w.api.SetProviderAndWait(context.Background(), w.provider)
	if (is == "is ready") != (w.setError == nil) {
		return fmt.Errorf("a provider that %s was set with the outcome %w", is, w.setError)
	}
	return nil
}

func (w *world) setRefusedProvider(domain string) error {
	err := w.api.SetProviderAndWait(context.Background(), w.newProvider("sdk-unknown"), openfeature.WithDomain(domain))
	if err == nil {
		return fmt.Errorf("the provider of the domain %s was set, with a key that the server refuses", domain)
	}
	return nil
}

func (w *world) oneStreamIsLeft(ctx context.Context) {
	eventually(ctx, "one stream", func() bool { return w.gateway.streams.Load() == 1 })
}

// eventually waits for a condition.
func eventually(ctx context.Context, what string, condition func() bool) {
	require.Eventually(godog.T(ctx), condition, patience, 2*time.Millisecond, what)
}
