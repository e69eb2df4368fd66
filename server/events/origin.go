package events

import (
	"net/http"
	"slices"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// allowOrigin lets pages send reports, and answers their preflight requests: whether it has. Preflight requests carry no key,
// so that a page of an origin which the environment does not name is refused only when it reports.
func allowOrigin(w http.ResponseWriter, r *http.Request) (answered bool) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "Retry-After")
	if r.Method != http.MethodOptions {
		return false
	}
	header.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
	header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-API-Key")
	header.Set("Access-Control-Max-Age", "7200")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// checkOrigin refuses pages of origins other than those that the environment of the key names, if it names any.
func checkOrigin(w http.ResponseWriter, r *http.Request, key store.SDKKey) error {
	origin := r.Header.Get("Origin")
	if len(key.AllowedOrigins) == 0 || origin == "" {
		return nil
	}
	w.Header().Set("Vary", "Origin")
	if !slices.Contains(key.AllowedOrigins, origin) {
		w.Header().Del("Access-Control-Allow-Origin")
		return problem.Forbidden("The environment of this SDK key does not allow pages of %s; add it to the origins of the environment.", origin)
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	return nil
}
