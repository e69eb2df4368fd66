package flagdrpc

import (
	"context"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/tidegate-io/tidegate/evaluator"
	pb "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v2"
)

// evaluationV2 is flagd.evaluation.v2. If the answer is the caller's code default, value and variant are left out.
type evaluationV2 struct{ *Handler }

// ResolveBoolean evaluates a boolean flag.
func (e evaluationV2) ResolveBoolean(
	ctx context.Context,
	r *connect.Request[pb.ResolveBooleanRequest],
) (*connect.Response[pb.ResolveBooleanResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, err := optional(r.Msg.GetFlagKey(), a.value, evaluator.Value.Bool)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveBooleanResponse{Value: value, Reason: a.reason, Variant: a.optionalVariant(), Metadata: a.metadata},
	), nil
}

// ResolveString evaluates a string flag.
func (e evaluationV2) ResolveString(
	ctx context.Context,
	r *connect.Request[pb.ResolveStringRequest],
) (*connect.Response[pb.ResolveStringResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, err := optional(r.Msg.GetFlagKey(), a.value, evaluator.Value.Str)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveStringResponse{Value: value, Reason: a.reason, Variant: a.optionalVariant(), Metadata: a.metadata},
	), nil
}

// ResolveFloat evaluates a number flag.
func (e evaluationV2) ResolveFloat(
	ctx context.Context,
	r *connect.Request[pb.ResolveFloatRequest],
) (*connect.Response[pb.ResolveFloatResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, err := optional(r.Msg.GetFlagKey(), a.value, evaluator.Value.Float)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveFloatResponse{Value: value, Reason: a.reason, Variant: a.optionalVariant(), Metadata: a.metadata},
	), nil
}

// ResolveInt evaluates a number flag whose value is an integer.
func (e evaluationV2) ResolveInt(
	ctx context.Context,
	r *connect.Request[pb.ResolveIntRequest],
) (*connect.Response[pb.ResolveIntResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, err := optional(r.Msg.GetFlagKey(), a.value, evaluator.Value.Int)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveIntResponse{Value: value, Reason: a.reason, Variant: a.optionalVariant(), Metadata: a.metadata},
	), nil
}

// ResolveObject evaluates an object flag.
func (e evaluationV2) ResolveObject(
	ctx context.Context,
	r *connect.Request[pb.ResolveObjectRequest],
) (*connect.Response[pb.ResolveObjectResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, ok, err := object(a.value)
	if err == nil && !ok && !a.value.IsNone() {
		err = mismatch(r.Msg.GetFlagKey(), a.value)
	}
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveObjectResponse{Value: value, Reason: a.reason, Variant: a.optionalVariant(), Metadata: a.metadata},
	), nil
}

// EventStream tells when flags have changed.
func (e evaluationV2) EventStream(
	ctx context.Context,
	r *connect.Request[pb.EventStreamRequest],
	s *connect.ServerStream[pb.EventStreamResponse],
) error {
	return e.events(ctx, r.Header(), func(event event) error {
		return s.Send(&pb.EventStreamResponse{Type: event.kind, Data: event.data})
	})
}

// optional reads a value by its type. The result is nil if the answer is the caller's code default.
func optional[T any](key string, v evaluator.Value, read func(evaluator.Value) (T, bool)) (*T, error) {
	if v.IsNone() {
		return nil, nil
	}
	value, ok := read(v)
	if !ok {
		return nil, mismatch(key, v)
	}
	return &value, nil
}

func (a *answer) optionalVariant() *string {
	if a.value.IsNone() {
		return nil
	}
	return proto.String(a.variant)
}
