package ofrep

import (
	"net/http"

	"github.com/tidegate-io/tidegate/server/cors"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/store"
)

// pages is what web pages may send and read.
var pages = cors.NewAccess(
	[]string{http.MethodGet, http.MethodPost, http.MethodOptions},
	[]string{
		"Authorization",
		"Content-Type",
		"If-None-Match",
		"Last-Event-ID",
		"Cache-Control",
		"X-API-Key",
		presence.HeaderService,
		presence.HeaderVersion,
		presence.HeaderInstance,
		presence.HeaderStartedAt,
		presence.HeaderShadow,
	},
	[]string{"ETag", "Retry-After"},
)

// checkOrigin refuses pages of other origins if the environment of the key names origins.
func checkOrigin(w http.ResponseWriter, r *http.Request, key *store.SDKKey) *failure {
	if err := cors.Restrict(w.Header(), r.Header.Get("Origin"), key); err != nil {
		return &failure{status: http.StatusForbidden, details: err.Error()}
	}
	return nil
}
