package flagdrpc

import (
	"context"
	"net/http"
	"strings"

	"github.com/tidegate-io/tidegate/server/cors"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/store"
)

// pages is what web pages may send and read. Connect and gRPC-Web have headers of their own.
var pages = cors.NewAccess(
	[]string{http.MethodGet, http.MethodPost},
	[]string{
		"Authorization", "Content-Type", "X-API-Key", "Connect-Protocol-Version", "Connect-Timeout-Ms",
		"Connect-Accept-Encoding", "Connect-Content-Encoding", "Grpc-Timeout", "X-Grpc-Web", "X-User-Agent",
		presence.HeaderService, presence.HeaderVersion, presence.HeaderInstance,
	},
	[]string{"Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin", "Connect-Content-Encoding"},
)

// restrict refuses pages of origins that the environment of the key does not allow. Its answers to other pages are
// readable for the page's origin alone.
func restrict(ctx context.Context, origin string, key *store.SDKKey, bound bool) error {
	answer := make(http.Header)
	if writer, ok := ctx.Value(writerKey{}).(*deadlineWriter); ok {
		answer = writer.Header()
	}
	if bound {
		return cors.RestrictBound(answer, origin, key)
	}
	return cors.Restrict(answer, origin, key)
}

// withPages lets pages in. A preflight request says whether the page will send a key, but not which key. A page that
// sends none uses the keys of the listener.
func (h *Handler) withPages(next http.Handler) http.Handler {
	next = pages.Middleware(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions && len(h.BoundKeys) > 0 && !sendsKey(r) && !h.boundAllow(r) {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sendsKey tells whether the request after a preflight request will have a header with a key.
func sendsKey(preflight *http.Request) bool {
	for name := range strings.SplitSeq(preflight.Header.Get("Access-Control-Request-Headers"), ",") {
		switch http.CanonicalHeaderKey(strings.TrimSpace(name)) {
		case "Authorization", "X-Api-Key", selectorHeader:
			return true
		}
	}
	return false
}

// boundAllow tells whether one of the listener's keys belongs to an environment that names the origin.
func (h *Handler) boundAllow(r *http.Request) bool {
	for _, text := range h.BoundKeys {
		key, err := h.lookUp(r.Context(), text)
		if err == nil && cors.CheckBound(r.Header.Get("Origin"), &key) == nil {
			return true
		}
	}
	return false
}
