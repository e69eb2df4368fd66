package flagdrpc

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tidegate-io/tidegate/server/auth"
	pb "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/sync/v1"
	"github.com/tidegate-io/tidegate/store"
)

// syncV1 is flagd.sync.v1. It accepts only server SDK keys.
type syncV1 struct{ *Handler }

// SyncFlags sends the whole definition at once. It sends it again whenever it has changed.
func (s syncV1) SyncFlags(
	ctx context.Context,
	r *connect.Request[pb.SyncFlagsRequest],
	out *connect.ServerStream[pb.SyncFlagsResponse],
) error {
	a, err := s.enterToSync(ctx, r.Header(), r.Msg.GetSelector())
	if err != nil {
		return err
	}
	attributes, err := s.syncContext()
	if err != nil {
		return err
	}
	return s.follow(ctx, &a, "flagd-sync", &syncFollower{handler: s.Handler, send: func(definition string) error {
		return out.Send(&pb.SyncFlagsResponse{FlagConfiguration: definition, SyncContext: attributes})
	}})
}

// FetchAllFlags returns the whole definition.
func (s syncV1) FetchAllFlags(
	ctx context.Context,
	r *connect.Request[pb.FetchAllFlagsRequest],
) (*connect.Response[pb.FetchAllFlagsResponse], error) {
	a, err := s.enterToSync(ctx, r.Header(), r.Msg.GetSelector())
	if err != nil {
		return nil, err
	}
	definition, err := s.definitions.of(a.Snapshot)
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return connect.NewResponse(&pb.FetchAllFlagsResponse{FlagConfiguration: definition}), nil
}

// GetMetadata returns the content of sync_context, for clients that are older than sync_context.
func (s syncV1) GetMetadata(
	context.Context,
	*connect.Request[pb.GetMetadataRequest],
) (*connect.Response[pb.GetMetadataResponse], error) {
	attributes, err := s.syncContext()
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(&pb.GetMetadataResponse{Metadata: attributes}), nil
}

// syncContext has the attributes that are added to every context.
func (s syncV1) syncContext() (*structpb.Struct, error) {
	attributes, err := structpb.NewStruct(s.Context)
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, fmt.Errorf("write the sync context: %w", err))
	}
	return attributes, nil
}

// enterToSync is enter for server SDK keys. It logs a warning if the key is in the selector, once for each key.
// In-process providers put their selector into the metadata of every evaluation, and this metadata goes to logs and
// traces.
func (s syncV1) enterToSync(ctx context.Context, header http.Header, field string) (auth.Access, error) {
	a, err := s.enter(ctx, header, field)
	if err != nil {
		return a, err
	}
	if a.Key.Kind != store.SDKKeyServer {
		return a, connect.NewError(connect.CodePermissionDenied, errServerOnly)
	}
	if auth.KeyText(header) != "" || !strings.Contains(header.Get(selectorHeader)+field, auth.PrefixServerKey) {
		return a, nil
	}
	if _, told := s.warned.LoadOrStore(a.Key.ID, true); !told {
		s.Log.Warn(
			"An in-process provider sends its SDK key in the selector, which such providers add to the metadata of every evaluation. "+
				"Send the key as metadata (authorization), or bind the listener to it (flagd-keys).",
			"project",
			a.Key.Project,
			"environment",
			a.Key.Environment,
			"key",
			a.Key.Name,
		)
	}
	return a, nil
}

// syncFollower sends each definition that differs from the one before.
type syncFollower struct {
	handler *Handler
	send    func(definition string) error
	sent    string
}

func (f *syncFollower) moved(a *auth.Access) (bool, error) {
	definition, err := f.handler.definitions.of(a.Snapshot)
	if err != nil {
		return false, connect.NewError(connect.CodeInternal, err)
	}
	if definition == f.sent {
		return false, nil
	}
	f.sent = definition
	return true, f.send(definition)
}

// idle does nothing, because the protocol has no message for a keep-alive. The connection has pings.
func (f *syncFollower) idle() error { return nil }
