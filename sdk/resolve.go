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
	if p.options.remote {
		return resolveRemotely(ctx, p, flag, defaultValue, flatCtx, remoteBool)
	}
	r, v := p.evaluate(flag, flatCtx)
	value, r := r.Bool(defaultValue)
	return openfeature.BoolResolutionDetail{Value: value, ProviderResolutionDetail: v.detail(&r)}
}

// StringEvaluation resolves a string flag.
func (p *Provider) StringEvaluation(
	ctx context.Context, flag string, defaultValue string, flatCtx openfeature.FlattenedContext,
) openfeature.StringResolutionDetail {
	if p.options.remote {
		return resolveRemotely(ctx, p, flag, defaultValue, flatCtx, remoteString)
	}
	r, v := p.evaluate(flag, flatCtx)
	value, r := r.Str(defaultValue)
	return openfeature.StringResolutionDetail{Value: value, ProviderResolutionDetail: v.detail(&r)}
}

// FloatEvaluation resolves a number flag.
func (p *Provider) FloatEvaluation(
	ctx context.Context, flag string, defaultValue float64, flatCtx openfeature.FlattenedContext,
) openfeature.FloatResolutionDetail {
	if p.options.remote {
		return resolveRemotely(ctx, p, flag, defaultValue, flatCtx, remoteFloat)
	}
	r, v := p.evaluate(flag, flatCtx)
	value, r := r.Float(defaultValue)
	return openfeature.FloatResolutionDetail{Value: value, ProviderResolutionDetail: v.detail(&r)}
}

// IntEvaluation resolves a number flag that serves an integer; another number is a TYPE_MISMATCH.
func (p *Provider) IntEvaluation(
	ctx context.Context, flag string, defaultValue int64, flatCtx openfeature.FlattenedContext,
) openfeature.IntResolutionDetail {
	if p.options.remote {
		return resolveRemotely(ctx, p, flag, defaultValue, flatCtx, remoteInt)
	}
	r, v := p.evaluate(flag, flatCtx)
	value, r := r.Int(defaultValue)
	return openfeature.IntResolutionDetail{Value: value, ProviderResolutionDetail: v.detail(&r)}
}

// ObjectEvaluation resolves an object flag to a map[string]any, which the caller may modify.
func (p *Provider) ObjectEvaluation(
	ctx context.Context, flag string, defaultValue any, flatCtx openfeature.FlattenedContext,
) openfeature.InterfaceResolutionDetail {
	if p.options.remote {
		return resolveRemotely(ctx, p, flag, defaultValue, flatCtx, remoteObject)
	}
	r, v := p.evaluate(flag, flatCtx)
	object, r := r.Object(nil)
	value := defaultValue
	if object != nil {
		value = object
	}
	return openfeature.InterfaceResolutionDetail{Value: value, ProviderResolutionDetail: v.detail(&r)}
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

// detail says of a result what OpenFeature wants to know. A code default has no variant. v may be nil.
func (v *view) detail(r *evaluator.Result) openfeature.ProviderResolutionDetail {
	d := openfeature.ProviderResolutionDetail{Reason: openfeature.Reason(r.Reason.String()), Variant: r.Variation}
	if v != nil {
		d.FlagMetadata = v.metadata[r.Version]
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
		d.ResolutionError = openfeature.NewGeneralResolutionError(r.ErrorCode.String())
	}
	return d
}
