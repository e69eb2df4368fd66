package spec

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/isolated"

	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// patience is how long a step waits for something that must happen.
const patience = 10 * time.Second

// world is the state that the steps of one scenario share.
type world struct {
	shop    *streamtest.Shop
	server  *streamtest.Server
	options []tidegate.Option

	gateway  *gateway
	api      *openfeature.EvaluationAPI
	client   *openfeature.Client
	provider *tidegate.Provider // the one that was set last
	setError error

	contexts map[string]map[string]any // attributes by level
	keys     map[string]string         // targeting keys by level
	hooks    map[string]*recorder      // by level
	ran      []stage                   // what hooks ran, in order
	handlers map[string]*handler       // by whom and event
	switched bool                      // what the changing flag was switched to
	details  openfeature.InterfaceEvaluationDetails
	err      error
}

// begin makes a world for a scenario.
func (w *world) begin() error {
	gateway, err := newGateway(w.server.URL)
	if err != nil {
		return err
	}
	*w = world{
		shop: w.shop, server: w.server, options: w.options, gateway: gateway,
		contexts: make(map[string]map[string]any), keys: make(map[string]string),
		hooks: make(map[string]*recorder), handlers: make(map[string]*handler),
	}
	w.api = isolated.NewAPI()
	w.client = w.api.NewClient()
	return nil
}

func (w *world) end() error {
	w.gateway.release()
	err := w.api.Shutdown(context.Background())
	w.gateway.CloseClientConnections()
	w.gateway.Close()
	return err
}

// newProvider makes a provider of the gateway with short waits.
func (w *world) newProvider(key string, more ...tidegate.Option) *tidegate.Provider {
	options := append([]tidegate.Option{
		tidegate.WithRetry(10*time.Millisecond, 50*time.Millisecond),
		tidegate.WithReportInterval(10 * time.Millisecond),
		tidegate.WithLogger(slog.New(slog.DiscardHandler)),
	}, w.options...)
	return tidegate.NewProvider(w.gateway.URL, key, append(options, more...)...)
}

// contextOf makes the context of a level.
func (w *world) contextOf(level string) openfeature.EvaluationContext {
	return openfeature.NewEvaluationContext(w.keys[level], w.contexts[level])
}

// parse decodes a JSON text of a scenario.
func parse(text string) (value any, err error) {
	err = json.Unmarshal([]byte(text), &value)
	return value, err
}
