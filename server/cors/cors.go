// Package cors lets web pages of other origins use the routes that need an SDK key.
//
// Every origin is allowed unless the environment names some. The key decides who may ask: a page sends the key
// itself, and never by a cookie. A preflight request carries no key, so its environment is not known. If the
// environment names origins, the answer to the real request is refused to pages of other origins. Browsers keep such
// a refusal from the page. This does not stop other programs: they send no origin, or any.
//
// A listener may be bound to a key. Nobody sends that key. So it is used only for pages of the origins that its
// environment names.
package cors

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/store"
)

// askedHeaders is the header in which a browser names the headers that a page wants to send.
const askedHeaders = "Access-Control-Request-Headers"

// maxAskedHeaders bounds the length of that header.
const maxAskedHeaders = 4096

// preflightMaxAge is how many seconds a browser may remember the answer to a preflight request.
const preflightMaxAge = "7200"

// Access is what pages of other origins may send and read. It is safe for concurrent use. Allow allocates nothing
// unless a page asks for headers.
type Access struct {
	origin, methods, headers, expose, maxAge, vary []string
}

// NewAccess takes the methods and headers that pages may send, and the headers that they may read. Pages may also
// send the headers for tracing, and every other header that they ask for.
func NewAccess(methods, headers, expose []string) *Access {
	headers = append([]string{"traceparent", "tracestate", "baggage", "X-Request-Id", "Flagd-Selector"}, headers...)
	return &Access{
		origin: []string{"*"}, maxAge: []string{preflightMaxAge}, vary: []string{askedHeaders},
		methods: joined(methods), headers: joined(headers), expose: joined(expose),
	}
}

func joined(names []string) []string { return []string{strings.Join(names, ", ")} }

// Allow lets pages of every origin read the answer. It answers preflight requests itself, and then returns true.
func (a *Access) Allow(w http.ResponseWriter, r *http.Request) (answered bool) {
	header := w.Header()
	header["Access-Control-Allow-Origin"] = a.origin
	header["Access-Control-Expose-Headers"] = a.expose
	if r.Method != http.MethodOptions {
		return false
	}
	header["Access-Control-Allow-Methods"] = a.methods
	header["Access-Control-Allow-Headers"] = a.allowed(r.Header.Get(askedHeaders))
	header["Vary"] = a.vary
	header["Access-Control-Max-Age"] = a.maxAge
	w.WriteHeader(http.StatusNoContent)
	return true
}

// allowed names the headers that a page may send. It includes the headers that the page asks for. This is safe,
// because no header gives access to more than the key does. Applications have headers of their own, above all for
// tracing.
func (a *Access) allowed(asked string) []string {
	if asked == "" || len(asked) > maxAskedHeaders {
		return a.headers
	}
	return []string{a.headers[0] + ", " + asked}
}

// Middleware calls Allow before next.
func (a *Access) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !a.Allow(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// OriginError is the origin of a page that the environment of the key does not allow.
type OriginError struct{ Origin string }

// Error says what to do.
func (e *OriginError) Error() string {
	return "the environment of this SDK key does not allow pages of " + e.Origin + "; add it to the origins of the environment"
}

// Check returns an OriginError if the environment of the key names origins and origin is not one of them. An empty
// origin is allowed.
func Check(origin string, key *store.SDKKey) error {
	if origin == "" || len(key.AllowedOrigins) == 0 || slices.Contains(key.AllowedOrigins, origin) {
		return nil
	}
	return &OriginError{Origin: origin}
}

// CheckBound is Check for a key that the listener is bound to. A page does not send such a key, so an origin is
// allowed only if the environment names it.
func CheckBound(origin string, key *store.SDKKey) error {
	if origin == "" || slices.Contains(key.AllowedOrigins, origin) {
		return nil
	}
	return &OriginError{Origin: origin}
}

// Restrict runs Check on a request, after Allow. The answer is then readable for the page's origin alone, or for
// none.
func Restrict(answer http.Header, origin string, key *store.SDKKey) error {
	if len(key.AllowedOrigins) == 0 {
		return nil
	}
	return answerTo(answer, origin, Check(origin, key))
}

// RestrictBound is Restrict for a key that the listener is bound to.
func RestrictBound(answer http.Header, origin string, key *store.SDKKey) error {
	return answerTo(answer, origin, CheckBound(origin, key))
}

// answerTo names the origin in the answer if wrong is nil.
func answerTo(answer http.Header, origin string, wrong error) error {
	answer.Set("Vary", "Origin")
	switch {
	case wrong != nil:
		answer.Del("Access-Control-Allow-Origin")
	case origin != "":
		answer.Set("Access-Control-Allow-Origin", origin)
	}
	return wrong
}
