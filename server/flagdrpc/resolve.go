package flagdrpc

import (
	"context"
	"fmt"
	"maps"
	"net/http"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/evalcontext"
	"github.com/tidegate-io/tidegate/server/presence"
)

// answer is the result of an evaluation that did not fail.
type answer struct {
	value    evaluator.Value
	variant  string
	reason   string
	metadata *structpb.Struct
}

// resolve evaluates one flag for the caller.
func (h *Handler) resolve(
	ctx context.Context,
	header http.Header,
	key string,
	attributes *structpb.Struct,
) (answer, error) {
	a, err := h.enterToEvaluate(ctx, header)
	if err != nil {
		return answer{}, err
	}
	if !a.Visible(key) {
		return answer{}, notFound(key)
	}
	c, err := h.evaluationContext(&a, header, attributes)
	if err != nil {
		return answer{}, err
	}
	budget := evaluator.NewBudget(ctx.Done())
	r := a.Snapshot.EvaluateWithin(&budget, key, &c)
	if r.Reason == evaluator.ReasonError {
		if r.ErrorCode == evaluator.ErrorFlagNotFound {
			return answer{}, notFound(key)
		}
		return answer{}, failed(key, &r)
	}
	return answerFrom(&a, &r), nil
}

// enterToEvaluate is enter for evaluations. Evaluations are limited by key.
func (h *Handler) enterToEvaluate(ctx context.Context, header http.Header) (auth.Access, error) {
	a, err := h.enter(ctx, header, "")
	if err != nil {
		return a, err
	}
	if wait := h.Limits.Admit(a.Key.ID, h.Now()); wait > 0 {
		return a, connect.NewError(
			connect.CodeResourceExhausted,
			fmt.Errorf("this SDK key evaluates too often; try again in %s", wait),
		)
	}
	return a, nil
}

// evaluationContext is the caller's context. The attributes of the configuration are added to it, and the attributes
// of the process from the metadata.
func (h *Handler) evaluationContext(
	a *auth.Access,
	header http.Header,
	attributes *structpb.Struct,
) (evaluator.Context, error) {
	values := attributes.AsMap()
	if err := evaluator.CheckContext(values); err != nil {
		return evaluator.Context{}, connect.NewError(connect.CodeInvalidArgument, err)
	}
	if err := evalcontext.CheckTargetingKey(values); err != nil {
		return evaluator.Context{}, connect.NewError(connect.CodeInvalidArgument, err)
	}
	maps.Copy(values, h.Context)
	c := evaluator.MapContext(values)
	if a.Snapshot.Timed() {
		c = c.At(h.Now())
	}
	if service := header.Get(presence.HeaderService); service != "" {
		c = c.WithInstance(service, header.Get(presence.HeaderVersion), header.Get(presence.HeaderInstance))
	}
	h.Presence.Note(a.Key, header)
	return c, nil
}

func answerFrom(a *auth.Access, r *evaluator.Result) answer {
	metadata := map[string]*structpb.Value{
		flagdjson.MetadataVersion:   structpb.NewNumberValue(float64(r.Version)),
		flagdjson.MetadataFlagSetID: structpb.NewStringValue(a.Key.Project + "/" + a.Key.Environment),
	}
	if detail := r.Detail.String(); detail != "" {
		metadata["detail"] = structpb.NewStringValue(detail)
	}
	if r.RuleID != "" && !a.ClientSide() {
		metadata["ruleId"] = structpb.NewStringValue(r.RuleID)
	}
	return answer{
		value:    r.Value,
		variant:  r.Variation,
		reason:   r.Reason.String(),
		metadata: &structpb.Struct{Fields: metadata},
	}
}

// object converts the value of an object flag to a message.
func object(v evaluator.Value) (*structpb.Struct, bool, error) {
	fields, ok := v.Object()
	if !ok {
		return nil, false, nil
	}
	message, err := structpb.NewStruct(fields)
	if err != nil {
		return nil, false, connect.NewError(connect.CodeInternal, fmt.Errorf("write the value of an object: %w", err))
	}
	return message, true, nil
}

// failed is the error of a flag that does not compile, or of a flag whose expression fails for the context.
func failed(key string, r *evaluator.Result) error {
	switch {
	case r.Detail == evaluator.DetailBudgetExceeded:
		return connect.NewError(connect.CodeInternal, fmt.Errorf("flag %s: %s", key, evaluator.BudgetMessage))
	case r.ErrorCode == evaluator.ErrorGeneral:
		return connect.NewError(
			connect.CodeInternal,
			fmt.Errorf("the expression of flag %s fails for this context, or names no variation", key),
		)
	}
	return connect.NewError(
		connect.CodeDataLoss,
		fmt.Errorf("the configuration of flag %s does not compile; the server's log says why", key),
	)
}

func notFound(key string) error {
	return connect.NewError(connect.CodeNotFound, fmt.Errorf("there is no flag %s that this key may see", key))
}

// mismatch is the error of a flag whose value has another type than the caller has asked for.
func mismatch(key string, v evaluator.Value) error {
	return connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("flag %s is of type %s", key, v.Type()))
}
