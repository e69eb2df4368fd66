package conformance

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/isolated"
	"github.com/stretchr/testify/require"

	tidegate "github.com/tidegate-io/tidegate/sdk"
)

// application is a program that uses OpenFeature with the provider.
type application struct {
	provider *tidegate.Provider
	client   *openfeature.Client
	events   map[openfeature.EventType]chan openfeature.EventDetails
	// setError is the error that was returned when the provider was set.
	setError error
}

// start sets the provider, with short waits, and listens to all of its events.
func start(t testing.TB, url, key string, opts ...tidegate.Option) *application {
	t.Helper()
	opts = append([]tidegate.Option{
		tidegate.WithRetry(20*time.Millisecond, 100*time.Millisecond),
		tidegate.WithLogger(slog.New(slog.DiscardHandler)),
	}, opts...)
	a := &application{
		provider: tidegate.NewProvider(url, key, opts...),
		events:   make(map[openfeature.EventType]chan openfeature.EventDetails),
	}
	api := isolated.NewAPI()
	t.Cleanup(func() { require.NoError(t, api.Shutdown(context.Background())) })
	a.client = api.NewClient()
	for _, kind := range []openfeature.EventType{
		openfeature.ProviderReady, openfeature.ProviderConfigChange, openfeature.ProviderStale, openfeature.ProviderError,
	} {
		heard := make(chan openfeature.EventDetails, 64)
		a.events[kind] = heard
		callback := func(details openfeature.EventDetails) {
			select {
			case heard <- details:
			default: // the test has heard enough
			}
		}
		a.client.AddHandler(kind, &callback)
	}
	a.setError = api.SetProviderAndWait(t.Context(), a.provider)
	return a
}

// hear waits for an event.
func (a *application) hear(t testing.TB, kind openfeature.EventType) openfeature.EventDetails {
	t.Helper()
	select {
	case details := <-a.events[kind]:
		return details
	case <-time.After(10 * time.Second):
		require.FailNow(t, "no event", "%s", kind)
		return openfeature.EventDetails{}
	}
}

// enabled asks for a boolean flag.
func (a *application) enabled(flag string) bool {
	value, err := a.client.BooleanValue(context.Background(), flag, false, openfeature.NewEvaluationContext("user-1", nil))
	return err == nil && value
}

// lines is a log that a test can read.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *lines) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }
