package ofrep

import (
	"net/http"
	"strings"

	"github.com/tidegate-io/tidegate/server/stream"
)

// The headers of cross-origin requests. Every origin is allowed: who may ask is decided by the key, which a page sends
// itself, and never by a cookie.
var (
	allowOrigin   = []string{"*"}
	exposeHeaders = []string{"ETag, Retry-After"}
	allowMethods  = []string{"GET, POST, OPTIONS"}
	allowHeaders  = []string{strings.Join([]string{
		"Authorization", "Content-Type", "If-None-Match", "Last-Event-ID", "Cache-Control", "X-API-Key",
		stream.HeaderService, stream.HeaderVersion, stream.HeaderInstance,
	}, ", ")}
	preflightMaxAge = []string{"7200"}
)

// allowOrigins lets pages of every origin use next, and answers their preflight requests.
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
