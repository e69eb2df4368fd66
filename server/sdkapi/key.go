package sdkapi

import (
	"errors"
	"net/http"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/cors"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// requestKey returns the SDK key of the request, of any kind, or a problem. If there is no key, the text of missing
// says what to send.
func requestKey(r *http.Request, keys auth.Keys, missing string) (store.SDKKey, error) {
	key, err := auth.RequestKey(r, keys)
	switch {
	case errors.Is(err, auth.ErrNoKey):
		return key, problem.Unauthorized(auth.Challenge, missing)
	case errors.Is(err, auth.ErrUnknownKey):
		return key, problem.Unauthorized(
			auth.Challenge,
			"There is no such SDK key, or it was revoked. Make one on the page of the environment.",
		)
	}
	return key, err
}

// serverKey returns the server SDK key of the request, or a problem.
func serverKey(r *http.Request, keys auth.Keys) (store.SDKKey, error) {
	key, err := requestKey(r, keys, "Send a server SDK key as Authorization: Bearer.")
	if err == nil && key.Kind != store.SDKKeyServer {
		return key, problem.Forbidden(
			"A %s SDK key may neither read rules nor announce instances. Use a server SDK key here, or OFREP with this one.",
			key.Kind,
		)
	}
	if err != nil {
		return key, err
	}
	if err := cors.Check(r.Header.Get("Origin"), &key); err != nil {
		return key, problem.Forbidden("%s", problem.Sentence(err.Error()))
	}
	return key, nil
}
