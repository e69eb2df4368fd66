package stream

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// Keys knows the SDK keys that work now. Finding a known key does no I/O.
type Keys interface {
	// SDKKey finds a key by its text. It fails with auth.ErrUnknownKey where there is none.
	SDKKey(ctx context.Context, secret string) (store.SDKKey, error)
	// SDKKeyByID finds a working key in memory alone; false means that there is none.
	SDKKeyByID(id string) (store.SDKKey, bool)
	// Revoked is closed once the key no longer works: at once if it does not work now.
	Revoked(id string) <-chan struct{}
}

// KeyText returns the SDK key that the request carries, "" if it carries none. Both of OFREP's headers are read.
func KeyText(r *http.Request) string {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return r.Header.Get("X-API-Key")
}

// RequestKey returns the SDK key of the request, of any kind, or a problem; missing says what to send where there is none.
func RequestKey(r *http.Request, keys Keys, missing string) (store.SDKKey, error) {
	text := KeyText(r)
	if text == "" {
		return store.SDKKey{}, problem.Unauthorized(auth.Challenge, missing)
	}
	key, err := keys.SDKKey(r.Context(), text)
	if errors.Is(err, auth.ErrUnknownKey) {
		return key, problem.Unauthorized(auth.Challenge, "There is no such SDK key, or it was revoked. Make one on the page of the environment.")
	}
	return key, err
}

// serverKey returns the server SDK key of the request, or a problem.
func serverKey(r *http.Request, keys Keys) (store.SDKKey, error) {
	key, err := RequestKey(r, keys, "Send a server SDK key as Authorization: Bearer.")
	if err == nil && key.Kind != store.SDKKeyServer {
		err = problem.Forbidden("A %s SDK key may neither read rules nor announce instances. Use a server SDK key here, or OFREP with this one.", key.Kind)
	}
	return key, err
}
