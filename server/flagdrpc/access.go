package flagdrpc

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"connectrpc.com/connect"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/store"
)

// selectorHeader is the metadata that chooses the environment.
const selectorHeader = "Flagd-Selector"

var (
	errNoKey = errors.New(
		"send an SDK key as metadata authorization: Bearer <key>, or in flagd-selector; or bind the listener to a key",
	)
	errUnknownKey = errors.New("there is no such SDK key, or it was revoked")
	errNotChecked = errors.New("the SDK key cannot be checked now")
	errServerOnly = errors.New(
		"a client SDK key may not read rules; use a server SDK key here, or the evaluation service with this one",
	)
)

// enter finds the key of a request and the state of its environment. field is the selector in the message. Older
// clients send it; the selector in the header takes precedence. Errors are of package connect.
func (h *Handler) enter(ctx context.Context, header http.Header, field string) (auth.Access, error) {
	text := header.Get(selectorHeader)
	if text == "" {
		text = field
	}
	selected, err := parseSelector(text)
	if err != nil {
		return auth.Access{}, connect.NewError(connect.CodeInvalidArgument, err)
	}
	key, bound, err := h.key(ctx, header, &selected)
	if err != nil {
		return auth.Access{}, err
	}
	if !selected.selects(key.EnvironmentRef) {
		return auth.Access{}, connect.NewError(
			connect.CodePermissionDenied,
			fmt.Errorf("the SDK key is of environment %s/%s, and the selector asks for %q",
				key.Project, key.Environment, selected.environment),
		)
	}
	if err := restrict(ctx, header.Get("Origin"), &key, bound); err != nil {
		return auth.Access{}, connect.NewError(connect.CodePermissionDenied, err)
	}
	return h.current(key)
}

// current returns what the holder of the key may see now.
func (h *Handler) current(key store.SDKKey) (auth.Access, error) {
	a, err := auth.CurrentAccess(h.Replica, key)
	if err != nil {
		return a, connect.NewError(connect.CodeUnavailable, err)
	}
	return a, nil
}

// key finds the SDK key. It looks first in the metadata, then in the selector, then among the keys of the listener.
func (h *Handler) key(
	ctx context.Context,
	header http.Header,
	selected *selector,
) (key store.SDKKey, bound bool, err error) {
	text := auth.KeyText(header)
	if text == "" {
		text = selected.key
	}
	if text != "" {
		key, err = h.lookUp(ctx, text)
		return key, false, err
	}
	key, err = h.boundKey(ctx, selected)
	return key, true, err
}

// boundKey returns the first of the listener's keys that belongs to the selected environment. If there is none, it
// returns any of them. A key that no longer works does not affect the others.
func (h *Handler) boundKey(ctx context.Context, selected *selector) (key store.SDKKey, err error) {
	err = connect.NewError(connect.CodeUnauthenticated, errNoKey)
	for _, text := range h.BoundKeys {
		bound, lookUpErr := h.lookUp(ctx, text)
		switch {
		case lookUpErr != nil:
			if key.ID == "" {
				err = lookUpErr
			}
		case selected.selects(bound.EnvironmentRef):
			return bound, nil
		default:
			key, err = bound, nil
		}
	}
	return key, err
}

func (h *Handler) lookUp(ctx context.Context, text string) (store.SDKKey, error) {
	key, err := h.Keys.SDKKey(ctx, text)
	switch {
	case errors.Is(err, auth.ErrUnknownKey):
		return key, connect.NewError(connect.CodeUnauthenticated, errUnknownKey)
	case err != nil:
		return key, connect.NewError(connect.CodeUnavailable, errNotChecked)
	default:
		return key, nil
	}
}
