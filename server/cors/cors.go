// Package cors lets web pages of other origins use what an SDK key opens.
//
// Every origin is allowed unless the environment names some: who may ask is decided by the key, which a page sends
// itself, and never by a cookie. Preflight requests carry no key, so that the environment is not known: where it
// names origins, the answer itself is refused to others. Browsers keep such a refusal from the page; whoever is no
// browser sends no origin, or any, and is not held off by this.
//
// A key that a listener is bound to is sent by nobody, so it lets in pages of those origins alone that its
// environment names.
package cors

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/store"
)

// askedHeaders is the header by which a browser asks for the headers of a page.
const askedHeaders = "Access-Control-Request-Headers"

// maxAskedHeaders bounds the text of the headers that a page asks for.
const maxAskedHeaders = 4096

// preflightMaxAge is how many seconds a browser may remember what is allowed.
const preflightMaxAge = "7200"

// Access is what pages of other origins may send and read. It may be used concurrently, and allows without allocating.
type Access struct {
	origin, methods, headers, expose, maxAge, vary []string
}

// NewAccess names the methods and headers that pages may send, besides those of tracing and whatever else a page asks
// for, and the headers that they may read.
func NewAccess(methods, headers, expose []string) *Access {
	headers = append([]string{"traceparent", "tracestate", "baggage", "X-Request-Id", "Flagd-Selector"}, headers...)
	return &Access{
		origin: []string{"*"}, maxAge: []string{preflightMaxAge}, vary: []string{askedHeaders},
		methods: joined(methods), headers: joined(headers), expose: joined(expose),
	}
}

func joined(names []string) []string { return []string{strings.Join(names, ", ")} }

// Allow lets pages of every origin read the answer. A preflight request it answers itself: then answered is true.
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

// allowed names the headers that a page may send. Those that it asks for are among them: no header opens what the key
// does not, and applications have headers of their own, for tracing above all.
func (a *Access) allowed(asked string) []string {
	if asked == "" || len(asked) > maxAskedHeaders {
		return a.headers
	}
	return []string{a.headers[0] + ", " + asked}
}

// Middleware is Allow before next.
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

// Check gives an OriginError for an origin other than those that the environment of the key names, if it names any. No
// origin, "", is fine.
func Check(origin string, key *store.SDKKey) error {
	if origin == "" || len(key.AllowedOrigins) == 0 || slices.Contains(key.AllowedOrigins, origin) {
		return nil
	}
	return &OriginError{Origin: origin}
}

// CheckBound is Check for a key that the listener is bound to. A page does not send it, so only an origin that the
// environment names is allowed.
func CheckBound(origin string, key *store.SDKKey) error {
	if origin == "" || slices.Contains(key.AllowedOrigins, origin) {
		return nil
	}
	return &OriginError{Origin: origin}
}

// Restrict is Check of a request, after Allow: the answer is for the page's origin alone, or for none.
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

// answerTo names the origin in the answer if nothing was wrong with it.
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
