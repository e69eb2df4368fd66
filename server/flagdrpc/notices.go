package flagdrpc

import (
	"context"
	"net/http"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tidegate-io/tidegate/server/auth"
)

// The types of events.
const (
	eventReady     = "provider_ready"
	eventChange    = "configuration_change"
	eventKeepAlive = "keep_alive"
)

// event is a message of EventStream in either version.
type event struct {
	kind string
	data *structpb.Struct
}

// events tells a caller that it may begin. After that, it tells the caller whenever flags that it may see have
// changed.
func (h *Handler) events(ctx context.Context, header http.Header, send func(event) error) error {
	a, err := h.enter(ctx, header, "")
	if err != nil {
		return err
	}
	return h.follow(
		ctx,
		&a,
		"flagd-events",
		&eventFollower{changes: &h.changes, send: send, page: header.Get("Origin") != ""},
	)
}

// eventFollower compares each state with the one before.
type eventFollower struct {
	changes *changes
	send    func(event) error
	// page is set for web pages. They fetch all flags when they are told that they may begin.
	page   bool
	before *auth.Access
}

func (f *eventFollower) moved(a *auth.Access) (bool, error) {
	before := f.before
	now := *a
	f.before = &now
	if before == nil {
		return true, f.begin(&now)
	}
	changed := f.changes.between(before.Snapshot, now.Snapshot, now.ClientSide())
	if changed == nil {
		return false, nil
	}
	return true, f.send(event{kind: eventChange, data: changed})
}

// begin tells a caller that it may begin, and that all flags may have changed. The second part is needed because
// providers remember STATIC answers. An answer may have come after the last stream broke and before this one began.
// Without this message, the provider would keep it even if the flag has changed in between.
func (f *eventFollower) begin(now *auth.Access) error {
	if err := f.send(event{kind: eventReady}); err != nil || f.page {
		return err
	}
	all := f.changes.between(nil, now.Snapshot, now.ClientSide())
	if all == nil {
		return nil
	}
	return f.send(event{kind: eventChange, data: all})
}

func (f *eventFollower) idle() error { return f.send(event{kind: eventKeepAlive}) }
