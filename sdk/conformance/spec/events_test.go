package spec

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cucumber/godog"
	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

func (w *world) registerEvents(scenario *godog.ScenarioContext) {
	scenario.Step(`^a handler of (the API|the client) for "([^"]*)"$`, w.addHandler)
	scenario.Step(`^the handler of (the API|the client) for "([^"]*)" is removed$`, w.removeHandler)
	scenario.Step(`^the handler of (the API|the client) for "([^"]*)" has run for the provider "([^"]*)"$`, w.handlerRan)
	scenario.Step(`^the handler of (the API|the client) for "([^"]*)" is told of the flag "([^"]*)"$`, w.handlerToldOf)
	scenario.Step(`^the handler of (the API|the client) for "([^"]*)" has not run$`, func(ctx context.Context, whose, event string) {
		require.Empty(godog.T(ctx), w.handlers[whose+event].heard)
	})
	scenario.Step(`^the flag "changing" is switched$`, w.switchFlag)
	scenario.Step(`^the flag "changing" serves what it was switched to$`, func(ctx context.Context) {
		eventually(ctx, "the change", func() bool {
			return w.client.Boolean(ctx, "changing", !w.switched, openfeature.EvaluationContext{}) == w.switched
		})
	})
}

// handler keeps what it was told of.
type handler struct {
	heard    chan openfeature.EventDetails
	callback func(openfeature.EventDetails)
}

// eventing is what handlers are added to: the API or a client.
func (w *world) eventing(whose string) openfeature.IEventing {
	if whose == "the API" {
		return w.api
	}
	return w.client
}

func (w *world) addHandler(whose, event string) {
	h := &handler{heard: make(chan openfeature.EventDetails, 64)}
	h.callback = func(details openfeature.EventDetails) { h.heard <- details }
	w.handlers[whose+event] = h
	w.eventing(whose).AddHandler(openfeature.EventType(event), &h.callback)
}

func (w *world) removeHandler(whose, event string) {
	w.eventing(whose).RemoveHandler(openfeature.EventType(event), &w.handlers[whose+event].callback)
}

// hear waits for a run of a handler.
func (w *world) hear(whose, event string) (openfeature.EventDetails, error) {
	select {
	case details := <-w.handlers[whose+event].heard:
		return details, nil
	case <-time.After(patience):
		return openfeature.EventDetails{}, fmt.Errorf("the handler of %s for %s has not run", whose, event)
	}
}

func (w *world) handlerRan(ctx context.Context, whose, event, provider string) error {
	details, err := w.hear(whose, event)
	if err == nil {
		require.Equal(godog.T(ctx), provider, details.ProviderName)
	}
	return err
}

func (w *world) handlerToldOf(whose, event, flag string) error {
	details, err := w.hear(whose, event)
	if err == nil && !slices.Contains(details.FlagChanges, flag) {
		err = fmt.Errorf("the handler was told of the flags %v", details.FlagChanges)
	}
	return err
}

func (w *world) switchFlag(ctx context.Context) error {
	ref := store.FlagRef{EnvironmentRef: streamtest.Production, Flag: "changing"}
	before, err := w.shop.FlagConfig(ctx, ref)
	if err != nil {
		return err
	}
	w.switched = !before.Config.Enabled
	_, err = w.shop.UpdateFlagConfig(ctx, ref, streamtest.SwitchConfig(w.switched), store.AnyVersion, streamtest.By())
	return err
}
