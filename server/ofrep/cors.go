package ofrep

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/store"
)

// The headers of cross-origin requests. Every origin is allowed unless the environment names some: who may ask is decided
// by the key, which a page sends itself, and never by a cookie.
var (
	allowOrigin   = []string{"*"}
	exposeHeaders = []string{"ETag, Retry-After"}
	allowMethods  = []string{"GET, POST, OPTIONS"}
	allowHeaders  = []string{strings.Join([]string{
		"Authorization", "Content-Type", "If-None-Match", "Last-Event-ID", "Cache-Control", "X-API-Key",
		presence.HeaderService, presence.HeaderVersion, presence.HeaderInstance, presence.HeaderStartedAt, presence.HeaderShadow,
	}, ", ")}
	preflightMaxAge = []string{"7200"}
)

// allowOrigins lets pages of every origin use next, and answers their preflight requests. These carry no key, so that the
// environment is not known: where it names origins, the answer itself is refused to others (checkOrigin).
func allowOrigins(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header["Access-Control-Allow-Origin"] = allowOrigin
		header["Access-Control-Expose-Headers"] = exposeHeaders
		if r.Method == http.MethodOptions {
			header["Access-Control-Allow-Methods"] = allowMethods
			header["Access-Control-Allow-Headers"] = allowHeaders
			header["Access-Control-Max-Age"] = preflightMaxAge
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// checkOrigin refuses pages of origins other than those that the environment of the key names, if it names any. Browsers
// keep such a refusal from the page; whoever is no browser sends no origin, or any, and is not held off by this.
func checkOrigin(w http.ResponseWriter, r *http.Request, key *store.SDKKey) *failure {
	if len(key.AllowedOrigins) == 0 {
		return nil
	}
	header := w.Header()
	header.Set("Vary", "Origin")
	origin := r.Header.Get("Origin")
	switch {
	case origin == "":
		return nil
	case slices.Contains(key.AllowedOrigins, origin):
		header.Set("Access-Control-Allow-Origin", origin)
		return nil
	default:
		header.Del("Access-Control-Allow-Origin")
		return &failure{status: http.StatusForbidden, details: "the environment of this SDK key does not allow pages of " + origin + "; add it to the origins of the environment"}
	}
}
