package flagdrpc

import (
	"context"
	"errors"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	pb "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v1"
)

// maxValues bounds the JSON of all values in one answer, in bytes. As messages, the values need many times as much
// memory.
const maxValues = 2 << 20

var errManyValues = errors.New(
	"the values of all flags are more than one answer may hold (2 MiB of JSON); resolve them one by one",
)

// evaluationV1 is flagd.evaluation.v1. Its values are not optional. If the answer is the caller's code default, the
// value is the zero of its type and the variant is empty. flagd does the same since 0.16.
type evaluationV1 struct{ *Handler }

// ResolveAll evaluates all flags that the caller may see. Flags that fail are left out.
func (e evaluationV1) ResolveAll(
	ctx context.Context,
	r *connect.Request[pb.ResolveAllRequest],
) (*connect.Response[pb.ResolveAllResponse], error) {
	a, err := e.enterToEvaluate(ctx, r.Header())
	if err != nil {
		return nil, err
	}
	c, err := e.evaluationContext(&a, r.Header(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	all := &pb.ResolveAllResponse{
		Flags: make(map[string]*pb.AnyFlag, a.Snapshot.Len()),
		Metadata: &structpb.Struct{Fields: map[string]*structpb.Value{
			flagdjson.MetadataFlagSetID: structpb.NewStringValue(a.Key.Project + "/" + a.Key.Environment),
		}},
	}
	budget, bytes := evaluator.NewBudget(ctx.Done()), 0
	a.Snapshot.EvaluateAllWithin(&budget, &c, func(key string, clientSide bool, result evaluator.Result) bool {
		if a.ClientSide() && !clientSide || result.Reason == evaluator.ReasonError {
			return true
		}
		if bytes += len(result.Value.JSON()); bytes > maxValues {
			err = connect.NewError(connect.CodeResourceExhausted, errManyValues)
			return false
		}
		all.Flags[key], err = anyFlag(answerFrom(&a, &result))
		return err == nil
	})
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(all), nil
}

// anyFlag is an answer of any type. If the answer is the code default, it has neither variant nor value.
func anyFlag(a answer) (*pb.AnyFlag, error) {
	flag := &pb.AnyFlag{Reason: a.reason, Variant: a.variant, Metadata: a.metadata}
	switch a.value.Type() {
	case "":
	case evaluator.TypeBoolean:
		value, _ := a.value.Bool() // the type says so
		flag.Value = &pb.AnyFlag_BoolValue{BoolValue: value}
	case evaluator.TypeString:
		value, _ := a.value.Str()
		flag.Value = &pb.AnyFlag_StringValue{StringValue: value}
	case evaluator.TypeNumber:
		value, _ := a.value.Float()
		flag.Value = &pb.AnyFlag_DoubleValue{DoubleValue: value}
	default:
		value, _, err := object(a.value)
		if err != nil {
			return nil, err
		}
		flag.Value = &pb.AnyFlag_ObjectValue{ObjectValue: value}
	}
	return flag, nil
}

// ResolveBoolean evaluates a boolean flag.
func (e evaluationV1) ResolveBoolean(
	ctx context.Context,
	r *connect.Request[pb.ResolveBooleanRequest],
) (*connect.Response[pb.ResolveBooleanResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, err := required(r.Msg.GetFlagKey(), a.value, evaluator.Value.Bool)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveBooleanResponse{Value: value, Reason: a.reason, Variant: a.variant, Metadata: a.metadata},
	), nil
}

// ResolveString evaluates a string flag.
func (e evaluationV1) ResolveString(
	ctx context.Context,
	r *connect.Request[pb.ResolveStringRequest],
) (*connect.Response[pb.ResolveStringResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, err := required(r.Msg.GetFlagKey(), a.value, evaluator.Value.Str)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveStringResponse{Value: value, Reason: a.reason, Variant: a.variant, Metadata: a.metadata},
	), nil
}

// ResolveFloat evaluates a number flag.
func (e evaluationV1) ResolveFloat(
	ctx context.Context,
	r *connect.Request[pb.ResolveFloatRequest],
) (*connect.Response[pb.ResolveFloatResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, err := required(r.Msg.GetFlagKey(), a.value, evaluator.Value.Float)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveFloatResponse{Value: value, Reason: a.reason, Variant: a.variant, Metadata: a.metadata},
	), nil
}

// ResolveInt evaluates a number flag whose value is an integer.
func (e evaluationV1) ResolveInt(
	ctx context.Context,
	r *connect.Request[pb.ResolveIntRequest],
) (*connect.Response[pb.ResolveIntResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, err := required(r.Msg.GetFlagKey(), a.value, evaluator.Value.Int)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(
		&pb.ResolveIntResponse{Value: value, Reason: a.reason, Variant: a.variant, Metadata: a.metadata},
	), nil
}

// ResolveObject evaluates an object flag.
func (e evaluationV1) ResolveObject(
	ctx context.Context,
	r *connect.Request[pb.ResolveObjectRequest],
) (*connect.Response[pb.ResolveObjectResponse], error) {
	a, err := e.resolve(ctx, r.Header(), r.Msg.GetFlagKey(), r.Msg.GetContext())
	if err != nil {
		return nil, err
	}
	value, ok, err := object(a.value)
	switch {
	case err != nil:
		return nil, err
	case !ok && !a.value.IsNone():
		return nil, mismatch(r.Msg.GetFlagKey(), a.value)
	}
	return connect.NewResponse(
		&pb.ResolveObjectResponse{Value: value, Reason: a.reason, Variant: a.variant, Metadata: a.metadata},
	), nil
}

// EventStream tells when flags have changed.
func (e evaluationV1) EventStream(
	ctx context.Context,
	r *connect.Request[pb.EventStreamRequest],
	s *connect.ServerStream[pb.EventStreamResponse],
) error {
	return e.events(ctx, r.Header(), func(event event) error {
		return s.Send(&pb.EventStreamResponse{Type: event.kind, Data: event.data})
	})
}

// required reads a value by its type. The result is zero if the answer is the caller's code default.
func required[T any](key string, v evaluator.Value, read func(evaluator.Value) (T, bool)) (T, error) {
	value, ok := read(v)
	if !ok && !v.IsNone() {
		return value, mismatch(key, v)
	}
	return value, nil
}
