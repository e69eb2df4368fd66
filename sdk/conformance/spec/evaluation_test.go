package spec

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/cucumber/godog"
	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"
)

func (w *world) registerEvaluation(scenario *godog.ScenarioContext) {
	scenario.Step(`^the (boolean|string|integer|float|object) flag "([^"]*)" is evaluated with the default (.+)$`, w.evaluate)
	scenario.Step(`^the value is (.+)$`, w.valueIs)
	scenario.Step(`^the variant is "([^"]*)"$`, func(ctx context.Context, variant string) { require.Equal(godog.T(ctx), variant, w.details.Variant) })
	scenario.Step(`^there is no variant$`, func(ctx context.Context) { require.Empty(godog.T(ctx), w.details.Variant) })
	scenario.Step(`^the reason is "([^"]*)"$`, func(ctx context.Context, reason string) { require.EqualValues(godog.T(ctx), reason, w.details.Reason) })
	scenario.Step(`^the details name the flag "([^"]*)"$`, func(ctx context.Context, flag string) { require.Equal(godog.T(ctx), flag, w.details.FlagKey) })
	scenario.Step(`^the error code is "([^"]*)"$`, func(ctx context.Context, code string) {
		require.EqualValues(godog.T(ctx), code, w.details.ErrorCode)
		require.Error(godog.T(ctx), w.err)
	})
	scenario.Step(`^the evaluation has failed$`, func(ctx context.Context) { require.Error(godog.T(ctx), w.err) })
	scenario.Step(`^the error message is not empty$`, func(ctx context.Context) { require.NotEmpty(godog.T(ctx), w.details.ErrorMessage) })
	scenario.Step(`^there is no error$`, func(ctx context.Context) {
		require.NoError(godog.T(ctx), w.err)
		require.Empty(godog.T(ctx), w.details.ErrorCode)
		require.Empty(godog.T(ctx), w.details.ErrorMessage)
	})
	scenario.Step(`^the flag metadata has a number "([^"]*)"$`, func(ctx context.Context, name string) {
		number, err := json.Number(fmt.Sprint(w.details.FlagMetadata[name])).Float64()
		require.NoError(godog.T(ctx), err)
		require.Positive(godog.T(ctx), number)
	})
}

// evaluate evaluates with the contexts and hooks of all levels.
func (w *world) evaluate(ctx context.Context, kind, flag, fallback string) error {
	w.api.SetEvaluationContext(w.contextOf("API"))
	w.client.SetEvaluationContext(w.contextOf("client"))
	ctx = openfeature.WithTransactionContext(ctx, w.contextOf("transaction"))
	invocation := w.contextOf("invocation")
	options := w.invocationHooks()
	codeDefault, err := parse(fallback)
	if err != nil {
		return fmt.Errorf("the default %s: %w", fallback, err)
	}
	switch kind {
	case "boolean":
		w.details, w.err = untyped(w.client.BooleanValueDetails(ctx, flag, codeDefault.(bool), invocation, options...))
	case "string":
		w.details, w.err = untyped(w.client.StringValueDetails(ctx, flag, codeDefault.(string), invocation, options...))
	case "integer":
		w.details, w.err = untyped(w.client.IntValueDetails(ctx, flag, int64(codeDefault.(float64)), invocation, options...))
	case "float":
		w.details, w.err = untyped(w.client.FloatValueDetails(ctx, flag, codeDefault.(float64), invocation, options...))
	case "object":
		w.details, w.err = w.client.ObjectValueDetails(ctx, flag, codeDefault, invocation, options...)
	}
	return nil
}

// untyped removes the type of details.
func untyped[T any](d openfeature.GenericEvaluationDetails[T], err error) (openfeature.InterfaceEvaluationDetails, error) {
	return openfeature.InterfaceEvaluationDetails{Value: d.Value, EvaluationDetails: d.EvaluationDetails}, err
}

// valueIs compares values as JSON, where all numbers have one type. The compiler already makes sure that an integer
// flag gives an integer.
func (w *world) valueIs(ctx context.Context, want string) {
	got, err := json.Marshal(w.details.Value)
	require.NoError(godog.T(ctx), err)
	require.JSONEq(godog.T(ctx), want, string(got))
}
