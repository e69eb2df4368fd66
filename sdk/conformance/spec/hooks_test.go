package spec

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cucumber/godog"
	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"
)

func (w *world) registerHooks(scenario *godog.ScenarioContext) {
	scenario.Step(`^a hook of the (API|client|invocation)$`, func(level string) { w.addHook(level, nil) })
	scenario.Step(`^a hook of the client that fails before$`, func() { w.addHook("client", errors.New("not today")) })
	scenario.Step(`^the stages "([^"]*)" of the client's hook have run$`, func(ctx context.Context, stages string) {
		require.Equal(godog.T(ctx), strings.Fields(stages), w.hooks["client"].stages)
	})
	scenario.Step(`^all stages have run as:$`, w.allStagesRan)
	scenario.Step(`^"(after|finally)" was told of the value (.+), the variant "([^"]*)", the reason "([^"]*)" and no error$`,
		func(ctx context.Context, at, value, variant, reason string) error {
			return w.wasTold(ctx, at, value, variant, reason, "")
		})
	scenario.Step(`^"(after|finally)" was told of the value (.+), no variant, the reason "([^"]*)" and the error "([^"]*)"$`,
		func(ctx context.Context, at, value, reason, code string) error {
			return w.wasTold(ctx, at, value, "", reason, code)
		})
	scenario.Step(`^hooks were told of the provider "([^"]*)" and the flag "([^"]*)"$`, func(ctx context.Context, provider, flag string) {
		require.Equal(godog.T(ctx), provider, w.hooks["client"].about.ProviderMetadata().Name)
		require.Equal(godog.T(ctx), flag, w.hooks["client"].about.FlagKey())
	})
}

// stage is one run of a hook.
type stage struct{ level, name string }

// recorder is a hook that remembers what it was told.
type recorder struct {
	world   *world
	level   string
	refusal error // what before fails with
	stages  []string
	about   openfeature.HookContext
	details map[string]openfeature.InterfaceEvaluationDetails // by stage
}

func (r *recorder) run(name string, about openfeature.HookContext) {
	r.stages, r.about = append(r.stages, name), about
	r.world.ran = append(r.world.ran, stage{r.level, name})
}

func (r *recorder) Before(_ context.Context, about openfeature.HookContext, _ openfeature.HookHints) (*openfeature.EvaluationContext, error) {
	r.run("before", about)
	return nil, r.refusal
}

func (r *recorder) After(_ context.Context, about openfeature.HookContext, d openfeature.InterfaceEvaluationDetails, _ openfeature.HookHints) error {
	r.run("after", about)
	r.details["after"] = d
	return nil
}

func (r *recorder) Error(_ context.Context, about openfeature.HookContext, _ error, _ openfeature.HookHints) {
	r.run("error", about)
}

func (r *recorder) Finally(_ context.Context, about openfeature.HookContext, d openfeature.InterfaceEvaluationDetails, _ openfeature.HookHints) {
	r.run("finally", about)
	r.details["finally"] = d
}

func (w *world) addHook(level string, refusal error) {
	r := &recorder{world: w, level: level, refusal: refusal, details: make(map[string]openfeature.InterfaceEvaluationDetails)}
	w.hooks[level] = r
	switch level {
	case "API":
		w.api.AddHooks(r)
	case "client":
		w.client.AddHooks(r)
	}
}

// contextHook adds to the context before an evaluation.
type contextHook struct {
	openfeature.UnimplementedHook
	adds openfeature.EvaluationContext
}

func (h contextHook) Before(context.Context, openfeature.HookContext, openfeature.HookHints) (*openfeature.EvaluationContext, error) {
	return &h.adds, nil
}

// invocationHooks are the hooks of one evaluation.
func (w *world) invocationHooks() (options []openfeature.Option) {
	if w.hooks["invocation"] != nil {
		options = append(options, openfeature.WithHooks(w.hooks["invocation"]))
	}
	if w.contexts["before-hook"] != nil || w.keys["before-hook"] != "" {
		options = append(options, openfeature.WithHooks(contextHook{adds: w.contextOf("before-hook")}))
	}
	return options
}

func (w *world) allStagesRan(ctx context.Context, table *godog.Table) {
	var want []stage
	for _, row := range table.Rows {
		want = append(want, stage{row.Cells[0].Value, row.Cells[1].Value})
	}
	require.Equal(godog.T(ctx), want, w.ran)
}

func (w *world) wasTold(ctx context.Context, at, value, variant, reason, code string) error {
	told, ok := w.hooks["client"].details[at]
	if !ok {
		return fmt.Errorf("%s has not run", at)
	}
	want, err := parse(value)
	if err != nil {
		return fmt.Errorf("the value %s: %w", value, err)
	}
	require.EqualValues(godog.T(ctx), want, told.Value)
	require.Equal(godog.T(ctx), variant, told.Variant)
	require.EqualValues(godog.T(ctx), reason, told.Reason)
	require.EqualValues(godog.T(ctx), code, told.ErrorCode)
	return nil
}
