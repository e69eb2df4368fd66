package tidegate

import (
	"context"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/tidegate-io/tidegate/evaluator"
)

// BooleanEvaluation resolves a boolean flag. It allocates nothing.
func (p *Provider) BooleanEvaluation(
	ctx context.Context, flag string, defaultValue bool, flatCtx openfeature.FlattenedContext,
) openfeature.BoolResolutionDetail {
	return resolve(ctx, p, flag, defaultValue, flatCtx, evaluator.Result.Bool, remoteBool)
}

// StringEvaluation resolves a string flag.
func (p *Provider) StringEvaluation(
	ctx context.Context, flag string, defaultValue string, flatCtx openfeature.FlattenedContext,
) openfeature.StringResolutionDetail {
	return resolve(ctx, p, flag, defaultValue, flatCtx, evaluator.Result.Str, remoteString)
}

// FloatEvaluation resolves a number flag.
func (p *Provider) FloatEvaluation(
	ctx context.Context, flag string, defaultValue float64, flatCtx openfeature.FlattenedContext,
) openfeature.FloatResolutionDetail {
	return resolve(ctx, p, flag, defaultValue, flatCtx, evaluator.Result.Float, remoteFloat)
}

// IntEvaluation resolves a number flag that serves an integer; another number is a TYPE_MISMATCH.
func (p *Provider) IntEvaluation(
	ctx context.Context, flag string, defaultValue int64, flatCtx openfeature.FlattenedContext,
) openfeature.IntResolutionDetail {
	return resolve(ctx, p, flag, defaultValue, flatCtx, evaluator.Result.Int, remoteInt)
}

// ObjectEvaluation resolves an object flag to a map[string]any, which the caller may modify.
func (p *Provider) ObjectEvaluation(
	ctx context.Context, flag string, defaultValue any, flatCtx openfeature.FlattenedContext,
) openfeature.InterfaceResolutionDetail {
	return resolve(ctx, p, flag, defaultValue, flatCtx, localObject, remoteObject)
}

// localObject is the object of a result, or any fallback.
func localObject(r evaluator.Result, fallback any) (any, evaluator.Result) {
	object, r := r.Object(nil)
	if object == nil {
		return fallback, r
	}
	return object, r
}

// resolve evaluates in the process or asks the server. The functions local and remote take a value of the wanted type
// from the result of the one or the other.
func resolve[T any](
	ctx context.Context, p *Provider, flag string, defaultValue T, flatCtx openfeature.FlattenedContext,
	local func(evaluator.Result, T) (T, evaluator.Result), remote func(any) (T, bool),
) openfeature.GenericResolutionDetail[T] {
	if p.options.remote {
		return resolveRemotely(ctx, p, flag, defaultValue, flatCtx, remote)
	}
	r, v := p.evaluate(flag, flatCtx)
	value, r := local(r, defaultValue)
	return openfeature.GenericResolutionDetail[T]{Value: value, ProviderResolutionDetail: v.detail(&r)}
}

// evaluate reads memory only. Without a snapshot it gives PROVIDER_NOT_READY.
func (p *Provider) evaluate(flag string, flatCtx openfeature.FlattenedContext) (evaluator.Result, *view) {
	v := p.view.Load()
	if v == nil {
		if p.options.offline {
			return evaluator.Result{Reason: evaluator.ReasonDefault}, nil
		}
		return evaluator.Result{Reason: evaluator.ReasonError, ErrorCode: evaluator.ErrorProviderNotReady}, nil
	}
	id := &p.options.identity
	c := evaluator.MapContext(flatCtx).WithInstance(id.service, id.version, id.instance)
	if v.snapshot.Timed() {
		c = c.At(time.Now())
	}
	r := v.snapshot.Evaluate(flag, &c)
	if counts := v.counts[flag]; counts != nil {
		counts.add(r.Variation)
	}
	return r, v
}

// detail gives OpenFeature's details of a result. A code default has no variant. v may be nil.
func (v *view) detail(r *evaluator.Result) openfeature.ProviderResolutionDetail {
	d := openfeature.ProviderResolutionDetail{Reason: openfeature.Reason(r.Reason.String()), Variant: r.Variation}
	if v != nil {
		d.FlagMetadata = v.metadata[keyOf(r)]
	}
	switch r.ErrorCode {
	case evaluator.NoError:
	case evaluator.ErrorFlagNotFound:
		d.ResolutionError = openfeature.NewFlagNotFoundResolutionError("there is no such flag in this environment")
	case evaluator.ErrorTypeMismatch:
		d.ResolutionError = openfeature.NewTypeMismatchResolutionError("the flag serves values of another type")
	case evaluator.ErrorParseError:
		d.ResolutionError = openfeature.NewParseErrorResolutionError("the flag's configuration does not compile; it was kept out")
	case evaluator.ErrorProviderNotReady:
		d.ResolutionError = openfeature.NewProviderNotReadyResolutionError("no snapshot has come from the server yet")
	default:
		d.ResolutionError = openfeature.NewGeneralResolutionError(generalMessage(r))
	}
	return d
}

// generalMessage says what an error GENERAL is about.
func generalMessage(r *evaluator.Result) string {
	if r.Detail == evaluator.DetailBudgetExceeded {
		return evaluator.BudgetMessage
	}
	return r.ErrorCode.String()
}
