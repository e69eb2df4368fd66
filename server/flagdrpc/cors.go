package flagdrpc

import (
	"net/http"
	"strings"

	"github.com/tidegate-io/tidegate/server/presence"
)

// What pages of other origins may send and read: Connect and gRPC-Web have headers of their own. Every origin is allowed
// unless the environment names some, as for OFREP: who may ask is decided by the key, which a page sends itself, and never
// by a cookie. Preflight requests carry no key; where the environment names origins, the answer is refused to others.
var (
	allowHeaders = strings.Join([]string{
		"Authorization", "Content-Type", "X-API-Key", "Flagd-Selector", "Connect-Protocol-Version", "Connect-Timeout-Ms",
		"Connect-Accept-Encoding", "Connect-Content-Encoding", "Grpc-Timeout", "X-Grpc-Web", "X-User-Agent",
		presence.HeaderService, presence.HeaderVersion, presence.HeaderInstance,
	}, ", ")
	exposeHeaders = strings.Join([]string{
		"Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin", "Connect-Content-Encoding",
	}, ", ")
)

// preflightMaxAge is how many seconds a browser may remember what is allowed.
const preflightMaxAge = "7200"

// allowOrigins lets pages of every origin use next, and answers their preflight requests.
func allowOrigins(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Access-Control-Expose-Headers", exposeHeaders)
		if r.Method == http.MethodOptions {
			header.Set("Access-Control-Allow-Methods", "GET, POST")
			header.Set("Access-Control-Allow-Headers", allowHeaders)
			header.Set("Access-Control-Max-Age", preflightMaxAge)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
