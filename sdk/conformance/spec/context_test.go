package spec

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"
)

func (w *world) registerContexts(scenario *godog.ScenarioContext) {
	scenario.Step(`^the invocation context is (\{.*\})$`, w.invocationContextIs)
	scenario.Step(`^the invocation context is still (\{.*\})$`, func(ctx context.Context, want string) {
		got, err := json.Marshal(w.contexts["invocation"])
		require.NoError(godog.T(ctx), err)
		require.JSONEq(godog.T(ctx), want, string(got))
	})
	scenario.Step(`^the ([\w-]+) context has the targeting key "([^"]*)"$`, func(level, key string) { w.keys[level] = key })
	scenario.Step(`^the ([\w-]+) context has "([^"]*)" as "([^"]*)"$`, w.contextHas)
	scenario.Step(`^the contexts of all levels up to ([\w-]+) have "level" as their own name$`, w.allLevelsHave)
}

func (w *world) invocationContextIs(text string) error {
	attributes, err := parse(text)
	if err != nil {
		return fmt.Errorf("the context %s: %w", text, err)
	}
	w.contexts["invocation"] = attributes.(map[string]any)
	return nil
}

func (w *world) contextHas(level, name, value string) {
	if w.contexts[level] == nil {
		w.contexts[level] = make(map[string]any)
	}
	w.contexts[level][name] = value
}

func (w *world) allLevelsHave(last string) {
	for _, level := range levels[:slices.Index(levels, last)+1] {
		w.contextHas(level, "level", level)
	}
}
